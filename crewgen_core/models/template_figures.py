"""Figures about templates: how often they are used, and how the crews made from them do."""

from datetime import date

from pydantic import Field

from crewgen_core.models.value import Value


class VersionRecord(Value):
    """Uses and success of one version of a template."""

    number: int = Field(ge=1)
    uses: int = Field(ge=0)
    predicted: float | None
    """Mean of the chances that were predicted for its runs; None without any."""
    succeeded: int = Field(ge=0)
    runs: int = Field(ge=0)
    """Runs whose outcome is known."""


class DayCount(Value):
    """Crews made and runs judged on one day (UTC)."""

    day: date
    uses: int = Field(ge=0)
    succeeded: int = Field(ge=0)
    runs: int = Field(ge=0)


class TrendPart(Value):
    """Crews made and runs judged in one week (UTC)."""

    first: date
    """Its Monday."""
    uses: int = Field(ge=0)
    succeeded: int = Field(ge=0)
    runs: int = Field(ge=0)
    low: float
    high: float
    """90 % interval of the share that succeeded; 0 and 1 without runs."""


class Comparison(Value):
    """A typical figure of a template's crews, as a multiple of that of crews made without a template."""

    figure: str
    """"Cost of a run", "Duration of a run" (both as shares of what was predicted), "Time to generate"."""
    ratio: float | None
    """Ratio of the medians; None where there are too few on a side."""
    low: float | None
    high: float | None
    """90 % interval."""
    count: int
    other_count: int
    """Runs or requests behind the median of the template, and of the crews without one."""


class SuccessFigure(Value):
    """A share of successful runs with its 90 % interval; always with the number behind it."""

    label: str
    succeeded: int
    runs: int
    rate: float | None
    low: float
    high: float
    mean: float
    """Posterior mean: the prediction and the runs together."""


class TemplateFigures(Value):
    """All figures about one template."""

    key: str
    uses: int
    success: SuccessFigure
    versions: tuple[SuccessFigure, ...]
    """Each version that was used, the newest first."""
    version_uses: tuple[VersionRecord, ...]
    trend: tuple[TrendPart, ...]
    """Week by week from the first use to the last, at most a year; empty weeks are there too."""
    comparisons: tuple[Comparison, ...]
    warning: str
    """That the newest version does worse than an earlier one, where the runs carry it; else empty."""
