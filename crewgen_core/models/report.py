"""Report: what validation found."""

from typing import Literal

from pydantic import Field

from crewgen_core.models.change import Change
from crewgen_core.models.value import Value

FindingSeverity = Literal["error", "warning", "advice"]


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
    """One sentence: whether the crew can run and what matters most."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the crew from running."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def valid(self) -> bool:
        """True when nothing keeps the crew from running."""
        return not self.errors
