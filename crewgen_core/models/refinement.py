"""Refinement: what came of asking for a change of a crew in words."""

from crewgen_core.models.change import Change, Effect
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Provenance
from crewgen_core.models.difference import Difference
from crewgen_core.models.objective import Objective
from crewgen_core.models.value import Value

LONGEST_WISH = 2_000
"""Characters of a wish that are read; a longer text is no wish for one change any more."""


class NotUnderstood(Value):
    """A part of a wish that nobody understood."""

    words: str
    """The part as it was typed."""
    why: str
    """What is missing, and what can be asked for, in plain sentences."""


class Refinement(Value):
    """A crew after a wish, with what was done, what was not, and what it means for a run."""

    wish: str
    """The wish as it was typed."""
    crew: Crew
    """The crew afterwards: the one before where nothing was done."""
    objective: Objective | None
    """The objective afterwards: a wish may set a limit ("no web access"); None where the crew has none."""
    changes: tuple[Change, ...] = ()
    """One for each wish that was done; applied to the crew before in this order, they give the crew."""
    differences: tuple[Difference, ...] = ()
    done: tuple[str, ...] = ()
    """What was done, in plain sentences."""
    remarks: tuple[str, ...] = ()
    """What to know about what was done, and what was understood and not done, with the reason."""
    not_understood: tuple[NotUnderstood, ...] = ()
    before: Effect
    """The figures of a run before."""
    after: Effect
    """The figures of a run afterwards."""
    provenance: Provenance
    """Who did it, with what effort."""

    @property
    def changed(self) -> bool:
        """True when there is something to save: another crew, or other limits."""
        return bool(self.changes)
