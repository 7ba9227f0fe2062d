"""Stored: crews, versions and requests as they come out of the database."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field, JsonValue

from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Design, Provenance
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Goal, Limits, Optimization
from crewgen_core.models.ownership import Owned
from crewgen_core.models.report import Report
from crewgen_core.models.value import Usd, Value

RequestState = Literal["pending", "generating", "completed", "failed"]
MOST_COUNTED = 1_000
"""Crews found by a search that are counted; beyond, there are "more than 1,000"."""

RequirementType = Literal["skill", "tool", "deliverable", "constraint"]


class VersionFigures(Value):
    """What lists show of a version without reading all of it."""

    agent_count: int = Field(ge=0)
    task_count: int = Field(ge=0)
    error_count: int = Field(ge=0)
    """Findings that keep the crew from running."""
    score: float = Field(ge=0, le=10)
    success: float = Field(ge=0, le=1)
    """Median of the estimated chance of success."""
    cost_usd: Usd | None
    """Median of the estimated cost of one run in USD; None when a price is not known."""
    duration_s: float = Field(ge=0)
    """Median of the estimated duration of one run, in seconds."""


class VersionRow(Value):
    """One version of a crew in a list."""

    crew_id: int
    number: int = Field(ge=1)
    parent_number: int | None
    """The version it was made from; None for the first."""
    note: str
    """Why it was made ("Generated", "Applied: Add a verification task")."""
    created_at: datetime
    figures: VersionFigures
    provenance: Provenance | None = None
    """Who refined it by words, with what effort; None for every other version."""
    made_by_name: str = ""
    """Who saved it; empty without login, and for what crewgen itself made."""


class CrewRow(Owned):
    """One crew in a list, as its newest version has it."""

    id: int
    name: str
    objective: str
    number: int = Field(ge=1)
    """Its newest version."""
    created_at: datetime
    updated_at: datetime
    figures: VersionFigures


class StoredCrew(Owned):
    """One version of a crew with everything that belongs to it."""

    crew_id: int
    number: int = Field(ge=1)
    newest: int = Field(ge=1)
    """The newest version of the same crew; equal to ``number`` when this is it."""
    parent_number: int | None
    note: str
    crew: Crew
    report: Report
    estimate: Estimate
    objective: Objective | None
    """What the crew is for, with the limits of this version; None for an imported crew that came without one."""
    request_id: int | None
    """The request that generated the crew; None for an imported one."""
    created_at: datetime
    provenance: Provenance | None = None
    """Who refined it by words, with what effort; None for every other version."""
    made_by_name: str = ""
    """Who saved it; empty without login, and for what crewgen itself made."""


class RequestRow(Owned):
    """One request for a generation, with its state."""

    id: int
    objective: Objective
    state: RequestState
    engine: str
    """Who was asked, later who made the crew, as people read it: "Built-in" or the model's name."""
    model: str | None
    """LiteLLM name of the model that was asked; None for the built-in engine."""
    crew_id: int | None
    """The crew that came of it; None until it is completed."""
    failure_reason: str
    """Why it failed, in a plain sentence; empty otherwise."""
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    """When it ended, well or not."""
    generation_time_s: float | None
    """From objective to estimate, in seconds; None until it is completed."""


class RequirementRow(Value):
    """One thing that an objective asks for."""

    requirement_type: RequirementType
    name: str
    value: str
    """How much or what kind of it ("two pages", "5"); empty when there is nothing to add."""
    priority: int = Field(ge=1, le=5)
    """5 for what is named outright, 1 for what would be nice."""
    satisfied: bool | None
    """Whether the crew covers it; None when a crew alone does not tell."""
    metadata: dict[str, JsonValue]
    """Where it comes from: the catalog key, the words of the objective."""


class MetricRow(Value):
    """One figure about a generation."""

    name: str
    value: float
    unit: str
    """"seconds", "count", "ratio" (0 to 1), "micro_usd" (whole millionths of a US dollar), "score" (0 to 10)."""
    category: str
    """"generation" (what making the crew took) or "crew" (what the crew is and will do)."""
    metadata: dict[str, JsonValue]
    """The interval of an estimate (p10, p90); empty otherwise."""


class StoredRequest(RequestRow):
    """A request with everything that came of it."""

    design: Design | None
    """None until it is completed."""
    requirements: tuple[RequirementRow, ...]
    metrics: tuple[MetricRow, ...]


class StoredDesign(Value):
    """Where a design is stored."""

    request_id: int
    crew_id: int


class Counts(Value):
    """How much there is, for a first look."""

    crews: int = Field(ge=0)
    versions: int = Field(ge=0)
    requests: dict[RequestState, int]
    """Number of requests in each state; every state is there."""
    generation_usd: Decimal = Field(ge=0)
    """What all generations cost together, in USD: the sum of those whose cost is known."""
    unknown_costs: int = Field(default=0, ge=0)
    """Number of completed generations whose cost is not known, because the price of their model is not."""


class OptimizationRow(Value):
    """One optimization of a stored crew in a list."""

    id: int
    crew_id: int
    number: int = Field(ge=1)
    """The version that was optimized."""
    goal: Goal
    limits: Limits
    """The limits that were kept."""
    success_before: float
    success_after: float
    cost_before_usd: Usd | None
    cost_after_usd: Usd | None
    duration_before_s: float
    duration_after_s: float
    change_count: int = Field(ge=0)
    optimal: bool
    gap: float
    applied: tuple[int, ...]
    """Positions of the changes that are applied, from 0."""
    applied_number: int | None
    """The version that came of it; None when nothing was ever applied."""
    created_at: datetime
    applied_at: datetime | None


class StoredOptimization(Value):
    """One optimization with everything about it, but for the crews of its variants."""

    row: OptimizationRow
    result: Optimization
