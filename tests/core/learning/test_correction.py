import math
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.constants import load_constants
from crewgen_core.estimation.basis import NO_OUTCOMES
from crewgen_core.estimation.estimate import estimate
from crewgen_core.learning.calibration import CORRECTED_FROM, calibrate
from crewgen_core.learning.correction import apply
from crewgen_core.learning.recalibration import clipped_logit
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.models.estimate import CALIBRATED_FROM, Estimate
from crewgen_core.models.outcome import Outcome
from crewgen_core.models.value import Quantiles
from tests.support.estimation import make_profile, small_catalog
from tests.support.simulated_outcomes import OPTIMISTIC, TEMPLATES, simulate_runs

CREW = Crew(
    agents=(Agent(key="r", role="Researcher", skills=(SkillLevel(name="market_research"),), tools=("web_search",)),),
    tasks=(
        Task(key="find", name="Find it", agent="r", skills=("market_research",), human_minutes=60),
        Task(key="tell", name="Tell it", agent="r", skills=("brief_writing",), depends_on=("find",)),
    ),
)


def estimate_crew(crew: Crew = CREW, usd_in: str | None = "1", **facts: object) -> Estimate:
    return estimate(crew, {"m": make_profile("m", usd_in=usd_in, **facts)}, small_catalog(), default_model="m")


RAW = estimate_crew()


def runs(count: int, succeeded: bool = False, template: str | None = None, factor: float = 2.0) -> list[Outcome]:
    """Runs that were predicted like RAW, all came out alike and cost and took ``factor`` times as much."""
    assert RAW.cost_usd is not None
    return [
        Outcome(
            predicted_success=RAW.success.p50,
            succeeded=succeeded,
            template=template,
            predicted_cost_usd=RAW.cost_usd.p50,
            actual_cost_usd=RAW.cost_usd.p50 * Decimal(factor),
            predicted_duration_s=RAW.duration_s.p50,
            actual_duration_s=RAW.duration_s.p50 * factor,
        )
    ] * count


def test_without_outcomes_an_estimate_is_returned_as_it_is() -> None:
    assert apply(RAW, calibrate([])) is RAW


def test_a_few_outcomes_correct_nothing_and_are_said() -> None:
    found = apply(RAW, calibrate(runs(CORRECTED_FROM - 1)))
    told = {"own_outcomes": CORRECTED_FROM - 1, "unknowns": found.unknowns}
    assert found == RAW.model_copy(update=told)
    assert NO_OUTCOMES in RAW.unknowns
    assert NO_OUTCOMES not in found.unknowns
    assert "Only 4 outcomes of own runs yet" in found.unknowns[-1]


def test_failures_lower_the_chance_of_the_whole_and_of_each_task() -> None:
    found = apply(RAW, calibrate(runs(10)))
    assert found.success.p50 < RAW.success.p50 - 0.1
    assert all(now.success.p50 < was.success.p50 for now, was in zip(found.by_task, RAW.by_task, strict=True))
    assert apply(RAW, calibrate(runs(10, succeeded=True))).success.p50 > RAW.success.p50 + 0.1


def test_many_outcomes_narrow_the_interval_of_success() -> None:
    (simulated,) = simulate_runs(OPTIMISTIC, (200,), seed=5)
    found = apply(RAW, calibrate([run.outcome.model_copy(update={"template": None}) for run in simulated]))
    assert width(found.success) < width(RAW.success) / 2


def width(chance: Quantiles) -> float:
    return clipped_logit(chance.p90) - clipped_logit(chance.p10)


def test_what_a_model_without_a_score_adds_to_the_interval_stays() -> None:
    unknown = estimate_crew(horizon_sd=1.67)
    (simulated,) = simulate_runs(OPTIMISTIC, (200,), seed=5)
    learned = calibrate([run.outcome for run in simulated])
    known_sd, unknown_sd = (width(apply(it, learned).success) / 2.5631 for it in (RAW, unknown))
    assert unknown_sd**2 - known_sd**2 == pytest.approx((learned.success.b * 0.581 * 1.67) ** 2, rel=0.01)


def test_a_template_gets_its_own_correction() -> None:
    learned = calibrate([*runs(8, succeeded=True, template="good"), *runs(8, template="bad")])
    good, none, bad = (apply(RAW, learned, template=key).success.p50 for key in ("good", None, "bad"))
    assert good > none > bad


def test_cost_and_duration_are_moved_with_their_shares() -> None:
    learned = calibrate(runs(50))
    found = apply(RAW, learned)
    assert found.cost_usd and RAW.cost_usd
    by = learned.cost.factors().p50
    assert by == pytest.approx(2, rel=0.05)
    assert float(found.cost_usd.p50) == pytest.approx(float(RAW.cost_usd.p50) * by, abs=1e-6)
    assert found.duration_s.p50 == pytest.approx(RAW.duration_s.p50 * by)
    assert found.critical_path_s == pytest.approx(RAW.critical_path_s * by)
    for now, was in zip((*found.by_task, *found.by_agent), (*RAW.by_task, *RAW.by_agent), strict=True):
        assert now.cost_usd and was.cost_usd
        assert float(now.cost_usd.p90) == pytest.approx(float(was.cost_usd.p90) * by, abs=1e-6)
        assert now.duration_s.p10 == pytest.approx(was.duration_s.p10 * by)
    assert found.tokens == RAW.tokens


