from itertools import permutations

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from tests.support.objectives import BENCHMARKED, DIFFERENT
from tests.support.overlap import boilerplate, shared_part

FIFTY = BENCHMARKED[:: len(BENCHMARKED) // 50][:50]
"""Fifty objectives, spread evenly over those of the benchmark, as in benchmarks/quality.py."""


def make(text: str) -> Crew:
    return CatalogComposer(load_catalog()).build(analyze(Objective(text=text), load_catalog()))


def test_no_two_of_fifty_crews_share_more_than_a_quarter_of_their_text() -> None:
    crews = {text: make(text) for text in FIFTY}
    assert len(crews) == 50
    too_alike = {
        (one, other): round(share, 2)
        for one, other in permutations(crews, 2)
        if (share := shared_part(crews[one], crews[other])) > 0.25
    }
    assert too_alike == {}


def test_crews_of_different_trades_have_little_text_that_would_fit_any_of_them() -> None:
    shares = boilerplate({text: make(text) for text in DIFFERENT})
    assert sum(shares.values()) / len(shares) <= 0.25


def test_shared_text_is_measured_by_runs_of_five_words() -> None:
    one = make(DIFFERENT[0])
    assert shared_part(one, one) == 1.0
    assert shared_part(one, make(DIFFERENT[1])) < shared_part(one, one)
