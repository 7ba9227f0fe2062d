"""What came of the rows of a job: found, sorted, paged and streamed."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, update

from crewgen_core.errors import NotFound
from crewgen_core.models.design import Design
from crewgen_core.models.job import FinishedItem, ItemOrder, ItemQuery, NewItem
from crewgen_core.storage import crews, job_items, jobs
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.database import Database
from crewgen_core.storage.job_results import (
    RATE_SECONDS,
    count_failures,
    get_item,
    list_domains,
    list_extra_columns,
    list_items,
    list_recent,
    load_crew,
    measure_rate,
    stream_items,
)
from crewgen_core.storage.tables import job_tables
from tests.support.job_rows import add_finished, add_job, make_figures

ORDERS = get_args(ItemOrder)

FIGURES = st.none() | st.builds(
    make_figures,
    success=st.sampled_from([0.1, 0.2, 0.9]),
    cost_usd=st.sampled_from([None, "0.01", "0.5"]),
    duration_s=st.sampled_from([10.0, 600.0]),
    warnings=st.integers(0, 1),
    agents=st.integers(1, 2),
)


def find(connection: Connection, job_id: int, **query: object) -> list[str]:
    return [item.name for item in list_items(connection, job_id, ItemQuery.model_validate(query)).items]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    figures=st.lists(FIGURES, min_size=1, max_size=12),
    order=st.sampled_from(ORDERS),
    descending=st.booleans(),
    search=st.sampled_from(["", "report"]),
    size=st.integers(1, 5),
)
def test_paging_through_any_order_yields_each_row_exactly_once(
    database: Database, figures: list, order: ItemOrder, descending: bool, search: str, size: int
) -> None:
    query = ItemQuery(order=order, descending=descending, search=search)
    with database.begin() as connection:
        job_id = add_finished(connection, figures)
        pages = [list_items(connection, job_id, query, size, at) for at in range(0, len(figures) + size, size)]
        streamed = tuple(stream_items(connection, job_id, query))
    paged = tuple(item for page in pages for item in page.items)
    assert paged == streamed
    assert sorted(item.position for item in paged) == list(range(1, len(figures) + 1))
    assert {page.total for page in pages} == {len(figures)}


@pytest.mark.parametrize("descending", [False, True])
def test_what_has_no_figure_comes_last_in_both_directions_and_equals_keep_their_order(
    database: Database, descending: bool
) -> None:
    figures = [make_figures(cost_usd=None), make_figures(cost_usd="0.2"), None, make_figures(cost_usd="0.1")]
    with database.begin() as connection:
        job_id = add_finished(connection, [*figures, make_figures(cost_usd="0.2")])
        names = find(connection, job_id, order="cost", descending=descending)
    priced = ["Report 1", "Report 4", "Report 3"] if descending else ["Report 3", "Report 1", "Report 4"]
    assert names == [*priced, "Report 0", "Report 2"]


def test_names_are_sorted_without_regard_to_capitals_and_nameless_rows_come_last(database: Database) -> None:
    with database.begin() as connection:
        job_id, _ = add_job(
            connection, [NewItem(line=2, text="x", name=name) for name in ("Zoo", "", "apple", "Éclair")]
        )
        assert find(connection, job_id, order="name") == ["apple", "Zoo", "Éclair", ""]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("CHURN", ["Alpha"]),
        ("größe", ["Beta"]),
        ("GRÖSSE", []),
        ("50%", ["Gamma"]),
        ("a_b", ["Gamma"]),
        ("a\\b", []),
        ("  launch  ", ["Beta"]),
        ("no answer", ["Gamma"]),
        ("alpha\nfind", []),
    ],
)
def test_search_looks_at_name_objective_tags_and_reason_and_takes_every_letter_as_it_is(
    database: Database, wanted: str, found: list[str]
) -> None:
    rows = [
        NewItem(line=2, name="Alpha", text="why churn rose"),
        NewItem(line=3, name="Beta", text="Die GRÖßE des Marktes", tags="Launch, EU"),
        NewItem(line=4, name="Gamma", text="Cut it by 50% in a_b"),
    ]
    with database.begin() as connection:
        job_id, ids = add_job(connection, rows)
        failed = FinishedItem(id=ids[2], state="failed", failure_reason="The model gave No Answer.")
        job_items.finish(connection, job_id, [failed])
        assert find(connection, job_id, search=wanted) == found


def test_filters_apply_together_and_an_unknown_cost_is_below_no_limit(database: Database) -> None:
    figures = [
        make_figures(success=0.8, cost_usd="0.02", warnings=1),
        make_figures(success=0.8, cost_usd=None, warnings=1),
        make_figures(success=0.8, cost_usd="0.2", errors=1),
        make_figures(success=0.1, cost_usd="0.02", warnings=2),
        None,
    ]
    with database.begin() as connection:
        job_id = add_finished(connection, figures)
        assert find(connection, job_id, min_success=0.5) == ["Report 0", "Report 1", "Report 2"]
        assert find(connection, job_id, max_cost_usd=Decimal("0.02")) == ["Report 0", "Report 3"]
        assert find(connection, job_id, with_warnings=True) == ["Report 0", "Report 1", "Report 2", "Report 3"]
        assert find(connection, job_id, min_success=0.5, max_cost_usd=1, with_warnings=True, domain="Software") == [
            "Report 0",
            "Report 2",
        ]
        assert find(connection, job_id, domain="Law") == []
        assert find(connection, job_id, states=("failed",)) == ["Report 4"]
        assert find(connection, job_id, states=("failed", "completed"), search="4") == ["Report 4"]


def test_the_counts_of_a_job_are_the_total_where_only_states_are_asked(database: Database) -> None:
    with database.begin() as connection:
        job_id = add_finished(connection, [None, make_figures(), make_figures()])
        for states, total in (((), 3), (("failed",), 1), (("completed", "pending"), 2), (("cancelled",), 0)):
            page = list_items(connection, job_id, ItemQuery(states=states), limit=1, offset=9)
            assert (page.total, page.items) == (total, ())


def test_any_number_of_rows_can_be_asked_for_by_their_ids(database: Database) -> None:
    with database.begin() as connection:
        job_id, ids = add_job(connection, [NewItem(line=0, text="x", name=str(at)) for at in range(4)])
        wanted = (ids[2], ids[1], *range(100_000, 200_000))
        assert find(connection, job_id, ids=wanted) == ["1", "2"]


def test_rows_of_other_jobs_are_never_found(database: Database) -> None:
    with database.begin() as connection:
        first = add_finished(connection, [make_figures(), None], domain="Law")
        second = add_finished(connection, [make_figures()])
        assert {item.job_id for item in stream_items(connection, first)} == {first}
        assert list_domains(connection, second) == ("Software",)
        assert count_failures(connection, second) == ()
        assert [item.job_id for item in list_recent(connection, second)] == [second]


def test_unknown_jobs_and_rows_are_told(database: Database) -> None:
    with database.read() as connection:
        with pytest.raises(NotFound, match="no job 9"):
            list_items(connection, 9)
        with pytest.raises(NotFound, match="no row 9"):
            get_item(connection, 9)


def test_a_stream_outlives_changes_of_what_it_is_sorted_by(database: Database) -> None:
    with database.begin() as connection:
        job_id = add_finished(connection, [make_figures(cost_usd=f"0.0{at}") for at in range(1, 6)])
        stream = stream_items(connection, job_id, ItemQuery(order="cost"))
        first = next(stream)
        table = job_tables.job_items
        connection.execute(update(table).where(table.c.id != first.id).values(cost_micro_usd=1))
        assert len({first.id, *(item.id for item in stream)}) == 5


def test_extra_columns_are_listed_as_they_first_come(database: Database) -> None:
    rows = [NewItem(line=2, text="x"), NewItem(line=3, text="y", extra={"b": "1"})]
    with database.begin() as connection:
        job_id, _ = add_job(connection, [*rows, NewItem(line=4, text="z", extra={"a": "2", "b": "3"})])
        assert list_extra_columns(connection, job_id) == ("b", "a")


def test_the_crew_of_a_row_is_the_version_of_that_time(database: Database, design: Design) -> None:
    with database.begin() as connection:
        stored = crews.create(connection, design.crew, design.report, design.estimate)
        later = design.crew.model_copy(update={"name": "Later"})
        crews.save_version(connection, stored.crew_id, later, design.report, design.estimate, "Renamed", 1)
        job_id, ids = add_job(connection, [NewItem(line=0, text="x"), NewItem(line=0, text="y")])
        done = FinishedItem(id=ids[0], crew_id=stored.crew_id, version_number=1)
        job_items.finish(connection, job_id, [done])
        assert load_crew(connection, get_item(connection, ids[0])) == design.crew
        with pytest.raises(NotFound, match="no crew of row 2"):
            load_crew(connection, get_item(connection, ids[1]))


# --- progress ---------------------------------------------------------------------------------------------------------


def set_moments(connection: Connection, job_id: int, seconds_ago: list[float]) -> datetime:
    now = tell_time()
    for item, ago in zip(stream_items(connection, job_id), seconds_ago, strict=True):
        moment = now - timedelta(seconds=ago)
        connection.execute(
            update(job_tables.job_items).where(job_tables.job_items.c.id == item.id).values(finished_at=moment)
        )
    return now


def test_the_rows_finished_last_come_first_and_cancelled_ones_are_not_among_them(database: Database) -> None:
    with database.begin() as connection:
        job_id = add_finished(connection, [make_figures(), None, make_figures()])
        set_moments(connection, job_id, [5, 1, 3])
        jobs_row = job_tables.jobs.c
        connection.execute(update(job_tables.jobs).where(jobs_row.id == job_id).values(state="running"))
        job_items.add(connection, job_id, [NewItem(line=9, text="never begun")])
        jobs.set_state(connection, job_id, "cancelled")
        assert [item.name for item in list_recent(connection, job_id)] == ["Report 1", "Report 2", "Report 0"]
        assert [item.name for item in list_recent(connection, job_id, 1)] == ["Report 1"]


@pytest.mark.parametrize(
    ("seconds_ago", "rate"),
    [
        ([], None),
        ([1], None),
        ([1, 1, 1], None),
        ([3, 2, 1], 1.0),
        ([3, 3, 3, 3, 1, 1, 1, 1], 2.0),
        ([RATE_SECONDS + 20, RATE_SECONDS + 10], None),
        ([RATE_SECONDS + 20, 20, 10], 0.1),
    ],
)
def test_the_rate_is_that_of_the_last_minute(database: Database, seconds_ago: list[float], rate: float | None) -> None:
    with database.begin() as connection:
        job_id = add_finished(connection, [make_figures()] * len(seconds_ago))
        set_moments(connection, job_id, seconds_ago)
        assert measure_rate(connection, job_id) == (None if rate is None else pytest.approx(rate))


def test_reasons_of_failure_are_counted_the_most_frequent_first(database: Database) -> None:
    reasons = ["Late.", "No key.", "Late.", "Odd."]
    with database.begin() as connection:
        job_id, ids = add_job(connection, [NewItem(line=0, text="x") for _ in reasons])
        failed = [FinishedItem(id=ids[at], state="failed", failure_reason=it) for at, it in enumerate(reasons)]
        job_items.finish(connection, job_id, failed)
        found = [(it.reason, it.count) for it in count_failures(connection, job_id, 2)]
    assert found == [("Late.", 2), ("No key.", 1)]


def test_progress_is_read_from_indexes_and_never_from_all_rows(database: Database) -> None:
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        asked.append((statement, parameters))

    with database.begin() as connection:
        job_id = add_finished(connection, [make_figures(), None])
        event.listen(connection, "before_cursor_execute", note)
        list_recent(connection, job_id)
        measure_rate(connection, job_id)
        count_failures(connection, job_id)
        event.remove(connection, "before_cursor_execute", note)
        plans = [
            " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
            for statement, parameters in asked
        ]
    recent, rows, rate, failures = plans
    assert "ix_job_items_job_id_finished_at" in recent
    assert "ix_job_items_job_id_finished_at" in rate
    assert "INTEGER PRIMARY KEY" in rows
    assert "ix_job_items_failed" in failures
