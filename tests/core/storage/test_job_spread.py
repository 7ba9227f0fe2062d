"""How the figures of a job's crews differ: bins, quartiles, domains, outliers and points to draw."""

import statistics
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.errors import NotFound
from crewgen_core.models.job import FinishedItem, NewItem
from crewgen_core.models.spread import Spread
from crewgen_core.storage import job_items
from crewgen_core.storage.database import Database
from crewgen_core.storage.job_spread import MOST_OUTLIERS, MOST_POINTS, find_quartiles, measure_spread
from tests.support.job_rows import add_finished, add_job, make_figures

CHANCES = st.floats(0, 1, allow_subnormal=False)
COSTS = st.none() | st.decimals(0, 100, places=6)


def measure(database: Database, figures: list) -> Spread:
    with database.begin() as connection:
        return measure_spread(connection, add_finished(connection, figures))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CHANCES, COSTS, st.floats(0.001, 1e6)), max_size=30))
def test_every_crew_is_in_exactly_one_bin(database: Database, rows: list[tuple[float, Decimal | None, float]]) -> None:
    spread = measure(
        database,
        [None, *(make_figures(chance, None if cost is None else str(cost), took) for chance, cost, took in rows)],
    )
    assert spread.crews == len(rows)
    assert spread.priced == sum(cost is not None for _, cost, _ in rows)
    for found in (spread.success, spread.cost_usd, spread.duration_s):
        if found is not None:
            assert found.total in (spread.crews, spread.priced)
            assert list(found.edges) == sorted(set(found.edges))
            assert len(found.edges) == len(found.counts) + 1
            five = list(found.quartiles.model_dump().values())
            assert five == sorted(five)
    assert (spread.success is None) == (not rows)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2))
def test_quartiles_are_those_of_the_textbook(values: list[float]) -> None:
    found = find_quartiles(sorted(values))
    assert [found.q1, found.median, found.q3] == pytest.approx(statistics.quantiles(values, n=4, method="inclusive"))


def test_bins_have_round_edges_and_a_long_tail_is_counted_beyond_the_last(database: Database) -> None:
    figures = [make_figures(cost_usd=f"{0.01 + at / 10_000:.4f}") for at in range(299)]
    cost = measure(database, [*figures, make_figures(cost_usd="9")]).cost_usd
    assert cost is not None
    assert cost.edges[:3] == (0.01, 0.0125, 0.015)
    assert cost.edges[-1] < 0.05
    assert cost.above == 1
    assert cost.total == 300


def test_crews_that_are_all_alike_are_one_bin_without_outliers(database: Database) -> None:
    spread = measure(database, [make_figures()] * 5)
    assert spread.success is not None
    assert max(spread.success.counts) == 5
    assert spread.outliers == ()
    assert spread.outlier_count == 0


def test_what_costs_or_takes_far_more_or_less_is_an_outlier_the_farthest_first(database: Database) -> None:
    usual = [make_figures(cost_usd=f"0.{30 + at}", duration_s=100 + at) for at in range(20)]
    odd = [make_figures(cost_usd="5", duration_s=110), make_figures(cost_usd="0.4", duration_s=1.0)]
    spread = measure(database, [*usual, *odd])
    assert [(it.name, it.figure, it.line) for it in spread.outliers] == [
        ("Report 20", "cost", 22),
        ("Report 21", "duration", 23),
    ]
    first = spread.outliers[0]
    assert 0 <= first.usual_low < 0.3 < 0.5 < first.usual_high < 5
    assert [point.name for point in spread.points if point.outlier] == ["Report 20", "Report 21"]


def test_of_many_outliers_twenty_are_listed_and_all_counted(database: Database) -> None:
    usual = [make_figures(duration_s=100 + at % 10) for at in range(200)]
    spread = measure(database, [*usual, *(make_figures(duration_s=1_000 + at) for at in range(30))])
    assert len(spread.outliers) == MOST_OUTLIERS
    assert spread.outlier_count == 30
    assert spread.outliers[0].value == 1_029


def test_of_many_crews_some_are_drawn_always_the_same_and_every_outlier(database: Database) -> None:
    figures = [make_figures(cost_usd=f"0.0{10 + at % 7}") for at in range(2 * MOST_POINTS)]
    figures[1] = make_figures(cost_usd="7")
    with database.begin() as connection:
        job_id = add_finished(connection, figures)
        spread = measure_spread(connection, job_id)
        assert measure_spread(connection, job_id) == spread
    assert spread.priced == 2 * MOST_POINTS
    assert len(spread.points) == MOST_POINTS + 1
    assert [point.name for point in spread.points if point.outlier] == ["Report 1"]


def test_crews_are_told_apart_by_domain_and_by_who_made_them(database: Database) -> None:
    made = [("Law", "Built-in", 0.2, None), ("Sales", "gpt-5", 0.5, "0.1"), ("Sales", "Built-in", 0.7, "0.3")]
    with database.begin() as connection:
        job_id, ids = add_job(connection, [NewItem(line=at + 2, text="x") for at in range(len(made))])
        finished = [
            FinishedItem(id=item, domain=domain, engine=engine, figures=make_figures(success, cost))
            for item, (domain, engine, success, cost) in zip(ids, made, strict=True)
        ]
        job_items.finish(connection, job_id, finished)
        spread = measure_spread(connection, job_id)
    sales, law = spread.domains
    assert (sales.domain, sales.count, sales.success.median) == ("Sales", 2, pytest.approx(0.6))
    assert sales.cost_usd is not None
    assert sales.cost_usd.median == pytest.approx(0.2)
    assert (law.domain, law.cost_usd) == ("Law", None)
    assert [(it.engine, it.count) for it in spread.engines] == [("Built-in", 2), ("gpt-5", 1)]
    assert [point.name for point in spread.points] == ["Row 3", "Row 4"]


def test_a_job_without_crews_has_no_figures_and_an_unknown_one_is_told(database: Database) -> None:
    spread = measure(database, [None])
    assert (spread.crews, spread.success, spread.points, spread.domains) == (0, None, (), ())
    with database.read() as connection, pytest.raises(NotFound, match="no job 99"):
        measure_spread(connection, 99)
