"""Explanation: why a part of a crew is there, what watches it, and what happens without it."""

from typing import Literal

from pydantic import Field

from crewgen_core.models.report import Finding, FindingSeverity
from crewgen_core.models.value import Quantiles, UsdQuantiles, Value

PartKind = Literal["agent", "task", "tool", "manager", "process"]

QuotedField = Literal["text", "context", "preferences"]
"""The field of the objective that words stand in."""

Stance = Literal["asks", "objects", "watches"]
"""What a rule has to do with a part: "asks" would find something new without it, "objects" has found something about it
now, "watches" keeps an eye on parts like it and has nothing to say."""


class Reason(Value):
    """A part of a crew and, in one sentence, why it is there."""

    path: str
    """What it is asked for by: "agents/KEY", "tasks/KEY", "tasks/KEY/tools/TOOL", "manager" or "process"."""
    kind: PartKind
    name: str
    """What people call it: a role, the name of a task or tool."""
    sentence: str


class Span(Value):
    """Where words stand in a text: from ``start`` up to before ``end``, counted in characters."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Quote(Value):
    """Words of the objective, and what they say about the part."""

    words: str
    """The words as they were typed; " … " stands for others in between."""
    field: QuotedField
    spans: tuple[Span, ...]
    """Where they stand in that field, in order."""
    says: str
    """What they say, to go on with after the words ("calls for churn analysis")."""
    asks: bool
    """True when they ask for the part, False when they only say something about how it is to be."""


class CoveredSkill(Value):
    """A skill that the part is there for."""

    name: str
    proficiency: int = Field(ge=0, le=10)
    """Of the agent, or of the agent that does the task; 0 when it does not have the skill."""
    required: bool
    """True when the objective calls for it."""
    tasks: tuple[str, ...]
    """Names of the tasks in question that ask for it."""
    others: tuple[str, ...]
    """Who else in the crew has it, with proficiency ("Analyst 7")."""


class RuleNote(Value):
    """A rule of validation that has to do with the part."""

    code: str
    severity: FindingSeverity
    title: str
    reason: str
    """Why the rule exists, with its source."""
    stance: Stance
    message: str = ""
    """What it finds now, or would find without the part; empty when it only watches."""


class ToolFacts(Value):
    """What there is to know about a tool before granting it."""

    purpose: str
    risk: Literal["low", "medium", "high"]
    risk_reason: str
    network: bool
    """True when it goes to the network."""
    environment: tuple[str, ...]
    """Environment variables that it needs."""
    missing: tuple[str, ...]
    """Those of them that are not set."""


class RunFigures(Value):
    """What one run will probably achieve, cost, take and use."""

    success: Quantiles
    """0 to 1."""
    cost_usd: UsdQuantiles | None
    """None when the price of a model is not known."""
    duration_s: Quantiles
    tokens: Quantiles


class Absence(Value):
    """What happens without the part, computed: the crew was changed, checked and priced again."""

    title: str
    """The change, to be read before "what happens" ("Without it, its task goes to “Executive Writer”")."""
    summary: str
    """The outcome in a sentence; figures stand in ``before`` and ``after``."""
    losses: tuple[str, ...]
    """What nobody can do or does any more, in sentences."""
    found: tuple[Finding, ...]
    """Findings that there would be then, and are not now."""
    gone: tuple[Finding, ...]
    """Findings that there are now, and would not be then."""
    before: RunFigures
    after: RunFigures
    caveats: tuple[str, ...]
    """What the figures rest on, and what they do not show, in sentences."""


class Explanation(Reason):
    """Everything that answers "why?" about one part of a crew."""

    told: str
    """What whoever made the crew wrote about it; empty when nothing."""
    objective: str
    """Text of the objective that was looked at; empty when there is none."""
    quotes: tuple[Quote, ...]
    unquoted: str
    """Why there are no words to quote; empty when there are some."""
    skills: tuple[CoveredSkill, ...]
    works_from: tuple[str, ...]
    """Names of the tasks whose results it works from."""
    taken_up_by: tuple[str, ...]
    """Names of the tasks that work from its result."""
    rules: tuple[RuleNote, ...]
    """Those that ask for it first, then those that object, then those that watch."""
    absence: Absence
    tool: ToolFacts | None = None
    """For tools that the catalog knows."""
