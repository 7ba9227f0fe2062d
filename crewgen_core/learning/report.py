"""Puts together what outcomes say about predictions, for people to look at."""

import math
from collections.abc import Sequence

from crewgen_core.learning.calibration import calibrate
from crewgen_core.learning.measures import Score
from crewgen_core.learning.ratios import Ratio
from crewgen_core.learning.track_record import score_in_turn
from crewgen_core.models.calibration import CalibrationReport, ForecastScore, RatioReport, ReliabilityBin
from crewgen_core.models.outcome import Outcome

MOST_IN_TURN = 300
"""Newest outcomes that are forecast in turn: learning anew for each takes a third of a second for them."""


def report_calibration(outcomes: Sequence[Outcome]) -> CalibrationReport:
    """Return how good predictions were, from outcomes in the order of their runs."""
    learned = calibrate(outcomes)
    var_a, _, var_b = learned.success.covariance
    record = score_in_turn(outcomes[-MOST_IN_TURN:])
    costs = [(float(it.predicted_cost_usd or 0), float(it.actual_cost_usd or 0)) for it in outcomes]
    durations = [(it.predicted_duration_s or 0.0, it.actual_duration_s or 0.0) for it in outcomes]
    return CalibrationReport(
        outcomes=len(outcomes),
        succeeded=sum(it.succeeded for it in outcomes),
        a=learned.success.a,
        a_sd=math.sqrt(var_a),
        b=learned.success.b,
        b_sd=math.sqrt(var_b),
        raw=_tell(record.raw) if record else None,
        corrected=_tell(record.corrected) if record else None,
        cost=_compare(learned.cost, costs),
        duration=_compare(learned.duration, durations),
    )


def _tell(score: Score) -> ForecastScore:
    bins = tuple(
        ReliabilityBin(count=it.count, forecast=it.forecast, rate=it.rate, low=it.low, high=it.high)
        for it in score.bins
    )
    return ForecastScore(brier=score.brier, skill=score.skill, calibration_error=score.calibration_error, bins=bins)


def _compare(ratio: Ratio, pairs: Sequence[tuple[float, float]]) -> RatioReport:
    known = tuple((predicted, actual) for predicted, actual in pairs if predicted and actual)
    factors = ratio.factors()
    inside = [factors.p10 <= actual / predicted <= factors.p90 for predicted, actual in known]
    covered = sum(inside) / len(inside) if inside else None
    return RatioReport(outcomes=ratio.outcomes, factors=factors, pairs=known, covered=covered)
