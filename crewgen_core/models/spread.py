"""Spread: how the figures of a job's crews differ, in a form that charts can draw whatever the number of rows."""

from typing import Literal

from pydantic import Field

from crewgen_core.models.value import Value

FENCE = 1.5
"""Interquartile ranges beyond the quartiles from which on a figure is an outlier (Tukey, "Exploratory Data Analysis",
1977)."""


class Quartiles(Value):
    """Five figures that tell about many: a quarter of them are at most ``q1``, half at most ``median``."""

    low: float
    """The smallest that is no outlier; ``q1`` where that is less."""
    q1: float
    median: float
    q3: float
    high: float
    """The largest that is no outlier; ``q3`` where that is more."""


class Distribution(Value):
    """How many crews have a figure between two edges."""

    edges: tuple[float, ...]
    """Ends of the bins, one more than there are bins; the lower end belongs to a bin."""
    counts: tuple[int, ...]
    """Crews in each bin."""
    above: int = Field(ge=0)
    """Crews beyond the last edge: a long tail is cut off, and said."""
    quartiles: Quartiles

    @property
    def total(self) -> int:
        """All crews that the figure is known of."""
        return sum(self.counts) + self.above


class DomainSpread(Value):
    """The crews of one domain."""

    domain: str
    """Empty where none was detected."""
    count: int = Field(ge=1)
    success: Quartiles
    cost_usd: Quartiles | None
    """None when no cost is known."""


class Outlier(Value):
    """A crew that costs or takes far more or less than most of the job."""

    item_id: int
    line: int
    """Row in the file; 0 for stored crews."""
    name: str
    figure: Literal["cost", "duration"]
    value: float
    """In USD or seconds."""
    usual_low: float
    usual_high: float
    """The ends of what is usual in this job: ``FENCE`` interquartile ranges beyond the quartiles."""


class CrewPoint(Value):
    """One crew in a chart of cost and success."""

    item_id: int
    name: str
    cost_usd: float
    success: float
    outlier: bool
    """Whether it is one of the listed outliers."""


class EngineCount(Value):
    """How many crews somebody made."""

    engine: str
    count: int


class Spread(Value):
    """The figures of all crews of a job; those of rows without a crew are not among them."""

    crews: int = Field(ge=0)
    success: Distribution | None
    """Of the estimated chances, 0 to 1; None without crews."""
    cost_usd: Distribution | None
    """None when no cost is known."""
    duration_s: Distribution | None
    domains: tuple[DomainSpread, ...]
    """The largest first."""
    engines: tuple[EngineCount, ...]
    """The most frequent first."""
    outliers: tuple[Outlier, ...]
    """The farthest first, at most 20."""
    outlier_count: int = Field(ge=0)
    """All that there are, of cost and of duration."""
    points: tuple[CrewPoint, ...]
    """Crews whose cost is known: all, or of many every so-manieth and the listed outliers."""

    @property
    def priced(self) -> int:
        """Crews whose cost is known."""
        return self.cost_usd.total if self.cost_usd else 0
