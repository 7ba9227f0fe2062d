import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.at_once import costs_success, list_kinds, start_levels
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.graph import WorkGraph
from crewgen_core.composition.pieces import Piece
from crewgen_core.composition.plan import plan_pieces
from crewgen_core.composition.structure import LEAST_HIERARCHICAL_TEAM, decide_structure
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import Objective
from tests.support.objectives import BENCHMARKED, CHURN


def read(text: str, **limits: object) -> Analysis:
    return analyze(Objective.model_validate({"text": text, **limits}), load_catalog())


def test_a_small_team_has_no_manager_and_one_agent_is_solo() -> None:
    catalog, analysis = load_catalog(), read(CHURN)
    graph = WorkGraph(plan_pieces(analysis, catalog), catalog)
    for size in range(1, LEAST_HIERARCHICAL_TEAM):
        assert decide_structure(analysis, graph, size, catalog).managed is False
    assert decide_structure(analysis, graph, 1, catalog).coordination == "solo"


@pytest.mark.parametrize("text", BENCHMARKED)
def test_the_last_piece_waits_for_all_that_run_at_once(text: str) -> None:
    catalog, analysis = load_catalog(), read(text)
    graph = WorkGraph(plan_pieces(analysis, catalog), catalog)
    at_once = decide_structure(analysis, graph, 3, catalog).at_once
    assert len(at_once) != 1
    assert graph.ordered[-1].step.key not in at_once


def test_who_works_alone_says_why() -> None:
    catalog = load_catalog()
    free, limited = read("Write release notes from our Git history"), read(CHURN, max_agents=1)
    for analysis, words in ((free, "a team would only add cost"), (limited, "all that was allowed")):
        (agent,) = CatalogComposer(catalog).build(analysis).agents
        assert words in agent.why


@pytest.mark.parametrize(("activity", "managed"), [("analyze", True), ("research", False), ("plan", False)])
def test_a_manager_is_hired_for_analysis_that_can_be_divided_only(activity: str, managed: bool) -> None:
    catalog, analysis = load_catalog(), read(CHURN)
    skills = [key for key, skill in catalog.skills.items() if skill.activity == activity]
    steps = [steps[0] for key in skills if (steps := catalog.steps_by_skill.get(key)) and not steps[0].needs]
    alone = [step for step in steps if not any(step.produces in other.uses for other in steps)]
    alone = [step for step in alone if not any(use in [s.produces for s in alone] or ":" in use for use in step.uses)]
    pieces = [Piece(step, "tea", "why", rank) for rank, step in enumerate(alone[:5])]
    last = Piece(catalog.steps["review_deliverable"], "tea", "why", 9)
    graph = WorkGraph([*pieces, last], catalog)
    assert decide_structure(analysis, graph, LEAST_HIERARCHICAL_TEAM, catalog).managed is managed
    assert decide_structure(analysis, graph, LEAST_HIERARCHICAL_TEAM - 1, catalog).managed is False


PLANNING = "Organize a charity run: permits, volunteers, sponsors, timeline"
ANALYSIS = "Business case for a milking robot on a 70-cow farm"


def test_planning_that_could_be_divided_is_done_in_a_row_and_analysis_side_by_side() -> None:
    composer = CatalogComposer(load_catalog())
    planning, analysis = composer.build(read(PLANNING)), composer.build(read(ANALYSIS))
    assert planning.coordination == "sequential"
    assert start_levels(planning) != planning
    assert not any(task.async_execution for task in planning.tasks)
    assert analysis.coordination == "parallel"


@pytest.mark.parametrize(
    "wish", [{"preferences": "Be quick: run the tasks in parallel."}, {"context": "It is urgent."}]
)
def test_whoever_asks_for_speed_gets_what_can_be_done_at_once(wish: dict[str, str]) -> None:
    crew = CatalogComposer(load_catalog()).build(read(PLANNING, **wish))
    assert crew.coordination == "parallel"


@pytest.mark.parametrize("text", BENCHMARKED)
def test_nobody_works_side_by_side_where_the_measured_effect_is_a_loss(text: str) -> None:
    crew = CatalogComposer(load_catalog()).build(read(text))
    assert crew.coordination != "parallel" or not costs_success(list_kinds(crew.tasks, load_catalog()))
