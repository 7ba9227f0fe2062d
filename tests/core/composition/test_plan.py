import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.graph import WorkGraph
from crewgen_core.composition.plan import MOST_PIECES, Piece, given_artefacts, plan_pieces
from crewgen_core.composition.structure import LEAST_HIERARCHICAL_TEAM, decide_structure
from crewgen_core.composition.texts import Voice
from crewgen_core.composition.toolbox import MOST_TOOLS, grant_tools, is_allowed
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import Objective
from tests.support.objectives import BENCHMARKED, CHURN, DIFFERENT


def read(text: str, **limits: object) -> Analysis:
    return analyze(Objective.model_validate({"text": text, **limits}), load_catalog())


def plan(text: str) -> tuple[Piece, ...]:
    return plan_pieces(read(text), load_catalog())


@pytest.mark.parametrize("text", [*BENCHMARKED, *DIFFERENT])
def test_a_plan_is_short_and_has_what_its_steps_need(text: str) -> None:
    catalog, analysis = load_catalog(), read(text)
    pieces = plan_pieces(analysis, catalog)
    made = {piece.step.produces for piece in pieces} | given_artefacts(analysis, catalog)
    assert 1 <= len(pieces) <= MOST_PIECES
    if len(pieces) < MOST_PIECES - 2:
        lacking = {need for piece in pieces for need in piece.step.needs} - made
        assert all(catalog.artefacts[need].stage == "input" for need in lacking)


def test_what_the_person_brings_is_not_made_again() -> None:
    given = given_artefacts(read(CHURN), load_catalog())
    assert given
    assert given & {piece.step.produces for piece in plan(CHURN)} == set()


def test_a_clause_that_the_catalog_does_not_know_becomes_a_step_in_its_own_words() -> None:
    pieces = plan("Christen the zeppelin and polish its bell")
    assert any(piece.step.key.startswith("plain_") and "zeppelin" in piece.request for piece in pieces)


def test_very_many_wishes_are_kept_in_the_nearest_piece() -> None:
    things = ("a press release", "a slide deck", "a newsletter", "a blog post", "a budget", "a survey", "a lesson plan",
              "a recipe", "a contract", "a test plan", "a podcast script", "a grant proposal")  # fmt: skip
    pieces = plan(" ".join(f"Write {thing} about tea." for thing in things))
    assert len(pieces) <= MOST_PIECES
    assert any(piece.wishes for piece in pieces)


def test_somebody_else_checks_what_several_pieces_make() -> None:
    stages = {load_catalog().artefacts[piece.step.produces].stage for piece in plan(CHURN)}
    assert stages & {"review", "final"}


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


def test_tools_are_few_and_none_goes_online_where_that_is_excluded() -> None:
    catalog = load_catalog()
    for text in DIFFERENT:
        offline = read(f"{text}. Do this without web access.")
        for piece in plan_pieces(offline, catalog):
            granted = grant_tools(piece, offline, catalog)
            assert len(granted) <= MOST_TOOLS
            assert not any(catalog.tools[tool].network for tool in granted)


def test_an_empty_list_of_tools_allows_none() -> None:
    assert not is_allowed("file_read", read(CHURN, allowed_tools=()), load_catalog())
    assert is_allowed("file_read", read(CHURN, allowed_tools=None), load_catalog())


def test_a_tool_of_high_risk_needs_a_word_of_the_objective() -> None:
    catalog, analysis = load_catalog(), read(CHURN)
    risky = next(key for key, tool in catalog.tools.items() if tool.risk == "high" and key not in analysis.tools)
    piece = plan_pieces(analysis, catalog)[0]
    step = piece.step.model_copy(update={"tools": (risky,)})
    assert grant_tools(Piece(step, "tea", "why", 0, named=False), analysis, catalog) == ()
    assert grant_tools(Piece(step, "tea", "why", 0, named=True), analysis, catalog) == (risky,)


@pytest.mark.parametrize("text", BENCHMARKED)
def test_texts_have_no_doubled_words_or_blanks_and_say_when_they_are_accepted(text: str) -> None:
    catalog, analysis = load_catalog(), read(text)
    pieces = plan_pieces(analysis, catalog)
    voice = Voice(analysis, pieces, catalog)
    for piece in pieces:
        written = f"{voice.title(piece)} | {voice.description(piece, [])} | {voice.expected_output(piece)}"
        assert "{" not in written
        assert "  " not in written
        assert "the the " not in written.lower()
        assert "Accepted when: " in written
        assert len(voice.title(piece)) <= 200
