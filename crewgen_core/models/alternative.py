"""Alternative: one of the crews for the same objective that a person may choose from, with its place and reasons."""

from typing import Literal

from pydantic import Field

from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import Report
from crewgen_core.models.value import Value

AlternativeKind = Literal["lean", "balanced", "thorough", "given"]
"""How much the built-in engine put into it; "given" is a crew that it did not make: a model's, or an edited one."""


class Alternative(Value):
    """One crew of a comparison."""

    kind: AlternativeKind
    made_by: str
    """Who made it, as people read it: "Built-in", a model's name, with what happened since."""
    shown: bool
    """True for the crew that the others are compared with because a person is looking at it."""
    rank: int = Field(ge=1)
    """1 for the best bet; the reasons say why."""
    crew: Crew
    report: Report
    estimate: Estimate
    reasons: tuple[str, ...]
    """Two to five plain sentences: why it stands where it stands, which limits it breaks, what it costs and gives, does
    more and leaves out."""
    only_here: tuple[str, ...]
    """Keys of its tasks that no other crew of the comparison has the like of."""

    @property
    def title(self) -> str:
        """What people call it: "Lean crew"."""
        return f"{self.kind.capitalize()} crew" if self.kind != "given" else "Crew shown"

    @property
    def note(self) -> str:
        """What the list of versions says when it is taken."""
        return f"Took the {self.kind} alternative"


class Comparison(Value):
    """Up to three clearly different crews for one objective, the best bet first."""

    alternatives: tuple[Alternative, ...]
    remarks: tuple[str, ...]
    """Why there are not three, and what the figures do not tell, in plain sentences."""
