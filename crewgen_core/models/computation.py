"""Computation: how an estimate came about, line by line, with the share of each part in the whole.

It is made on request, beside the estimate, and says the same figures.
"""

from typing import Literal

from pydantic import Field

from crewgen_core.models.estimate import BasisStatus
from crewgen_core.models.value import Quantiles, Value


class Line(Value):
    """One line of a worked computation, which can be redone with a calculator."""

    name: str
    """What comes out ("Load")."""
    formula: str
    """The formula with its numbers filled in ("60 min × 1 / 291 min"); empty where a number is only told."""
    result: str
    """What comes out of it, with its unit."""
    why: str = ""
    """What the numbers are, in their order."""

    def __str__(self) -> str:
        """Return "Load: 60 min × 1 / 291 min = 0.206"."""
        return f"{self.name}: {self.formula} = {self.result}" if self.formula else f"{self.name}: {self.result}"


class ModelComputation(Value):
    """What is known of a model, worked out."""

    model: str
    lines: tuple[Line, ...]


class TaskComputation(Value):
    """The typical figures of one task, worked out."""

    task: str
    """Its key."""
    name: str
    agent: str | None
    model: str
    success: tuple[Line, ...]
    tokens: tuple[Line, ...]
    cost: tuple[Line, ...]
    duration: tuple[Line, ...]


class Portion(Value):
    """What one task, or one agent with all of its tasks, has of the whole: typical figures, and shares from 0 to 1."""

    kind: Literal["task", "agent"]
    key: str
    name: str
    load: float = Field(ge=0)
    """What it adds to the load of the crew; 0 for a review and for a manager."""
    tokens: float = Field(ge=0)
    cost_usd: float | None
    """None when the price of a model is not known."""
    seconds: float = Field(ge=0)
    of_load: float
    of_tokens: float
    of_cost: float | None
    of_seconds: float
    """Share of the time that all tasks take one after the other."""


class Slot(Value):
    """When one task runs in a typical run; seconds since its start."""

    task: str
    ready_s: float
    start_s: float
    end_s: float
    after: str | None
    """Key of the task that it waited for; None for one that starts at once."""
    decides: bool
    """True when it is on the chain that decides how long the run takes."""
    critical: bool
    """True when it is on the critical path of the graph, which no order of tasks can undercut."""


class Outcome(Value):
    """The three headline figures of one case."""

    success: float = Field(ge=0, le=1)
    cost_usd: float | None
    duration_s: float = Field(ge=0)


class Swing(Value):
    """What the figures become when one input takes one end, or the other, of what it may well be."""

    name: str
    low_setting: str
    high_setting: str
    """What the input was set to, in words and numbers."""
    status: BasisStatus
    """Status of the input, of which ``source`` says where its uncertainty comes from."""
    source: str
    low: Outcome
    high: Outcome


class Lever(Value):
    """What one change to one task would do, the rest of the crew being the same."""

    task: str
    name: str
    """Name of the task."""
    change: str
    """What is done ("A person confirms it")."""
    possible: bool
    """False for a mere bound: nobody can make a task certain."""
    outcome: Outcome


class Sensitivity(Value):
    """What moves the figures most."""

    base: Outcome
    swings: tuple[Swing, ...]
    levers: tuple[Lever, ...]


class Histogram(Value):
    """How the simulated runs are spread over a figure."""

    unit: Literal["USD", "seconds"]
    edges: tuple[float, ...]
    """Ends of the bins, one more than there are bins."""
    counts: tuple[int, ...]
    """Runs in each bin."""
    above: int = Field(ge=0)
    """Runs beyond the last edge: a long tail is cut off, and said."""
    quantiles: Quantiles
    limit: float | None = None
    """Budget or deadline in the same unit, where one is set."""
    within: float | None = None
    """Share of the runs, 0 to 1, that keep the limit."""


class Computation(Value):
    """How an estimate was computed."""

    models: tuple[ModelComputation, ...]
    tasks: tuple[TaskComputation, ...]
    factors: tuple[Line, ...]
    """What several tasks use: the slope, what reviews and tools do to a load."""
    success: tuple[Line, ...]
    tokens: tuple[Line, ...]
    cost: tuple[Line, ...]
    duration: tuple[Line, ...]
    """The whole crew."""
    portions: tuple[Portion, ...]
    """First the tasks, then the agents; each kind adds up to the whole."""
    slots: tuple[Slot, ...]
    sensitivity: Sensitivity
    cost_runs: Histogram | None
    """None when a price is not known, and for a crew that costs nothing."""
    duration_runs: Histogram | None
