import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.learning.measures import (
    FEWEST_FOR_ERROR,
    brier,
    calibration_error,
    reliability,
    score,
    wilson,
)

pairs = st.lists(st.tuples(st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0]), st.booleans()), min_size=1, max_size=120)

NEWCOMBE = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0, 0.1611), (1, 29): (0.0061, 0.1718)}
"""95 % Wilson score intervals printed by Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""


@pytest.mark.parametrize("case", NEWCOMBE, ids=str)
def test_wilson_intervals_are_the_published_ones(case: tuple[int, int]) -> None:
    assert wilson(*case, z=1.959964) == pytest.approx(NEWCOMBE[case], abs=0.00006)


def test_the_brier_score_and_the_skill_are_known_where_they_are_simple() -> None:
    assert brier([1, 0], [True, False]) == 0
    assert brier([0.5, 0.5], [True, False]) == 0.25
    perfect, base_rate, wrong = (score(said, [True, False]) for said in ([1, 0], [0.5, 0.5], [0, 1]))
    assert perfect and base_rate and wrong
    assert (perfect.skill, base_rate.skill, wrong.skill) == (1, 0, -3)


def test_runs_that_all_came_out_alike_leave_nothing_to_be_skilled_at() -> None:
    found = score([0.9, 0.8], [True, True])
    assert found is not None
    assert found.skill is None
    assert score([], []) is None


@given(pairs)
def test_bins_hold_every_run_once_in_rising_order_and_equal_forecasts_together(
    runs: list[tuple[float, bool]],
) -> None:
    bins = reliability([said for said, _ in runs], [came for _, came in runs])
    assert 1 <= len(bins) <= 10
    assert sum(it.count for it in bins) == len(runs)
    assert sum(it.rate * it.count for it in bins) == pytest.approx(sum(came for _, came in runs))
    forecasts = [it.forecast for it in bins]
    assert forecasts == sorted(forecasts)
    for it in bins:
        assert 0 <= it.low <= it.rate <= it.high <= 1
    assert sum(it.count for it in reliability([0.4] * len(runs), [came for _, came in runs])) == len(runs)
    assert len(reliability([0.4] * len(runs), [came for _, came in runs])) == 1


@given(pairs)
def test_every_measure_stays_within_its_bounds(runs: list[tuple[float, bool]]) -> None:
    found = score([said for said, _ in runs], [came for _, came in runs])
    assert found is not None
    assert 0 <= found.brier <= 1
    assert found.skill is None or found.skill <= 1
    assert (found.calibration_error is None) == (len(runs) < FEWEST_FOR_ERROR)
    assert found.calibration_error is None or 0 <= found.calibration_error <= 1


def test_different_forecasts_fill_ten_bins_of_equal_size() -> None:
    bins = reliability([at / 200 for at in range(200)], [at % 2 == 0 for at in range(200)])
    assert [it.count for it in bins] == [20] * 10


def test_the_error_tells_honest_forecasts_from_exaggerated_ones() -> None:
    chance = random.Random(7)
    said = [chance.random() for _ in range(2_000)]
    came = [chance.random() < it for it in said]
    sure = [1.0 if it > 0.5 else 0.0 for it in said]
    assert calibration_error(reliability(said, came)) < 0.04
    assert calibration_error(reliability(sure, came)) == pytest.approx(0.25, abs=0.03)


def test_nine_of_ten_honest_bins_hold_their_forecast() -> None:
    chance = random.Random(11)
    held: list[bool] = []
    for _ in range(60):
        said = [chance.random() for _ in range(300)]
        bins = reliability(said, [chance.random() < it for it in said])
        held += [it.low <= it.forecast <= it.high for it in bins]
    assert 0.86 <= sum(held) / len(held) <= 0.95
