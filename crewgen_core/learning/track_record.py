"""How corrections would have done so far: every run forecast from the outcomes before it only, then compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.estimation.success import sigmoid
from crewgen_core.learning.calibration import CORRECTED_FROM
from crewgen_core.learning.measures import Score, score
from crewgen_core.learning.recalibration import recalibrate
from crewgen_core.models.outcome import Outcome


@dataclass(frozen=True)
class TrackRecord:
    """Scores of the same runs, uncorrected and corrected."""

    raw: Score
    corrected: Score


def score_in_turn(outcomes: Sequence[Outcome], constants: Constants | None = None) -> TrackRecord | None:
    """Score outcomes, given in the order of their runs, as forecast before each update; None without outcomes.

    The first few are forecast uncorrected, as they were for people. Learns anew for every outcome: half a second for
    400 of them.
    """
    succeeded = [outcome.succeeded for outcome in outcomes]
    raw = score([outcome.predicted_success for outcome in outcomes], succeeded)
    corrected = score(forecast_in_turn(outcomes, constants), succeeded)
    return TrackRecord(raw, corrected) if raw and corrected else None


def forecast_in_turn(outcomes: Sequence[Outcome], constants: Constants | None = None) -> list[float]:
    """Return the chance of each run as the outcomes before it have it; the first few as predicted."""
    prior = (constants or load_constants()).learning
    forecasts = [outcome.predicted_success for outcome in outcomes[:CORRECTED_FROM]]
    for at, outcome in enumerate(outcomes[CORRECTED_FROM:], start=CORRECTED_FROM):
        logit, _ = recalibrate(outcomes[:at], prior).logit_of(outcome.predicted_success, outcome.template)
        forecasts.append(sigmoid(logit))
    return forecasts
