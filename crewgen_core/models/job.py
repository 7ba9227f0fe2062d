"""Job, Item: bulk work and one of its rows, as they stand in the database."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from pydantic import Field, JsonValue

from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Design
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.optimization import Goal, Limits
from crewgen_core.models.ownership import Owned
from crewgen_core.models.report import Report
from crewgen_core.models.stored import StoredDesign
from crewgen_core.models.value import Usd, Value

JobKind = Literal["generate", "validate", "optimize"]
"""What is done with each row: a crew is generated from an objective, or a stored crew is checked or optimized."""

JobState = Literal["running", "paused", "cancelled", "completed"]
ItemState = Literal["pending", "completed", "failed", "cancelled"]
Priority = Literal["high", "normal", "low"]

PRIORITIES: tuple[Priority, ...] = get_args(Priority)
OPEN_STATES: tuple[JobState, ...] = ("running", "paused")


class JobSettings(Value):
    """How the rows of a job are worked on."""

    fall_back: bool = False
    """Take the built-in crew where the model fails for good; otherwise such a row fails and can be tried again."""
    goal: Goal | None = None
    """What an optimizing job optimizes for; None for every other job."""
    limits: Limits = Limits()
    """Limits that an optimizing job keeps, beside those that each objective states."""
    apply: bool = False
    """Store the mended or optimized crew as a new version of its crew; otherwise only say what would change."""
    fingerprint: str = Field(default="", max_length=64)
    """Tells the file with its settings from all others, for who wants to find the job again; empty otherwise."""


class NewJob(Value):
    """A job that is asked for."""

    name: str = Field(min_length=1, max_length=300)
    kind: JobKind = "generate"
    file_name: str = Field(default="", max_length=300)
    """The uploaded file; empty for a job on stored crews."""
    priority: Priority = "normal"
    model: str | None = None
    """LiteLLM name of the model that rows without one of their own are generated with; None for Built-in."""
    budget_usd: Usd | None = None
    """Most that the job may spend on models, in USD; None is no limit."""
    settings: JobSettings = JobSettings()
    source_job_id: int | None = None
    """The job whose crews this one checks or optimizes."""


class NewItem(NamedTuple):
    """A row of a job that is asked for; plain, since there may be a hundred thousand."""

    line: int
    """Row in the file, as a spreadsheet counts it; 0 for stored crews."""
    text: str
    """The objective."""
    name: str = ""
    requirements: Mapping[str, JsonValue] = {}
    """The limits of the objective, as ``Objective`` takes them."""
    model: str = ""
    """LiteLLM name; empty for Built-in."""
    priority: Priority = "normal"
    tags: str = ""
    extra: Mapping[str, str] = {}
    """Columns of the file that crewgen does not know, kept for the download."""
    crew_id: int | None = None
    """The stored crew that is checked or optimized; None where one is generated."""


class Job(Owned, NewJob):
    """A job with where it stands."""

    id: int
    state: JobState
    state_reason: str = ""
    """Why it is paused or cancelled, in a sentence; empty when a person wanted it."""
    resumes_at: datetime | None = None
    """When it goes on by itself, where it is paused because a limit of the day is used up; None otherwise."""
    total: int = Field(ge=0)
    completed: int = Field(ge=0)
    failed: int = Field(ge=0)
    cancelled: int = Field(ge=0)
    spent_usd: Decimal = Field(default=Decimal(0), ge=0)
    """What its model calls cost so far, in USD."""
    created_at: datetime
    started_at: datetime | None = None
    """When work on the first row began."""
    finished_at: datetime | None = None

    @property
    def pending(self) -> int:
        """Rows that are still to be worked on, those in hand among them."""
        return self.total - self.completed - self.failed - self.cancelled

    @property
    def share_done(self) -> float:
        """How much is done, from 0 to 1."""
        return 1.0 if not self.total else 1 - self.pending / self.total


class Figures(Value):
    """What a table of results shows of a crew."""

    success: float = Field(ge=0, le=1)
    """Median of the estimated chance of success; ``success_p10`` and ``success_p90`` are its interval."""
    success_p10: float
    success_p90: float
    cost_usd: Usd | None
    """Median cost of one run in USD; None when a price is not known."""
    duration_s: float
    """Median duration of one run, in seconds."""
    agents: int
    tasks: int
    errors: int
    warnings: int
    score: float
    """0 to 10."""

    @classmethod
    def of(cls, report: Report, estimate: Estimate, crew: Crew) -> "Figures":
        """Return the figures of a crew that is checked and priced."""
        return cls(
            success=estimate.success.p50,
            success_p10=estimate.success.p10,
            success_p90=estimate.success.p90,
            cost_usd=estimate.cost_usd.p50 if estimate.cost_usd else None,
            duration_s=estimate.duration_s.p50,
            agents=len(crew.agents),
            tasks=len(crew.tasks),
            errors=report.count("error"),
            warnings=report.count("warning"),
            score=report.score,
        )


class ItemResult(Value):
    """What came of a row."""

    failure_reason: str = ""
    """Why it failed, in a sentence; empty otherwise."""
    notice: str = ""
    """What a person should know of a completed row: a model failed and Built-in made the crew, what would change."""
    crew_id: int | None = None
    crew_name: str = ""
    version_number: int | None = None
    """The version that was generated, checked or made."""
    request_id: int | None = None
    engine: str = ""
    """Who made the crew, as people read it; empty until it is there."""
    domain: str = ""
    """Name of the detected or chosen domain."""
    figures: Figures | None = None
    before: Figures | None = None
    """What the crew was before it was optimized; None for every other job."""
    spent_usd: Decimal = Decimal(0)
    """What the row's model calls cost, in USD."""
    seconds: float | None = None
    """What working on it took, in seconds; None until it is finished."""


