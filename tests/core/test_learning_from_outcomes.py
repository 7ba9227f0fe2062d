"""What is recorded changes every estimate that people see, and none that outcomes are compared with."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from crewgen_core.app import Crewgen
from crewgen_core.front.outcomes import MOST_LEARNED_FROM
from crewgen_core.models.change import Effect, apply_changes
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits
from crewgen_core.models.stored import StoredCrew
from crewgen_core.settings import Settings
from crewgen_core.storage.tables import crew_tables
from tests.core.estimation.test_computation import calculate, read
from tests.support.crews import sequential_crew
from tests.support.recorded_outcomes import record_outcomes

OBJECTIVE = Objective(text="Find out why churn rose in Q3 and write a two-page brief for the board.")


@pytest.fixture
def crewgen(tmp_path: Path) -> Crewgen:
    return Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"), {})


@pytest.fixture
def stored(crewgen: Crewgen) -> StoredCrew:
    return crewgen.crews.save(sequential_crew(), OBJECTIVE)


@pytest.fixture
def designed(crewgen: Crewgen) -> StoredCrew:
    return crewgen.crews.get(crewgen.generate(OBJECTIVE, model="").crew_id)


def test_every_estimate_is_corrected_and_says_by_how_many_outcomes(crewgen: Crewgen, stored: StoredCrew) -> None:
    before = stored.estimate
    record_outcomes(crewgen, stored, 40)
    _, after = crewgen.review(stored.crew, OBJECTIVE)
    assert (after.own_outcomes, after.calibrated) == (40, True)
    assert after.success.p50 < before.success.p50
    assert before.cost_usd
    assert after.cost_usd
    assert 1.6 < after.cost_usd.p50 / before.cost_usd.p50 < 2.2
    assert 0.4 < after.duration_s.p50 / before.duration_s.p50 < 0.7
    assert any("40 outcomes of own runs" in item.source for item in after.basis)

    made = crewgen.generate(OBJECTIVE, model="").design
    shown = crewgen.alternatives(OBJECTIVE, stored.crew).alternatives
    saved = crewgen.crews.save_version(stored.crew_id, stored.crew, "Saved again", 1)
    for estimate in (made.estimate, saved.estimate, *(one.estimate for one in shown)):
        assert estimate.own_outcomes == 40
    assert saved.estimate == after


def test_what_outcomes_are_compared_with_is_never_corrected(crewgen: Crewgen, stored: StoredCrew) -> None:
    before = crewgen.outcomes.predict(stored.crew, OBJECTIVE)
    record_outcomes(crewgen, stored, 40)
    assert crewgen.outcomes.predict(stored.crew, OBJECTIVE) == before
    assert before.success == stored.estimate.success.p50


def test_until_there_are_twenty_the_estimate_is_uncalibrated_and_below_five_as_it_was(
    crewgen: Crewgen, stored: StoredCrew
) -> None:
    record_outcomes(crewgen, stored, 4)
    _, few = crewgen.review(stored.crew, OBJECTIVE)
    assert (few.own_outcomes, few.calibrated, few.success) == (4, False, stored.estimate.success)
    record_outcomes(crewgen, stored, 15, seed=2)
    _, some = crewgen.review(stored.crew, OBJECTIVE)
    assert (some.own_outcomes, some.calibrated) == (19, False)
    assert some.success != stored.estimate.success
    record_outcomes(crewgen, stored, 1, seed=3)
    _, enough = crewgen.review(stored.crew, OBJECTIVE)
    assert (enough.own_outcomes, enough.calibrated) == (20, True)


def test_learning_happens_anew_only_when_an_outcome_changed(crewgen: Crewgen, stored: StoredCrew) -> None:
    record_outcomes(crewgen, stored, 10)
    first = crewgen.outcomes.calibration()
    assert crewgen.outcomes.calibration() is first
    newest = crewgen.outcomes.list_outcomes(limit=1)[0]
    crewgen.outcomes.delete(newest.id)
    second = crewgen.outcomes.calibration()
    assert second is not first
    assert second.outcomes == 9
    elsewhere = Crewgen(crewgen.settings, {})
    record_outcomes(elsewhere, stored, 1)
    assert crewgen.outcomes.calibration().outcomes == 10


def test_only_the_newest_outcomes_teach(crewgen: Crewgen, stored: StoredCrew) -> None:
    record_outcomes(crewgen, stored, MOST_LEARNED_FROM + 5)
    assert crewgen.outcomes.calibration().outcomes == MOST_LEARNED_FROM


def test_asking_for_an_estimate_makes_no_database(tmp_path: Path) -> None:
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'none' / 'crewgen.db'}"), {})
    crewgen.review(sequential_crew(), OBJECTIVE)
    assert not (tmp_path / "none").exists()


def test_a_template_is_learned_about_by_its_key(crewgen: Crewgen, stored: StoredCrew) -> None:
    bad = OBJECTIVE.model_copy(update={"template": "bad"})
    with crewgen.database.begin() as connection:
        connection.execute(update(crew_tables.crews).values(template_key="bad"))
    record_outcomes(crewgen, stored, 30, shift=-2.5)
    _, with_it = crewgen.review(stored.crew, bad)
    _, without = crewgen.review(stored.crew, OBJECTIVE)
    assert with_it.success.p50 < without.success.p50
    explained = crewgen.explain_estimate(stored.crew, bad)
    assert any("particular to this template" in line.why for line in explained.success)


@pytest.mark.parametrize("count", [3, 12, 60])
def test_the_computation_ends_in_the_corrected_figures(crewgen: Crewgen, stored: StoredCrew, count: int) -> None:
    record_outcomes(crewgen, stored, count)
    _, estimate = crewgen.review(stored.crew, OBJECTIVE)
    made = crewgen.explain_estimate(stored.crew, OBJECTIVE)
    for line in (*made.success, *made.cost, *made.duration):
        if line.formula:
            assert calculate(line.formula) == pytest.approx(read(line.result), rel=2e-3, abs=2e-4), str(line)
    if count < 5:
        assert "none yet" in made.success[-1].result
        return
    assert estimate.cost_usd
    p50, p10, p90 = (read(line.result) for line in made.success[-3:])
    assert (p10, p50, p90) == pytest.approx(
        (estimate.success.p10, estimate.success.p50, estimate.success.p90), rel=1e-3
    )
    cost = estimate.cost_usd
    assert [read(line.result) for line in made.cost[-3:]] == pytest.approx(
        [float(cost.p10), float(cost.p50), float(cost.p90)], rel=1e-3, abs=2e-6
    )
    duration = estimate.duration_s
    assert [read(line.result) for line in made.duration[-3:]] == pytest.approx(
        [duration.p10, duration.p50, duration.p90], rel=1e-3
    )


def test_the_optimizer_shows_the_figures_of_the_crew_page(crewgen: Crewgen, designed: StoredCrew) -> None:
    record_outcomes(crewgen, designed, 60)
    _, today = crewgen.review(designed.crew, OBJECTIVE)
    made = crewgen.optimizing.optimize(designed.crew, "cost", None, OBJECTIVE)
    assert made.before == Effect.of(today)
    _, after = crewgen.review(apply_changes(designed.crew, made.changes), OBJECTIVE)
    assert made.after == Effect.of(after)
    for change in made.changes:
        _, alone = crewgen.review(apply_changes(designed.crew, [change]), OBJECTIVE)
        assert change.effect == Effect.of(alone)


def test_limits_of_the_optimizer_are_those_of_corrected_figures(crewgen: Crewgen, designed: StoredCrew) -> None:
    best = crewgen.optimizing.optimize(designed.crew, "performance", None, OBJECTIVE).after.success.p50
    record_outcomes(crewgen, designed, 60)
    _, today = crewgen.review(designed.crew, OBJECTIVE)
    assert today.cost_usd
    learned = crewgen.optimizing.optimize(designed.crew, "performance", None, OBJECTIVE)
    assert learned.after.success.p50 != best
    beyond = Limits(least_success=0.97)
    assert not crewgen.optimizing.optimize(designed.crew, "cost", beyond, OBJECTIVE).feasible
    between = round((today.success.p50 + learned.after.success.p50) / 2, 4)
    kept = crewgen.optimizing.optimize(designed.crew, "cost", Limits(least_success=between), OBJECTIVE)
    assert kept.feasible
    assert kept.after.success.p50 >= between - 1e-9
    budget = Decimal(round(float(today.cost_usd.p50) * 0.8, 6))
    cheaper = crewgen.optimizing.optimize(designed.crew, "performance", Limits(budget_usd=budget), OBJECTIVE)
    assert cheaper.feasible
    assert cheaper.after.cost_usd
    assert cheaper.after.cost_usd.p50 <= budget


def test_a_crew_that_only_its_row_says_the_template_of_is_corrected_by_that_template(
    crewgen: Crewgen, stored: StoredCrew
) -> None:
    with crewgen.database.begin() as connection:
        connection.execute(update(crew_tables.crews).values(template_key="brief", template_number=2))
    record_outcomes(crewgen, stored, 40)
    read = crewgen.crews.get(stored.crew_id)
    assert read.objective
    assert (read.objective.template, read.objective.template_number) == ("brief", 2)
    assert read.objective.text == OBJECTIVE.text
    _, by_template = crewgen.review(read.crew, read.objective)
    _, without = crewgen.review(stored.crew, OBJECTIVE)
    assert by_template.success.p50 < without.success.p50
    assert crewgen.crews.save_version(stored.crew_id, stored.crew, "Saved again", 1).estimate == by_template
