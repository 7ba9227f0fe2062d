"""Report: what validation found."""

from typing import Literal

from pydantic import Field

from crewgen_core.models.change import Change
from crewgen_core.models.value import Value

FindingSeverity = Literal["error", "warning", "advice"]

WORKING_PROFICIENCY = 5
"""From here on a skill does the work (``catalog.entries.Role.skills``: 5 does the work, 9 is known for it)."""


class Finding(Value):
    """One result of validation."""

    code: str = Field(pattern=r"^CG\d{3}$")
    """Stable code: 1xx structure, 2xx coverage, 3xx substance."""
    severity: FindingSeverity
    where: str
    """The part it is about: "crew", "manager", "agent:KEY" or "task:KEY"."""
    message: str
    """What is wrong and why it matters, in plain English."""
    fix: Change | None = None


class CoverageCell(Value):
    """How well one agent covers one skill."""

    skill: str
    agent: str
    """Key of the agent."""
    proficiency: int = Field(ge=0, le=10)
    """0 when the agent does not have it."""
    used: bool
    """True when a task of this agent asks for the skill."""


class Report(Value):
    """The findings about a crew, its coverage of skills, and a score."""

    findings: tuple[Finding, ...]
    coverage: tuple[CoverageCell, ...]
    score: float = Field(ge=0, le=10)
    verdict: str
    """A sentence or two: whether the crew can run and what matters most."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the crew from running."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def count(self, severity: FindingSeverity) -> int:
        """Return the number of findings of one severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def missing_skills(self) -> tuple[str, ...]:
        """The needed skills, by name, that no agent has well enough to do the work, in the order of their weight."""
        best = self._best_levels()
        return tuple(skill for skill, level in best.items() if level < WORKING_PROFICIENCY)

    @property
    def covered(self) -> float | None:
        """The share of the needed skills that some agent has well enough, 0 to 1; None when none is known."""
        needed = len(self._best_levels())
        return (needed - len(self.missing_skills)) / needed if needed else None

    def _best_levels(self) -> dict[str, int]:
        best: dict[str, int] = {}
        for cell in self.coverage:
            best[cell.skill] = max(best.get(cell.skill, 0), cell.proficiency)
        return best

    @property
    def valid(self) -> bool:
        """True when nothing keeps the crew from running."""
        return not self.errors
