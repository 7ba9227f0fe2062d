"""Worlds whose truth is known: what learning is worth after so many outcomes. Seeds are fixed; figures are measured."""

import math
import random
import statistics
from decimal import Decimal

from crewgen_core.catalog.constants import load_constants
from crewgen_core.estimation.success import sigmoid
from crewgen_core.learning.calibration import calibrate
from crewgen_core.learning.measures import calibration_error, reliability
from crewgen_core.learning.ratios import learn_ratio
from crewgen_core.models.outcome import Outcome

PRIOR = load_constants().learning

OUTCOMES = 50
REPEATS = 40
JUDGED = 4_000
"""Runs by which what was learned is judged: so many that chance adds only about .01 to an error of ten bins."""

BIAS, SD = math.log(2.2), 0.45
"""A typical run costs 2.2 times what is predicted for it."""


def simulate_success(shift: float, stretch: float, count: int, chance: random.Random) -> list[Outcome]:
    """Return runs whose true chance is another one than predicted: logit P = shift + stretch · logit p."""
    logits = [chance.gauss(0.5, 1.2) for _ in range(count)]
    return [
        Outcome(predicted_success=sigmoid(it), succeeded=chance.random() < sigmoid(shift + stretch * it))
        for it in logits
    ]


def measure_errors(shift: float, stretch: float, count: int = OUTCOMES) -> tuple[float, float]:
    """Return the median calibration error of uncorrected and of corrected forecasts."""
    raw: list[float] = []
    corrected: list[float] = []
    for seed in range(REPEATS):
        chance = random.Random(seed)
        learned = calibrate(simulate_success(shift, stretch, count, chance)).success
        judged = simulate_success(shift, stretch, JUDGED, chance)
        came = [it.succeeded for it in judged]
        before = [it.predicted_success for it in judged]
        raw.append(calibration_error(reliability(before, came)))
        after = [sigmoid(learned.logit_of(it)[0]) for it in before]
        corrected.append(calibration_error(reliability(after, came)))
    return statistics.median(raw), statistics.median(corrected)


def test_after_fifty_outcomes_chances_of_somewhat_optimistic_predictions_are_what_they_say() -> None:
    before, after = measure_errors(-0.4, 0.9)
    assert before > 0.08
    assert after < 0.05


def test_predictions_that_are_far_off_take_two_hundred_outcomes_to_be_as_good() -> None:
    """Fifty times yes or no leave the share of successes itself uncertain by 7 points, whoever reads them."""
    before, after = measure_errors(-0.8, 0.7)
    assert before > 0.15
    assert after < 0.065
    assert measure_errors(-0.8, 0.7, 200)[1] < 0.05


def test_after_fifty_outcomes_right_predictions_are_still_right() -> None:
    before, after = measure_errors(0, 1)
    assert before < 0.02
    assert after < 0.05


def test_after_fifty_outcomes_the_error_of_cost_is_halved() -> None:
    before: list[float] = []
    after: list[float] = []
    for seed in range(REPEATS):
        chance = random.Random(seed)
        factor = learn_ratio([chance.gauss(BIAS, SD) for _ in range(OUTCOMES)], PRIOR).factors().p50
        actual = [math.exp(chance.gauss(BIAS, SD)) for _ in range(200)]
        before.append(statistics.median(abs(math.log(it)) for it in actual))
        after.append(statistics.median(abs(math.log(it / factor)) for it in actual))
    assert statistics.mean(after) < statistics.mean(before) / 2


def test_four_of_five_costs_lie_in_the_interval_after_fifty_outcomes() -> None:
    inside: list[bool] = []
    for seed in range(REPEATS):
        chance = random.Random(seed)
        factors = learn_ratio([chance.gauss(BIAS, SD) for _ in range(OUTCOMES)], PRIOR).factors()
        inside += [factors.p10 <= math.exp(chance.gauss(BIAS, SD)) <= factors.p90 for _ in range(50)]
    assert 0.75 <= statistics.mean(inside) <= 0.85


def test_an_outcome_without_cost_teaches_success_only() -> None:
    learned = calibrate([Outcome(predicted_success=0.5, succeeded=False, predicted_cost_usd=Decimal(1))] * 9)
    assert (learned.outcomes, learned.cost.outcomes) == (9, 0)


def test_what_is_wanted_after_the_correction_is_found_before_it() -> None:
    learned = calibrate(simulate_success(-0.8, 0.7, 200, random.Random(3)))
    for chance in (0.05, 0.3, 0.6, 0.8):
        raw = learned.uncorrect_success(chance)
        assert math.isclose(sigmoid(learned.success.logit_of(raw)[0]), chance, rel_tol=1e-9)
    assert calibrate(()).uncorrect_success(0.4) == 0.4