class Item(ItemResult):
    """One row of a job, with what came of it."""

    id: int
    job_id: int
    position: int = Field(ge=1)
    """Its place among the rows of the job."""
    line: int
    state: ItemState
    name: str
    objective: str
    requirements: Mapping[str, JsonValue]
    model: str
    priority: Priority
    tags: str
    extra: Mapping[str, str]
    attempts: int = Field(ge=0)
    """How often work on it began."""
    finished_at: datetime | None = None
    """When it was completed or failed; None before, and where it was cancelled."""


class FinishedItem(ItemResult):
    """What came of a row, to be stored."""

    id: int
    state: Literal["completed", "failed"] = "completed"

    @classmethod
    def of(cls, item_id: int, design: Design, place: StoredDesign) -> "FinishedItem":
        """Return a row whose crew was designed, and stored at this place."""
        made = design.provenance
        return cls(
            id=item_id,
            notice=f"Made by Built-in: {made.fallback_reason}" if made.fallback_reason else "",
            crew_id=place.crew_id,
            crew_name=design.crew.name,
            version_number=1,
            request_id=place.request_id,
            engine=made.label,
            domain=design.analysis.domain_name,
            figures=Figures.of(design.report, design.estimate, design.crew),
            spent_usd=made.cost_usd or Decimal(0),
            seconds=made.seconds,
        )


ItemOrder = Literal[
    "position", "name", "success", "cost", "duration", "agents", "tasks", "warnings", "score", "finished"
]


class ItemQuery(Value):
    """Which rows of a job, in which order."""

    states: tuple[ItemState, ...] = ()
    """Only these; empty is all."""
    search: str = ""
    """In name, objective, tags or failure reason, in capitals or not."""
    domain: str = ""
    min_success: float | None = None
    max_cost_usd: Decimal | None = None
    with_warnings: bool = False
    """Only crews with errors or warnings."""
    ids: tuple[int, ...] = ()
    """Only these items; empty is all."""
    order: ItemOrder = "position"
    descending: bool = False


class ItemPage(Value):
    """Some rows of a longer list."""

    items: tuple[Item, ...]
    total: int
    """Rows that the query finds altogether."""


class FailureCount(Value):
    """How many rows failed for one reason."""

    reason: str
    count: int


class Progress(Value):
    """How far a job is."""

    job: Job
    rate: float | None = None
    """Rows a second, over the rows that were finished last; None until it can be told."""
    seconds_left: float | None = None
    """None until the rate is known, and when nothing is being worked on."""
    workers: int = 0
    """Worker processes that are alive, on all machines."""
    recent: tuple[Item, ...] = ()
    """Rows finished last, the newest first; none once the job has ended, as its results tell more."""
    failures: tuple[FailureCount, ...] = ()
    """Reasons of failed rows, the most frequent first."""


class Forecast(Value):
    """What a job will cost and take, before it starts."""

    rows: int
    model_rows: int
    """Rows that a model is asked for."""
    cost_usd: Usd | None
    """Typical cost of generating, in USD; 0 without a model, None when a price is not known."""
    cost_low_usd: Usd | None = None
    cost_high_usd: Usd | None = None
    seconds: float
    """Typical duration of the job, from the start of work to the last row."""
    seconds_low: float
    seconds_high: float
    basis: tuple[str, ...] = ()
    """Where the figures come from, in sentences."""
