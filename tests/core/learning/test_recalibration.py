import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.constants import load_constants
from crewgen_core.learning.measures import Z95
from crewgen_core.learning.recalibration import EXTREME, Recalibration, clipped_logit, recalibrate
from crewgen_core.models.outcome import Outcome
from tests.support.simulated_outcomes import OPTIMISTIC, RIGHT, TEMPLATES, VERY_WRONG, Run, World, simulate_runs

PRIOR = load_constants().learning


def outcome(predicted: float, succeeded: bool, template: str | None = None) -> Outcome:
    return Outcome(predicted_success=predicted, succeeded=succeeded, template=template)


outcomes = st.builds(
    outcome,
    st.floats(0, 1) | st.sampled_from([0.0, 1.0, 5e-324, 1 - 1e-16]),
    st.booleans(),
    st.none() | st.sampled_from(TEMPLATES),
)


def learn(world: World, count: int, seed: int) -> tuple[Recalibration, list[Run]]:
    old, new = simulate_runs(world, (count, 100), seed)
    return recalibrate([run.outcome for run in old], PRIOR), new


def test_without_outcomes_the_prior_is_all_there_is() -> None:
    prior = recalibrate([], PRIOR)
    assert (prior.outcomes, prior.a, prior.b) == (0, 0, 1)
    assert prior.logit_of(0.5) == pytest.approx((0, 0.7))
    logit, sd = prior.logit_of(0.8, "a template")
    assert logit == pytest.approx(math.log(4))
    assert sd == pytest.approx(math.sqrt(0.7**2 + (0.3 * math.log(4)) ** 2 + 0.6**2))


@given(st.lists(outcomes, max_size=60))
def test_any_outcomes_give_a_correction(found: list[Outcome]) -> None:
    learned = recalibrate(found, PRIOR)
    for predicted in (0.0, 1e-300, 0.3, 0.99, 1.0):
        for template in (None, *TEMPLATES, "one without outcomes"):
            logit, sd = learned.logit_of(predicted, template)
            assert abs(logit) < 20
            assert 0 < sd <= recalibrate([], PRIOR).logit_of(predicted, template)[1] + 1e-9


@pytest.mark.parametrize("predicted", [0.0, 0.02, 0.5, 0.98, 1.0])
@pytest.mark.parametrize("succeeded", [True, False])
@pytest.mark.parametrize("template", [None, "one"])
def test_outcomes_that_are_all_alike_pull_their_way_and_stay_finite(
    predicted: float, succeeded: bool, template: str | None
) -> None:
    learned = recalibrate([outcome(predicted, succeeded, template)] * 1_000, PRIOR)
    logit, _ = learned.logit_of(predicted, template)
    assert (logit > clipped_logit(predicted)) == succeeded
    assert abs(logit) < 12


