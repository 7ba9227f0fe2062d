"""The tally is what counting everything anew would give, after any history."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from crewgen_core.models.job import FinishedItem, NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.storage import job_items, jobs, requests, tally
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import request_tables
from crewgen_core.storage.tally_rebuild import rebuild_tally
from tests.support.designs import make_design

MODEL = "openai/gpt-5-mini"
DESIGNS = (
    make_design(),
    make_design(cost_usd=None, seconds=12.5),
    make_design(cost_usd=Decimal("0.001234"), fallback_reason=f"{MODEL} did not answer within 30 seconds."),
)


def read_tally(connection: Connection) -> list[tuple[object, ...]]:
    """Everything that is counted, but for rows that count nothing, with what tells kinds apart instead of their ids."""
    read = list[tuple[object, ...]]()
    for table in (request_tables.request_days, request_tables.request_times):
        columns = (column for column in table.c if column.name not in ("kind_id", "newest_id"))
        query = select(request_tables.request_kinds.c.fingerprint, *columns).join(request_tables.request_kinds)
        read += [tuple(row) for row in connection.execute(query.where(table.c.requests != 0))]
    return sorted(read, key=str)


def do(connection: Connection, step: str, which: int) -> None:
    """One thing that may happen."""
    design = DESIGNS[which]
    if step == "stored as rows":
        requests.store_designs(connection, [design, DESIGNS[0]], [MODEL if which else None, None])
    elif step == "rows fail":
        fail_rows(connection, which)
    elif step == "rows fail and are tried again":
        job_items.retry(connection, fail_rows(connection, which))
    else:
        request_id = requests.create(connection, design.objective, MODEL if which else None)
        requests.start(connection, request_id)
        if step != "completed":
            requests.fail(connection, request_id, f"It failed after {which} tries.")
        if step != "failed":
            requests.complete(connection, request_id, design)


def fail_rows(connection: Connection, number: int) -> int:
    job_id = jobs.create(connection, NewJob(name="Reports"))
    job_items.add(
        connection, job_id, [NewItem(1, f"Report {at}", requirements={"domain": "sales"}) for at in range(number + 1)]
    )
    items = job_items.begin(connection, job_id, 1)
    failed = [FinishedItem(id=item.id, state="failed", failure_reason="No answer in 3 s.") for item in items]
    job_items.finish(connection, job_id, failed)
    return job_id


STEPS = (
    "completed",
    "failed",
    "failed, then completed",
    "stored as rows",
    "rows fail",
    "rows fail and are tried again",
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=6))
def test_after_any_history_it_is_what_counting_anew_gives(database: Database, history: list[tuple[str, int]]):
    with database.begin() as connection:
        for step, which in history:
            do(connection, step, which)
    with database.begin() as connection:
        asked, kinds = request_tables.generation_requests, request_tables.request_kinds
        # which rows of a job became requests is known from the rows only, and here they are stored without them
        bulk = {
            row.id
            for row in connection.execute(
                select(asked.c.id).join(kinds, kinds.c.id == asked.c.kind_id).where(kinds.c.origin == "bulk")
            )
        }
        counted = read_tally(connection)
        rebuild_tally(connection, bulk)
        assert read_tally(connection) == counted


def test_every_ended_request_knows_how_it_was_counted(database: Database):
    with database.begin() as connection:
        for step in STEPS:
            do(connection, step, 1)
        opened = requests.create(connection, Objective(text="Plan a launch"))
        columns = (request_tables.generation_requests.c.id, request_tables.generation_requests.c.kind_id)
        kinds = {row[0]: row[1] for row in connection.execute(select(*columns))}
    assert kinds.pop(opened) is None
    assert kinds
    assert None not in kinds.values()


def test_a_transaction_that_fails_counts_nothing(database: Database):
    with database.begin() as connection:
        before = read_tally(connection)
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        do(connection, "completed", 1)
        raise ZeroDivisionError
    with database.begin() as connection:
        assert read_tally(connection) == before


def test_counting_nothing_stores_nothing(database: Database):
    with database.begin() as connection:
        assert tally.add(connection, []) == []
        assert read_tally(connection) == []
