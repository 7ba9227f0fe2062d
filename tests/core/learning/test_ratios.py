import math
import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.catalog.constants import load_constants
from crewgen_core.learning.ratios import FURTHEST, learn_ratio, log_ratios
from crewgen_core.learning.student import quantile
from tests.support.simulated_outcomes import simulate_costs

PRIOR = load_constants().learning


def test_without_outcomes_the_prior_speaks() -> None:
    factors = learn_ratio([], PRIOR).factors()
    reach = 1.43976 * 0.66 * math.sqrt(1.5)  # t of 6 degrees of freedom, from a printed table
    assert (factors.p10, factors.p50, factors.p90) == pytest.approx((math.exp(-reach), 1, math.exp(reach)), rel=1e-4)


def test_the_posterior_is_the_one_of_the_textbook() -> None:
    """Normal-Inverse-Gamma, updated in two steps written out from their definition."""
    logs = [0.2, 0.9, -0.1, 0.5]
    found = learn_ratio(logs, PRIOR)
    mean = statistics.fmean(logs)
    scatter = sum((it - mean) ** 2 for it in logs)
    squares = 6 * 0.66**2 + scatter + 2 * 4 / (2 + 4) * mean**2
    assert (found.outcomes, found.weight, found.degrees) == (4, 6, 10)
    assert found.mean == pytest.approx(4 * mean / 6)
    assert found.sd == pytest.approx(math.sqrt(squares / 10))
    assert math.log(found.factors().p90) == pytest.approx(
        found.mean + quantile(0.9, 10) * found.sd * math.sqrt(1 + 1 / 6)
    )


def test_what_is_unknown_or_nothing_has_no_ratio() -> None:
    pairs = [(None, 1.0), (1.0, None), (0.0, 1.0), (1.0, 0.0), (Decimal("0.10"), Decimal("0.20"))]
    assert log_ratios(pairs) == pytest.approx([math.log(2)])


@given(st.lists(st.tuples(st.floats(0, allow_infinity=False), st.floats(0, allow_infinity=False)), max_size=50))
def test_any_record_gives_factors_in_order(pairs: list[tuple[float, float]]) -> None:
    factors = learn_ratio(log_ratios(pairs), PRIOR).factors()
    assert 0 < factors.p10 < factors.p50 < factors.p90 < math.inf
    assert abs(math.log(factors.p50)) <= FURTHEST


def share_inside(bias: float, sd: float, count: int, repetitions: int = 1_500) -> float:
    """How many of the next runs fall between P10 and P90."""
    inside = 0
    for seed in range(repetitions):
        runs = simulate_costs(bias, sd, count + 1, seed)
        *old, new = log_ratios((it.predicted_cost_usd, it.actual_cost_usd) for it in runs)
        factors = learn_ratio(old, PRIOR).factors()
        inside += factors.p10 <= math.exp(new) <= factors.p90
    return inside / repetitions


@pytest.mark.parametrize("count", [3, 10, 20])
def test_four_of_five_runs_cost_what_the_interval_says(count: int) -> None:
    assert 0.75 <= share_inside(0, 0.66, count) <= 0.85


def test_predictions_that_are_far_off_are_found_out() -> None:
    assert 0.75 <= share_inside(-0.7, 1.0, 100, repetitions=400) <= 0.85
    found = learn_ratio(log_ratios((1.0, math.exp(0.7)) for _ in range(100)), PRIOR)
    assert found.factors().p50 == pytest.approx(math.exp(0.7), rel=0.03)
