import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.pieces import MOST_PIECES, Piece, given_artefacts
from crewgen_core.composition.plan import plan_pieces
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
    pieces = plan("Moor the zeppelin and polish its bell")
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


def test_a_text_that_is_asked_for_once_is_written_once() -> None:
    pieces = plan("Score 600 leads from a trade fair and write follow-up emails for the best 50")
    assert [piece.step.skill for piece in pieces].count("email_writing") == 1
