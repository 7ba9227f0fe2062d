"""Estimate: what one run of a crew will probably cost, take and achieve, with the basis of every figure."""

from typing import Literal

from pydantic import Field

from crewgen_core.models.value import Quantiles, UsdQuantiles, Value

CALIBRATED_FROM = 20
"""Own outcomes from which a corrected estimate beats the uncorrected one reliably (simulation, docs/estimator.md)."""

BasisStatus = Literal["published", "derived", "measured", "assumption"]


class TaskEstimate(Value):
    """The share of one task."""

    task: str
    agent: str | None
    model: str
    calls: float = Field(ge=0)
    """Expected model calls of its agent (a manager's calls are counted with the manager)."""
    tokens_in: Quantiles
    tokens_out: Quantiles
    cost_usd: UsdQuantiles | None
    """None when the price of the model is not known."""
    duration_s: Quantiles
    human_minutes: float = Field(ge=0)
    load: float = Field(ge=0)
    """Difficulty for this model: human minutes times the domain's multiplier, over the model's horizon."""
    success: Quantiles
    """Chance that this task alone comes out right, 0 to 1."""


class AgentEstimate(Value):
    """The share of one agent: the sum of its tasks, or the manager's own calls."""

    agent: str
    model: str
    calls: float = Field(ge=0)
    tokens: Quantiles
    cost_usd: UsdQuantiles | None
    duration_s: Quantiles


class BasisItem(Value):
    """One figure that the estimate rests on."""

    name: str
    value: str
    unit: str
    source: str
    status: BasisStatus


class Estimate(Value):
    """What one run will probably cost, take and achieve."""

    success: Quantiles
    """Chance that the whole objective is met, 0 to 1."""
    cost_usd: UsdQuantiles | None
    """None when the price of a model is not known: unknown is never shown as 0."""
    duration_s: Quantiles
    critical_path_s: float = Field(ge=0)
    """Shortest possible duration if every independent task ran at once, in seconds (a lower bound)."""
    tokens: Quantiles
    by_task: tuple[TaskEstimate, ...]
    by_agent: tuple[AgentEstimate, ...]
    basis: tuple[BasisItem, ...]
    own_outcomes: int = Field(default=0, ge=0)
    """Number of own recorded outcomes behind the figures."""
    unknowns: tuple[str, ...] = ()
    """What is not known and how it widens the interval, in plain sentences."""

    @property
    def calibrated(self) -> bool:
        """True when enough own outcomes are behind the figures to rely on the correction."""
        return self.own_outcomes >= CALIBRATED_FROM
