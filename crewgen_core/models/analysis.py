"""Analysis: what was understood of an objective, with the words that say so."""

from typing import Literal

from pydantic import Field

from crewgen_core.models.objective import Objective
from crewgen_core.models.value import Usd, Value

Severity = Literal["low", "medium", "high"]


class Workstream(Value):
    """One thing to do that the objective names: a clause with its action and what the action is about."""

    text: str
    """The clause, in the objective's own words."""
    action: str
    """The verb in its base form ("analyze"), empty when the clause names a thing only."""
    focus: str
    """What the action is about ("why churn rose in Q3"), in the objective's own words."""
    skills: tuple[str, ...] = ()
    """Catalog keys of the skills that this clause calls for, the strongest first."""


class RequiredSkill(Value):
    """A skill that the objective calls for."""

    key: str
    name: str
    weight: float = Field(ge=0, le=1)
    """How strongly it is called for: 1 for a named deliverable, less for what is implied."""
    evidence: tuple[str, ...] = ()
    """The words of the objective that call for it; empty when another skill or a risk implies it."""


class Deliverable(Value):
    """A thing that must exist in the end."""

    artefact: str
    """Catalog key of the artefact ("brief"); empty for a thing that the catalog does not know."""
    name: str
    """What the objective calls it ("two-page brief")."""
    quantity: int = Field(default=1, ge=1, le=10_000)
    length: str = ""
    """A limit or size in the objective's words ("two pages", "3,000 words")."""
    file_format: str = ""
    """A file format that was asked for ("Markdown", "PDF")."""


class Risk(Value):
    """Something about the objective that asks for care."""

    key: str
    name: str
    severity: Severity
    evidence: tuple[str, ...]
    care: str
    """What the crew does about it, in one sentence."""


class StatedConstraints(Value):
    """Limits found in the text or set beside it; a limit set beside the text wins."""

    budget_usd: Usd | None = None
    deadline_minutes: float | None = None
    """Longest run time asked for, in minutes ("in under ten minutes")."""
    due: str = ""
    """A calendar wish in the objective's words ("by Friday"); it does not limit the run."""
    speed: str = ""
    """The words that ask for a quick run ("as soon as possible"); then time counts more than some success."""
    max_agents: int | None = None
    audience: str = ""
    language: str = ""
    """Language of the deliverable when one is named ("Spanish"), else empty."""
    tone: str = ""
    inputs: tuple[str, ...] = ()
    """What the person says is there to work from ("our subscription exports")."""
    exclusions: tuple[str, ...] = ()
    """What must not be done or used, in the objective's words."""
    demands: tuple[str, ...] = ()
    """What the result must be like, in the objective's words ("sources must be cited")."""


class Analysis(Value):
    """What was understood of an objective; the ground for composing, validating and estimating a crew."""

    objective: Objective
    domain: str
    """Catalog key of the domain; "general" when nothing points to one."""
    domain_name: str
    subject: str
    """What the whole objective is about, in a few of its own words."""
    complexity: int = Field(ge=1, le=10)
    complexity_reasons: tuple[str, ...]
    workstreams: tuple[Workstream, ...]
    skills: tuple[RequiredSkill, ...]
    tools: tuple[str, ...]
    """Catalog keys of the tools that the objective needs or names."""
    deliverables: tuple[Deliverable, ...]
    constraints: StatedConstraints
    risks: tuple[Risk, ...]
    human_minutes: float = Field(ge=0)
    """Minutes a capable person would need: the sum over the expected steps [assumption, times or divided by two]."""
    written_in: str = "English"
    """English name of the language that the objective is written in, as far as it can be told."""
    warnings: tuple[str, ...] = ()
    """What is unclear or contradictory in the objective, in plain sentences."""
