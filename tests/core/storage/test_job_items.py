"""Rows of jobs: begun, finished once, left for later."""

import pytest
from sqlalchemy import select

from crewgen_core.errors import NotFound
from crewgen_core.models.job import FinishedItem, Item, NewItem, NewJob
from crewgen_core.storage import job_items, job_results, jobs
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import job_tables
from tests.support.job_rows import make_figures


def start(database: Database, rows: int) -> int:
    with database.begin() as connection:
        job_id = jobs.create(connection, NewJob(name="Spring", kind="optimize"))
        job_items.add(connection, job_id, (NewItem(at + 2, f"Write {at}") for at in range(rows)))
    return job_id


def begin(database: Database, job_id: int, chunk: int = 1) -> tuple[Item, ...]:
    with database.begin() as connection:
        return job_items.begin(connection, job_id, chunk)


def finish(database: Database, job_id: int, *done: FinishedItem) -> None:
    with database.begin() as connection:
        jobs.lock(connection, job_id)
        pending = job_items.lock_pending(connection, [one.id for one in done])
        job_items.finish(connection, job_id, [one for one in done if one.id in pending])


def read(database: Database, job_id: int) -> list[Item]:
    with database.read() as connection:
        return list(job_results.stream_items(connection, job_id))


def test_rows_keep_their_order_and_all_that_was_given(database: Database) -> None:
    row = NewItem(7, "Write", "Report", {"max_agents": 2}, "openai/gpt-5-mini", "high", "a, b", {"Owner": "Ünal"})
    with database.begin() as connection:
        job_id = jobs.create(connection, NewJob(name="Spring"))
        assert job_items.add(connection, job_id, [row, NewItem(9, "Plan")]) == 2
    first, second = read(database, job_id)
    assert (first.position, first.line, first.objective, first.name) == (1, 7, "Write", "Report")
    assert (first.requirements, first.model, first.priority) == ({"max_agents": 2}, "openai/gpt-5-mini", "high")
    assert (first.tags, first.extra, first.state, first.attempts) == ("a, b", {"Owner": "Ünal"}, "pending", 0)
    assert (second.position, second.line, second.requirements, second.extra) == (2, 9, {}, {})


def test_a_row_leaves_pending_once(database: Database) -> None:
    job_id = start(database, 1)
    (item,) = begin(database, job_id)
    finish(database, job_id, FinishedItem(id=item.id, crew_name="First", figures=make_figures(0.3)))
    finish(database, job_id, FinishedItem(id=item.id, crew_name="Second", state="failed"))
    (found,) = read(database, job_id)
    assert (found.state, found.crew_name, found.figures) == ("completed", "First", make_figures(0.3))
    with database.read() as connection:
        job = jobs.get(connection, job_id)
    assert (job.state, job.completed, job.failed) == ("completed", 1, 0)


def test_finished_rows_are_not_begun_again(database: Database) -> None:
    job_id = start(database, 3)
    items = begin(database, job_id)
    finish(database, job_id, FinishedItem(id=items[1].id))
    assert [item.id for item in begin(database, job_id)] == [items[0].id, items[2].id]
    assert [item.attempts for item in read(database, job_id)] == [2, 1, 2]


def test_a_row_that_kills_the_process_is_worked_on_alone_in_the_end(database: Database) -> None:
    job_id = start(database, 3)
    for _ in range(job_items.CAREFUL_AFTER):
        assert len(begin(database, job_id)) == 3
    alone = [begin(database, job_id) for _ in range(3)]
    assert [len(items) for items in alone] == [1, 1, 1]
    assert len({item.id for (item,) in alone}) == 3  # one after the other, the one begun the fewest times first


def test_rows_that_are_left_get_a_new_chunk_and_attempts_that_ended_well_do_not_count(database: Database) -> None:
    job_id = start(database, 4)
    for _ in range(6):
        chunk = max(chunk for chunk, *_ in read_chunks(database, job_id))
        items = begin(database, job_id, chunk)
        assert len(items) == 4
        with database.begin() as connection:
            assert job_items.leave(connection, job_id, chunk) == 4
            assert job_items.leave(connection, job_id, chunk) == 0
    assert {item.attempts for item in read(database, job_id)} == {1}  # an answer of a model is still looked for


def read_chunks(database: Database, job_id: int) -> list[tuple[int, str]]:
    row = job_tables.job_items.c
    with database.read() as connection:
        return [tuple(found) for found in connection.execute(select(row.chunk, row.state).where(row.job_id == job_id))]


def test_leaving_all_takes_only_rows_that_the_queue_was_given(database: Database) -> None:
    size = job_items.CHUNK["optimize"]
    job_id = start(database, 3 * size)
    with database.begin() as connection:
        jobs.take_chunks(connection, job_id, 2)
    (first, *_) = begin(database, job_id)
    finish(database, job_id, FinishedItem(id=first.id))
    with database.begin() as connection:
        assert job_items.leave_all(connection, job_id) == 2 * size - 1
        assert job_items.leave_all(connection, job_id) == 0
    chunks = read_chunks(database, job_id)
    assert {chunk for chunk, state in chunks if state == "pending"} == {3, 4, 5}


def test_trying_again_takes_failed_and_cancelled_rows_but_no_completed_one(database: Database) -> None:
    job_id = start(database, 3)
    items = begin(database, job_id)
    finish(
        database,
        job_id,
        FinishedItem(id=items[0].id),
        FinishedItem(id=items[1].id, state="failed", failure_reason="The model gave no answer."),
    )
    with database.begin() as connection:
        jobs.set_state(connection, job_id, "cancelled")
    with database.begin() as connection:
        assert job_items.retry(connection, job_id, [items[0].id]) == 0
        assert jobs.get(connection, job_id).state == "cancelled"
        assert job_items.retry(connection, job_id, [items[1].id]) == 1
        assert jobs.get(connection, job_id).state == "running"
        assert job_items.retry(connection, job_id) == 1
        assert job_items.retry(connection, job_id) == 0
    done, failed, cancelled = read(database, job_id)
    assert (done.state, failed.state, cancelled.state) == ("completed", "pending", "pending")
    assert (failed.failure_reason, failed.attempts, failed.finished_at) == ("", 0, None)


def test_rows_of_a_job_that_is_not_there_are_not_stored(database: Database) -> None:
    with pytest.raises(NotFound), database.begin() as connection:
        job_items.add(connection, 5, [NewItem(2, "Write")])