def test_the_interval_of_cost_is_the_one_that_outcomes_show() -> None:
    steady, found = calibrate(runs(200, factor=1.0)), apply(RAW, calibrate(runs(200, factor=1.0)))
    assert found.cost_usd and RAW.cost_usd
    factors = steady.cost.factors()
    assert float(found.cost_usd.p90 / found.cost_usd.p50) == pytest.approx(factors.p90, rel=1e-3)
    assert found.cost_usd.p90 < RAW.cost_usd.p90


def test_an_unknown_cost_stays_unknown() -> None:
    unknown = estimate_crew(usd_in=None)
    found = apply(unknown, calibrate(runs(30)))
    assert found.cost_usd is None
    assert all(share.cost_usd is None for share in (*found.by_task, *found.by_agent))
    assert found.duration_s.p50 > unknown.duration_s.p50


def test_the_basis_names_each_correction_and_how_many_outcomes_are_behind_it() -> None:
    found = apply(RAW, calibrate(runs(7)))
    added = [item for item in found.basis if item not in RAW.basis]
    corrections = {item.name: item for item in added if item.status == "measured"}
    assert set(corrections) == {f"Correction of {name} by own outcomes" for name in ("success", "cost", "duration")}
    assert all(item.source.startswith("7 outcomes of own runs") for item in corrections.values())
    assert {"Shift of success, before outcomes", "Spread of cost and duration, before outcomes"} <= {
        item.name for item in added
    }
    names = [item.name for item in found.basis]
    assert len(names) == len(set(names))
    assert found.own_outcomes == 7


def test_an_estimate_counts_as_calibrated_from_twenty_outcomes_on() -> None:
    few, enough = apply(RAW, calibrate(runs(CALIBRATED_FROM - 1))), apply(RAW, calibrate(runs(CALIBRATED_FROM)))
    assert not RAW.calibrated
    assert not few.calibrated
    assert any("uncalibrated" in sentence for sentence in few.unknowns)
    assert enough.calibrated
    assert not any("outcomes" in sentence for sentence in enough.unknowns)


def test_what_own_runs_do_not_tell_is_left_alone_and_said() -> None:
    silent = [it.model_copy(update={"actual_cost_usd": None}) for it in runs(25)]
    found = apply(RAW, calibrate(silent))
    assert found.cost_usd == RAW.cost_usd
    assert found.duration_s != RAW.duration_s
    assert any(sentence.startswith("The cost is not corrected") for sentence in found.unknowns)
    assert not any(sentence.startswith("The duration") for sentence in found.unknowns)


def test_a_crew_without_tasks_still_cannot_succeed() -> None:
    found = apply(estimate_crew(Crew()), calibrate(runs(50, succeeded=True)))
    assert (found.success.p90, found.duration_s.p90) == (0, 0)
    assert found.own_outcomes == 50


def test_an_estimate_is_not_corrected_twice() -> None:
    learned = calibrate(runs(10))
    with pytest.raises(ValueError, match="corrected already"):
        apply(apply(RAW, learned), learned)


def test_other_priors_may_be_given() -> None:
    constants = load_constants()
    sure = constants.learning.model_copy(
        update={"shift_sd": constants.learning.shift_sd.model_copy(update={"value": 0.01})}
    )
    stubborn = constants.model_copy(update={"learning": sure})
    moved = abs(calibrate(runs(10), stubborn).success.a)
    assert moved < 0.01 < abs(calibrate(runs(10)).success.a)


CHANCES = st.floats(0, 1)
AMOUNTS = st.none() | st.decimals(0, 1_000_000, places=6)
SECONDS = st.none() | st.floats(0, allow_infinity=False, allow_nan=False)
OUTCOMES = st.builds(
    Outcome,
    predicted_success=CHANCES,
    succeeded=st.booleans(),
    template=st.none() | st.sampled_from(TEMPLATES),
    predicted_cost_usd=AMOUNTS,
    actual_cost_usd=AMOUNTS,
    predicted_duration_s=SECONDS,
    actual_duration_s=SECONDS,
)


@settings(max_examples=60)
@given(st.lists(OUTCOMES, max_size=40), st.none() | st.sampled_from(TEMPLATES))
def test_any_outcomes_leave_an_estimate_within_its_bounds(outcomes: list[Outcome], template: str | None) -> None:
    found = apply(RAW, calibrate(outcomes), template=template)
    assert Estimate.model_validate(found.model_dump()) == found
    for chance in (found.success, *(task.success for task in found.by_task)):
        assert 0 <= chance.p10 <= chance.p50 <= chance.p90 <= 1
    assert found.cost_usd is not None
    assert 0 <= found.cost_usd.p10 <= found.cost_usd.p50 <= found.cost_usd.p90
    assert 0 < found.duration_s.p10 < found.duration_s.p50 < found.duration_s.p90 < math.inf
    assert found.critical_path_s <= found.duration_s.p50 * 1.03


def test_learning_imports_nothing_heavy() -> None:
    rooms = "crewgen_core.learning.correction, crewgen_core.learning.track_record"
    code = f"import sys, {rooms}; print('numpy' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "False"
