import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Step
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.graph import WorkGraph
from crewgen_core.composition.pieces import Piece


def make_piece(
    key: str, produces: str, uses: tuple[str, ...] = (), needs: tuple[str, ...] = (), rank: int = 0
) -> Piece:
    step = Step(
        key=key, title=key, skill="web_research", needs=needs, uses=uses, produces=produces,
        description="x", output="x", checks=("x",), minutes=5,
    )  # fmt: skip
    return Piece(step, "tea", "why", rank)


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog()


def order(graph: WorkGraph) -> list[str]:
    return [piece.step.key for piece in graph.ordered]


def test_a_piece_comes_after_what_it_needs_even_when_the_text_says_otherwise(catalog: Catalog) -> None:
    report = make_piece("report_it", "report", needs=("web_sources",), rank=0)
    search = make_piece("search_it", "web_sources", rank=1)
    graph = WorkGraph([report, search], catalog)
    assert order(graph) == ["search_it", "report_it"]
    assert graph.sources_of(report) == ("search_it",)


def test_a_stage_stands_for_all_results_of_that_stage(catalog: Catalog) -> None:
    pieces = [
        make_piece("count_it", "data_findings"),
        make_piece("read_it", "text_findings", rank=1),
        make_piece("tell_it", "report", uses=("stage:finding",), rank=2),
    ]
    graph = WorkGraph(pieces, catalog)
    assert set(graph.sources_of(pieces[2])) == {"count_it", "read_it"}
    assert [len(level) for level in graph.levels()] == [2, 1]


def test_two_pieces_that_want_each_others_results_make_no_circle(catalog: Catalog) -> None:
    pieces = [
        make_piece("one_it", "report", needs=("data_findings",)),
        make_piece("two_it", "data_findings", needs=("report",), rank=1),
    ]
    graph = WorkGraph(pieces, catalog)
    assert len(order(graph)) == 2
    assert sorted(len(graph.sources_of(piece)) for piece in pieces) == [0, 1]


def test_a_result_that_nobody_takes_up_goes_to_the_last_piece(catalog: Catalog) -> None:
    pieces = [make_piece("loose_it", "budget"), make_piece("end_it", "quality_verdict", rank=1)]
    assert WorkGraph(pieces, catalog).sources_of(pieces[1]) == ("loose_it",)


ARTEFACTS = sorted(load_catalog().artefacts)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(ARTEFACTS),
            st.lists(st.sampled_from([*ARTEFACTS, "stage:finding", "stage:draft"]), max_size=3).map(tuple),
            st.integers(0, 5),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_pieces_make_a_graph_without_circles_that_ends_in_one(
    wants: list[tuple[str, tuple[str, ...], int]],
) -> None:
    pieces = [make_piece(f"step_{i}", made, uses, rank=rank) for i, (made, uses, rank) in enumerate(wants)]
    graph = WorkGraph(pieces, load_catalog())
    done: set[str] = set()
    for piece in graph.ordered:
        assert done.issuperset(graph.sources_of(piece))
        done.add(piece.step.key)
    taken = {source for piece in pieces for source in graph.sources_of(piece)}
    assert len(done - taken) == 1
    assert len(done) == len(pieces)
