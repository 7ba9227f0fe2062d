"""A crew that was checked: what was found, the fixes applied since, and the ways on."""

from dataclasses import dataclass, replace

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.models.change import Change, apply_change
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from pages.shared.crew_input import GivenCrew
from pages.shared.objective_text import read_objective

_KEY = "checked_crew"


@dataclass(frozen=True)
class CheckedCrew:
    """A crew with its report and estimate, and how it came to be what it is."""

    given: GivenCrew
    """What was checked, to see whether the inputs have been changed since."""
    crew: Crew
    objective: Objective | None
    report: Report
    estimate: Estimate
    notes: tuple[str, ...]
    """What the import left out or assumed, and what the check could not use, in plain sentences."""
    changes: tuple[Change, ...] = ()
    """The fixes applied so far, in their order."""
    before: "CheckedCrew | None" = None
    """The state before the last step; None for the crew as it was read."""


def check(crewgen: Crewgen, given: GivenCrew) -> CheckedCrew:
    """Read, check and price a crew. Raises UnreadableCrew."""
    imported = crewgen.read_crew(given.usable_files())
    objective, notes = _find_objective(crewgen, given.objective, imported.crew.objective)
    report, estimate = crewgen.review(imported.crew, objective)
    return CheckedCrew(given, imported.crew, objective, report, estimate, (*imported.notes, *notes))


def apply_fix(crewgen: Crewgen, checked: CheckedCrew, fix: Change) -> CheckedCrew:
    """Return the crew with one fix applied, checked again. Raises ChangeDoesNotFit."""
    return _advance(crewgen, checked, apply_change(checked.crew, fix), (fix,))


def apply_all_fixes(crewgen: Crewgen, checked: CheckedCrew) -> CheckedCrew:
    """Return the crew with every fix applied, one after the other, checked again."""
    return _advance(crewgen, checked, *crewgen.mend(checked.crew, checked.objective))


def keep(checked: CheckedCrew | None) -> None:
    """Keep what was checked for the reruns of this session; None forgets it."""
    st.session_state[_KEY] = checked


def kept() -> CheckedCrew | None:
    """Return what was checked last in this session."""
    return st.session_state.get(_KEY)


def _advance(crewgen: Crewgen, checked: CheckedCrew, crew: Crew, changes: tuple[Change, ...]) -> CheckedCrew:
    report, estimate = crewgen.review(crew, checked.objective)
    return replace(
        checked,
        crew=crew,
        report=report,
        estimate=estimate,
        changes=(*checked.changes, *changes),
        before=checked,
    )


def _find_objective(crewgen: Crewgen, typed: str, written: str) -> tuple[Objective | None, tuple[str, ...]]:
    """Return the objective that was typed, else the one in the file, where it can be used; and a sentence about it."""
    text = typed.strip() or written.strip()
    if not text:
        return None, ("Without an objective, only the crew itself was checked.",)
    try:
        objective = read_objective(text)
        crewgen.analyze(objective)
    except CrewgenError as problem:
        return None, (f"The objective was not used: {problem}",)
    return objective, () if typed.strip() else ("It was checked against the objective in the file.",)
