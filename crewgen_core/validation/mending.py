"""Applies the fixes that findings offer, one at a time."""

from collections.abc import Iterable, Sequence

from crewgen_core.errors import ChangeDoesNotFit
from crewgen_core.models.change import Change, apply_change
from crewgen_core.models.crew import Crew
from crewgen_core.models.report import Finding


def apply_next_fix(states: Sequence[Crew], findings: Iterable[Finding]) -> tuple[Crew, Finding, Change] | None:
    """Apply the first fix that fits the last state of a crew and leads to none it was in before.

    Return the crew after it, the finding and its fix; None when there is no such fix.
    """
    for finding in findings:
        if finding.fix is None:
            continue
        try:
            mended = apply_change(states[-1], finding.fix)
        except ChangeDoesNotFit:
            continue
        if mended not in states:
            return mended, finding, finding.fix
    return None