@settings(max_examples=30)
@given(st.lists(outcomes, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_outcomes_does_not_matter(found: list[Outcome], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    one, other = recalibrate(found, PRIOR), recalibrate(shuffled, PRIOR)
    assert (one.a, one.b, *one.covariance) == pytest.approx((other.a, other.b, *other.covariance), abs=1e-5)


@given(st.lists(outcomes, max_size=40), outcomes)
def test_one_more_success_never_lowers_a_chance_of_its_kind(found: list[Outcome], more: Outcome) -> None:
    success = more.model_copy(update={"succeeded": True})
    before, _ = recalibrate(found, PRIOR).logit_of(more.predicted_success, more.template)
    after, _ = recalibrate([*found, success], PRIOR).logit_of(more.predicted_success, more.template)
    assert after >= before - 1e-5


def full_posterior(runs: list[Outcome]) -> tuple[np.ndarray, np.ndarray]:
    """Maximum and covariance by plain matrices and many small steps: another way to the same."""
    used = sorted({run.template for run in runs if run.template})
    design = np.array([[1, clipped_logit(run.predicted_success), *(run.template == it for it in used)] for run in runs])
    came = np.array([run.succeeded for run in runs], dtype=float)
    precision = np.diag([1 / 0.7**2, 1 / 0.3**2, *[1 / 0.6**2] * len(used)])
    centre = np.array([0, 1, *[0] * len(used)], dtype=float)
    point = centre.copy()
    for _ in range(400):
        chance = 1 / (1 + np.exp(-design @ point))
        hessian = design.T @ (design * (chance * (1 - chance))[:, None]) + precision
        point = point - 0.3 * np.linalg.solve(hessian, design.T @ (chance - came) + precision @ (point - centre))
    return point, np.linalg.inv(hessian)


def test_the_closed_form_is_what_plain_matrices_give() -> None:
    (runs,) = simulate_runs(VERY_WRONG, (60,), seed=3)
    found = [run.outcome for run in runs] + [outcome(0.4, True), outcome(0.9, False)]
    learned, (point, covariance) = recalibrate(found, PRIOR), full_posterior(found)
    assert (learned.a, learned.b) == pytest.approx(point[:2].tolist(), abs=1e-5)
    for at, template in enumerate(sorted(TEMPLATES)):
        for predicted in (0.1, 0.7):
            row = np.array([1, clipped_logit(predicted), *(float(it == at) for it in range(len(TEMPLATES)))])
            logit, sd = learned.logit_of(predicted, template)
            assert logit == pytest.approx(float(row @ point), abs=1e-5)
            assert sd == pytest.approx(math.sqrt(row @ covariance @ row), rel=1e-4)


def test_predictions_beyond_the_extreme_count_as_it() -> None:
    assert clipped_logit(0) == clipped_logit(EXTREME) == pytest.approx(-clipped_logit(1))
    assert recalibrate([outcome(0, True)], PRIOR) == recalibrate([outcome(EXTREME, True)], PRIOR)


def test_what_is_wrong_with_predictions_is_found() -> None:
    """Means over 40 worlds; a and b of the truth are -0.8 and 0.7."""
    few, many = ([learn(OPTIMISTIC, count, seed)[0] for seed in range(40)] for count in (5, 500))
    assert statistics.fmean(it.a for it in few) == pytest.approx(-0.28, abs=0.1)
    assert statistics.fmean(it.b for it in few) == pytest.approx(0.95, abs=0.05)
    assert statistics.fmean(it.a for it in many) == pytest.approx(-0.75, abs=0.1)
    assert statistics.fmean(it.b for it in many) == pytest.approx(0.73, abs=0.05)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    for count in (5, 20, 100):
        inside: list[bool] = []
        for seed in range(40):
            learned, new = learn(OPTIMISTIC, count, seed)
            for run in new:
                logit, sd = learned.logit_of(run.outcome.predicted_success, run.outcome.template)
                inside.append(abs(logit - clipped_logit(run.chance)) <= Z95 * sd)
        assert 0.86 <= statistics.fmean(inside) <= 0.97


def test_a_template_is_told_from_the_others_and_shrunk_towards_them() -> None:
    good = [outcome(0.5, True, "good")] * 10
    mixed = [outcome(0.5, at % 2 == 0, "mixed") for at in range(10)]
    learned = recalibrate(good + mixed, PRIOR)
    one, other, unseen = (learned.logit_of(0.5, key) for key in ("good", "mixed", "unseen"))
    assert one[0] > unseen[0] > other[0]
    assert unseen[1] > one[1]
    assert one[0] < 3  # ten successes of ten are no proof of more than 95 %


def test_right_predictions_are_left_nearly_alone() -> None:
    learned = [learn(RIGHT, 100, seed)[0] for seed in range(20)]
    assert statistics.fmean(it.a for it in learned) == pytest.approx(0, abs=0.15)
    assert statistics.fmean(it.b for it in learned) == pytest.approx(1, abs=0.1)
