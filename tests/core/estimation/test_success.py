from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.estimation.success import (
    crew_load,
    probability,
    rework_probability,
    sigmoid,
    spread_of,
    with_team,
)
from crewgen_core.estimation.work import Work, read_crew
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from tests.support.estimation import make_profile, small_catalog

SKILLED = tuple(SkillLevel(name=name) for name in ("market_research", "churn_analysis", "scheduling"))


def team(skill: str, minutes: tuple[float, ...], catalog: Catalog, horizon_sd: float = 0) -> tuple[Work, ...]:
    agents = tuple(Agent(key=f"a{at}", role="R", skills=SKILLED) for at in range(len(minutes)))
    tasks = tuple(
        Task(key=f"t{at}", name="T", agent=f"a{at}", skills=(skill,), human_minutes=length)
        for at, length in enumerate(minutes)
    )
    profiles = {"m": make_profile("m", horizon_sd=horizon_sd)}
    return read_crew(Crew(agents=agents, tasks=tasks), profiles, catalog, "m")


def test_cutting_work_into_more_tasks_changes_nothing(catalog: Catalog, constants: Constants) -> None:
    whole, cut = team("scheduling", (120,), catalog), team("scheduling", (30, 30, 30, 30), catalog)
    assert crew_load(whole, 1, constants) == pytest.approx(crew_load(cut, 1, constants)) == pytest.approx(120 / 200)


def test_the_interval_is_the_one_of_the_source(constants: Constants) -> None:
    """P10 to P90 at sigma 0.7: .5 gives .29 to .71."""
    found = probability(0, constants.success.sigma.value)
    assert (found.p10, found.p50, found.p90) == pytest.approx((0.29, 0.5, 0.71), abs=0.005)


def test_a_team_loses_in_full_and_gains_up_to_where_teams_stop_helping(catalog: Catalog, constants: Constants) -> None:
    planning, analysis = team("scheduling", (30, 30), catalog), team("churn_analysis", (30, 30), catalog)
    assert with_team(0, planning, "parallel", constants) == pytest.approx(-1.86 / 2)
    assert sigmoid(with_team(-0.6, analysis, "hierarchical", constants)) == pytest.approx(0.45)
    assert with_team(-3, analysis, "hierarchical", constants) == pytest.approx(-3 + 1.16 / 2)
    assert with_team(1, analysis, "hierarchical", constants) == 1


def test_one_agent_and_a_style_nobody_measured_have_no_team_effect(catalog: Catalog, constants: Constants) -> None:
    assert with_team(0, team("scheduling", (30,), catalog), "parallel", constants) == 0
    assert with_team(0, team("scheduling", (30, 30), catalog), "sequential", constants) == 0


ANALYSTS = team("churn_analysis", (30, 30), small_catalog())


@settings(deadline=None)
@given(st.floats(-10, 10), st.floats(-10, 10), st.sampled_from(["solo", "parallel", "hierarchical", "collaborative"]))
def test_a_team_never_turns_better_into_worse(one: float, other: float, style: str) -> None:
    constants = load_constants()
    low, high = sorted((one, other))
    assert with_team(low, ANALYSTS, style, constants) <= with_team(high, ANALYSTS, style, constants)


def test_models_without_a_score_widen_by_their_share(catalog: Catalog, constants: Constants) -> None:
    assert spread_of(team("scheduling", (30,), catalog), 1, constants) == pytest.approx(0.7)
    wide = spread_of(team("scheduling", (30,), catalog, horizon_sd=1.67), 1, constants)
    assert wide == pytest.approx((0.7**2 + (0.581 * 1.67) ** 2) ** 0.5)


def test_a_review_has_an_interval_of_its_own(catalog: Catalog, constants: Constants) -> None:
    works = [replace(work, is_review=True) for work in team("scheduling", (30,), catalog, horizon_sd=1.67)]
    assert spread_of(works, 1, constants) > 0.7


def test_reviews_send_back_wrong_results_more_often_than_right_ones(constants: Constants) -> None:
    assert rework_probability(1, constants) == pytest.approx(0.3)
    assert rework_probability(0, constants) == pytest.approx(0.5)


@settings(deadline=None)
@given(st.floats(allow_nan=False))
def test_no_logit_is_too_large_for_a_probability(logit: float) -> None:
    assert 0 <= sigmoid(logit) <= 1
