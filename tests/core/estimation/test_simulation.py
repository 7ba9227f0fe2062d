import math

import numpy as np
import pytest

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.simulation import RUNS, draw_factors, simulate_duration, simulate_sums, single


def test_the_spread_of_one_task_is_the_published_one(constants: Constants) -> None:
    factors = draw_factors(3, constants.spread)
    assert np.log(factors.of_tokens).std() == pytest.approx(math.hypot(0.5, 0.35), rel=0.02)
    assert np.log(factors.of_time).std() == pytest.approx(0.45, rel=0.02)
    assert np.median(factors.of_tokens) == pytest.approx(1, rel=0.02)


def test_tasks_of_a_run_share_a_part_of_the_spread(constants: Constants) -> None:
    logs = np.log(draw_factors(2, constants.spread).of_tokens)
    assert np.corrcoef(logs[0], logs[1])[0, 1] == pytest.approx(0.35**2 / (0.5**2 + 0.35**2), abs=0.03)


def test_more_tasks_keep_the_factors_of_the_first(constants: Constants) -> None:
    few, many = draw_factors(2, constants.spread), draw_factors(40, constants.spread)
    assert np.array_equal(few.of_tokens[:2], many.of_tokens[:2])
    assert many.of_tokens.shape[1] == RUNS


def test_quantiles_are_shares_of_the_runs(constants: Constants) -> None:
    factors = draw_factors(2, constants.spread)
    found = simulate_sums([[2.0, 3.0]], factors.of_tokens, factors.token_ranks)[0]
    runs = 2 * factors.of_tokens[0] + 3 * factors.of_tokens[1]
    for share, value in ((0.1, found.p10), (0.5, found.p50), (0.9, found.p90)):
        assert (runs <= value * (1 + 1e-9)).mean() == pytest.approx(share, abs=1e-9)


def test_a_sum_over_one_task_is_that_tasks_figure(constants: Constants) -> None:
    factors = draw_factors(3, constants.spread)
    row, mixed = simulate_sums([[0.0, 7.0, 0.0], [1.0, 1.0, 1.0]], factors.of_tokens, factors.token_ranks)
    assert row == single(7.0, factors.token_ranks[1])
    assert mixed.p50 > 3 * 0.95


def test_a_sum_is_relatively_narrower_than_its_parts(constants: Constants) -> None:
    factors = draw_factors(8, constants.spread)
    part, whole = simulate_sums([[1.0] + [0.0] * 7, [1.0] * 8], factors.of_tokens, factors.token_ranks)
    assert whole.p90 / whole.p10 < part.p90 / part.p10


def test_asynchronous_tasks_take_as_long_as_the_slowest(constants: Constants) -> None:
    factors = draw_factors(3, constants.spread)
    serial = simulate_duration([False, False, False], [10.0, 10.0, 10.0], factors)
    parallel = simulate_duration([True, True, False], [10.0, 10.0, 10.0], factors)
    assert 20 < parallel.p50 < serial.p50
