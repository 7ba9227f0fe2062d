"""Run: one execution of a crew on CrewAI, with everything that is known of it while it goes on and afterwards."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from crewgen_core.models.ownership import Owned
from crewgen_core.models.value import Usd, Value

RunState = Literal["starting", "running", "waiting", "completed", "failed", "stopped"]
"""``waiting``: for a person's answer. ``completed``: every task has a result; whether it is good is its outcome's
matter. ``stopped``: by a person or by a limit."""

OPEN_RUN_STATES: tuple[RunState, ...] = ("starting", "running", "waiting")

TaskRunState = Literal["pending", "running", "waiting", "completed", "failed"]

EventKind = Literal["run", "task", "agent", "tool", "model", "question", "problem"]

Judge = Literal["person", "checks", "model"]
"""Who says whether a run succeeded: a person, checks of the results against what was expected, or a model."""


class RunSettings(Value):
    """How a crew is to be run."""

    model: str = ""
    """LiteLLM name of the model of agents without one of their own; empty takes the configured one."""
    dry: bool = False
    """True runs against a stand-in that answers at once, costs nothing and reaches no network: does it go through?"""
    budget_usd: Usd | None = None
    """No model call begins that would pass this; None is no limit."""
    deadline_minutes: float | None = Field(default=None, gt=0, le=10_080)
    """Longest that the run may take, a person's answers not counted; None is no limit."""
    leave_out_tools: bool = False
    """True runs without the tools whose keys or packages are missing, instead of refusing to start."""
    inputs: dict[str, str] = Field(default_factory=dict)
    """Values of the placeholders in the crew's texts."""
    judge: Judge = "person"
    judge_model: str = ""
    """LiteLLM name of the model that judges, where one does."""


class Usage(Value):
    """What model calls took."""

    calls: int = Field(default=0, ge=0)
    tokens_in: int = Field(default=0, ge=0)
    tokens_cached: int = Field(default=0, ge=0)
    """Part of ``tokens_in`` that the provider took from its cache."""
    tokens_out: int = Field(default=0, ge=0)
    cost_usd: Usd | None = Decimal(0)
    """None when the price of a model is not known."""

    @property
    def tokens(self) -> int:
        """All tokens, in and out."""
        return self.tokens_in + self.tokens_out


def add_usage(parts: Sequence[Usage]) -> Usage:
    """Return the sum; its cost is not known where that of one part is not."""
    costs = [part.cost_usd for part in parts]
    return Usage(
        calls=sum(part.calls for part in parts),
        tokens_in=sum(part.tokens_in for part in parts),
        tokens_cached=sum(part.tokens_cached for part in parts),
        tokens_out=sum(part.tokens_out for part in parts),
        cost_usd=None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0)),
    )


class Prediction(Value):
    """What was estimated before a run: typical values (P50), not corrected by own outcomes."""

    success: float = Field(ge=0, le=1)
    cost_usd: Usd | None
    """None when the price of a model is not known."""
    duration_s: float = Field(ge=0)
    tokens: float = Field(ge=0)


class Run(Owned):
    """One run; its owner is who started it."""

    id: int
    crew_id: int
    number: int
    """The version of the crew that runs."""
    crew_name: str
    settings: RunSettings
    model: str
    """LiteLLM name of the model of agents without one of their own."""
    state: RunState
    reason: str = ""
    """Why it failed or was stopped, in plain sentences; empty otherwise."""
    notes: tuple[str, ...] = ()
    """What people should know about it: tools that were left out, that it was a dry run."""
    template: str | None = None
    """Key of the template that the crew was made from."""
    template_number: int | None = None
    predicted: Prediction
    usage: Usage
    task_count: int = Field(ge=0)
    tasks_done: int = Field(ge=0)
    previous_run_id: int | None = None
    """The run that this one repeats or goes on from."""
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    waited_s: float = Field(default=0, ge=0)
    """Seconds that it waited for people."""
    outcome_id: int | None = None
    """What came of it; None until somebody judged it."""

    @property
    def open(self) -> bool:
        """True until it has ended."""
        return self.state in OPEN_RUN_STATES

    @property
    def duration_s(self) -> float | None:
        """Seconds from start to end without those that it waited for people; None until it has ended."""
        if self.started_at is None or self.finished_at is None:
            return None
        return max(0.0, (self.finished_at - self.started_at).total_seconds() - self.waited_s)


class TaskRun(Value):
    """One task of a run."""

    position: int = Field(ge=0)
    key: str
    name: str
    agent: str | None
    """Key of the agent it is assigned to."""
    state: TaskRunState = "pending"
    output: str = ""
    """Its result as CrewAI has it; empty until it has one."""
    usage: Usage = Usage()
    started_at: datetime | None = None
    finished_at: datetime | None = None
    seconds: float | None = None
    """From start to end without waiting for people."""


class AgentRun(Value):
    """What one agent did in a run; the manager is one of them."""

    key: str
    role: str
    models: tuple[str, ...]
    usage: Usage


class RunEvent(Value):
    """One thing that happened, in words that people read."""

    number: int = Field(ge=1)
    at: datetime
    kind: EventKind
    task: str | None = None
    """Key of the task."""
    agent: str | None = None
    """Key of the agent."""
    text: str


class Question(Value):
    """What a task marked ``human_input`` waits for."""

    id: int
    run_id: int
    task: str
    """Key of the task."""
    draft: str
    """The result that a person is asked about."""
    asked_at: datetime
    answer: str | None = None
    """What the person wrote; empty accepts the draft, None: not answered yet."""
    answered_at: datetime | None = None


class RunProgress(Value):
    """A run as it stands."""

    run: Run
    tasks: tuple[TaskRun, ...]
    agents: tuple[AgentRun, ...]
    events: tuple[RunEvent, ...]
    """The newest, in their order; of all where ``after`` was 0."""
    question: Question | None = None
    """The one that is open."""


class ToolGap(Value):
    """A tool of a crew that cannot work here as things are."""

    tool: str
    """Its catalog key."""
    name: str
    missing: tuple[str, ...]
    """Environment variables or packages."""


class Preflight(Value):
    """What can be said before a run starts."""

    ready: bool
    problems: tuple[str, ...] = ()
    """Why it cannot start, in plain sentences, each with what to do."""
    gaps: tuple[ToolGap, ...] = ()
    """Tools that lack something; the run starts only without them."""
    missing_keys: tuple[str, ...] = ()
    """Environment variables with keys of model providers that are not set."""
    predicted: Prediction
