"""CalibrationReport: how good predictions were so far, and what outcomes taught."""

from pydantic import Field

from crewgen_core.models.value import Quantiles, Value


class ReliabilityBin(Value):
    """Runs with similar forecasts of success."""

    count: int
    forecast: float
    rate: float
    low: float
    high: float
    """90 % Wilson interval of the rate."""


class ForecastScore(Value):
    """How good forecasts of success were."""

    brier: float
    skill: float | None
    """None where all runs came out alike."""
    calibration_error: float | None
    """None below 30 outcomes."""
    bins: tuple[ReliabilityBin, ...]


class RatioReport(Value):
    """What was measured against what was predicted, of cost or duration."""

    outcomes: int
    factors: Quantiles
    """By what a prediction is multiplied."""
    pairs: tuple[tuple[float, float], ...]
    """Predicted and actual, in US dollars or seconds."""
    covered: float | None
    """Share of the runs within the interval of their own correction; None where nothing is known."""


class CalibrationReport(Value):
    """Everything that outcomes say about predictions."""

    outcomes: int = Field(ge=0)
    succeeded: int = Field(ge=0)
    a: float
    a_sd: float
    b: float
    b_sd: float
    raw: ForecastScore | None
    corrected: ForecastScore | None
    """Each run forecast from the outcomes before it only."""
    cost: RatioReport
    duration: RatioReport
