import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.graph import WorkGraph
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
