import statistics

import pytest

from crewgen_core.learning.calibration import CORRECTED_FROM
from crewgen_core.learning.track_record import TrackRecord, forecast_in_turn, score_in_turn
from tests.support.simulated_outcomes import OPTIMISTIC, RIGHT, World, simulate_runs


def records(world: World, count: int, worlds: int = 20) -> list[TrackRecord]:
    found = [score_in_turn([run.outcome for run in simulate_runs(world, (count,), seed)[0]]) for seed in range(worlds)]
    return [record for record in found if record]


def mean_brier(found: list[TrackRecord]) -> tuple[float, float]:
    return statistics.fmean(it.raw.brier for it in found), statistics.fmean(it.corrected.brier for it in found)


@pytest.mark.parametrize("count", [20, 60])
def test_correcting_what_is_right_costs_next_to_nothing(count: int) -> None:
    raw, corrected = mean_brier(records(RIGHT, count))
    assert corrected <= raw + 0.01


def test_correcting_what_is_wrong_pays() -> None:
    raw, corrected = mean_brier(records(OPTIMISTIC, 60))
    assert corrected < raw - 0.02


def test_a_forecast_knows_nothing_of_its_own_outcome_nor_of_later_ones() -> None:
    (runs,) = simulate_runs(OPTIMISTIC, (12,), seed=1)
    outcomes = [run.outcome for run in runs]
    turned = [it.model_copy(update={"succeeded": not it.succeeded}) for it in outcomes[8:]]
    assert forecast_in_turn([*outcomes[:8], *turned])[:9] == forecast_in_turn(outcomes)[:9]
    assert forecast_in_turn([*outcomes[:8], *turned])[9] != forecast_in_turn(outcomes)[9]


def test_the_first_runs_are_forecast_as_predicted() -> None:
    (runs,) = simulate_runs(OPTIMISTIC, (9,), seed=2)
    forecasts = forecast_in_turn([run.outcome for run in runs])
    predicted = [run.outcome.predicted_success for run in runs]
    assert forecasts[:CORRECTED_FROM] == predicted[:CORRECTED_FROM]
    assert all(one != other for one, other in zip(forecasts[CORRECTED_FROM:], predicted[CORRECTED_FROM:], strict=True))


def test_without_outcomes_there_is_no_record() -> None:
    assert score_in_turn([]) is None
