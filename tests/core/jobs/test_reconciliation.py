"""The queue is brought to what people want, whatever was done before, and however often."""

import itertools
from collections.abc import Callable

import pytest

from crewgen_core.jobs.queue import Queue
from crewgen_core.jobs.reconciliation import reconcile, rescue
from crewgen_core.models.job import FinishedItem, NewItem, NewJob
from crewgen_core.storage import job_items, jobs
from crewgen_core.storage.database import Database
from tests.support.processes import wait_until

SIZE = job_items.CHUNK["optimize"]
Given = list[tuple[int, int]]


def start(database: Database, chunks: int = 3) -> int:
    with database.begin() as connection:
        job_id = jobs.create(connection, NewJob(name="Spring", kind="optimize"))
        job_items.add(connection, job_id, (NewItem(at + 2, f"Write {at}") for at in range(chunks * SIZE)))
    return job_id


def want(database: Database, job_id: int, state: jobs.JobState) -> None:
    with database.begin() as connection:
        jobs.set_state(connection, job_id, state)


def stand(database: Database, job_id: int) -> jobs.Standing | None:
    with database.read() as connection:
        return next((found for found in jobs.find_unsettled(connection) if found.job_id == job_id), None)


def finish_all(database: Database, job_id: int) -> None:
    with database.begin() as connection:
        for chunk in range(1, 20):
            done = [FinishedItem(id=item.id) for item in job_items.begin(connection, job_id, chunk)]
            job_items.finish(connection, job_id, done)


def test_new_chunks_are_worked_on_once_however_often_the_wish_is_looked_at(
    database: Database, queue: Queue, work: Given
) -> None:
    job_id = start(database)
    for _ in range(3):
        reconcile(database, queue)
    wait_until(lambda: len(work) >= 3 and not queue.holds(job_id), "three chunks are worked on")
    assert sorted(work) == [(job_id, 1), (job_id, 2), (job_id, 3)]


def test_a_chunk_is_noted_and_enqueued_together_or_not_at_all(database: Database, queue: Queue) -> None:
    job_id = start(database)
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        queue.add(connection, job_id, jobs.take_chunks(connection, job_id, 10))
        _ = 1 / 0
    assert not queue.holds(job_id)
    found = stand(database, job_id)
    assert found is not None
    assert found.chunks_waiting == 3


def test_a_job_paused_before_its_chunks_were_enqueued_gives_none(database: Database, queue: Queue, work: Given) -> None:
    job_id = start(database)
    want(database, job_id, "paused")
    reconcile(database, queue)
    assert not queue.holds(job_id)
    want(database, job_id, "running")
    reconcile(database, queue)
    wait_until(lambda: len(work) == 3, "the chunks are worked on after all")


STEPS: dict[str, Callable[[Database, Queue, int], object]] = {
    "hold": lambda _, queue, job_id: queue.hold(job_id),
    "release": lambda _, queue, job_id: queue.release(job_id),
    "note paused": lambda database, _, job_id: note(database, job_id, "paused"),
    "note running": lambda database, _, job_id: note(database, job_id, "running"),
    "forget": lambda _, queue, job_id: queue.forget(job_id),
}
"""What others may do to the queue at any moment, since they saw an earlier wish."""


def note(database: Database, job_id: int, state: str) -> None:
    with database.begin() as connection:
        jobs.note_queue(connection, job_id, state)


def test_steps_of_others_in_any_order_lose_no_row(database: Database, queue: Queue, work: Given) -> None:
    """Whatever two others left behind, reconciling and rescuing bring every pending row back to somebody."""
    given: dict[int, int] = {}
    for steps in itertools.permutations(STEPS, 3):
        job_id = start(database, chunks=1)
        reconcile(database, queue)
        for step in steps:
            STEPS[step](database, queue, job_id)
        given[job_id] = len(work)

    def is_each_given_again() -> bool:
        reconcile(database, queue)
        rescue(database, queue)
        return all(any(job == job_id for job, _ in work[since:]) for job_id, since in given.items())

    # the worker of this queue stores nothing, so rows stay pending until somebody is given them again
    wait_until(is_each_given_again, "every order is mended")


def test_rows_that_the_queue_lost_are_rescued(database: Database, queue: Queue, work: Given) -> None:
    job_id = start(database, chunks=2)
    reconcile(database, queue)
    wait_until(lambda: len(work) == 2 and not queue.holds(job_id), "the queue forgets two chunks")
    rescue(database, queue)
    rescue(database, queue)  # they wait already: nothing to rescue
    found = stand(database, job_id)
    assert found is not None
    assert found.chunks_waiting == 2
    reconcile(database, queue)
    wait_until(lambda: len(work) == 4, "they are worked on again")
    assert sorted(work) == [(job_id, 1), (job_id, 2), (job_id, 3), (job_id, 4)]


def test_a_job_that_is_paused_is_not_rescued(database: Database, queue: Queue) -> None:
    job_id = start(database)
    want(database, job_id, "paused")
    reconcile(database, queue)
    rescue(database, queue)
    found = stand(database, job_id)
    assert found is not None
    assert found.chunks_waiting == 3


@pytest.mark.parametrize("end", ["completed", "cancelled"])
def test_nothing_of_a_job_at_its_end_stays_in_the_queue(database: Database, queue: Queue, end: str) -> None:
    job_id = start(database)
    reconcile(database, queue)
    if end == "completed":
        finish_all(database, job_id)
    else:
        want(database, job_id, "cancelled")

    def is_cleared() -> bool:
        reconcile(database, queue)
        return stand(database, job_id) is None

    wait_until(is_cleared, "the queue is cleared")
    assert not queue.holds(job_id)
    with database.read() as connection:
        assert not jobs.has_work(connection)


def test_a_job_that_is_tried_again_after_its_end_is_worked_on_again(
    database: Database, queue: Queue, work: Given
) -> None:
    job_id = start(database, chunks=1)
    want(database, job_id, "cancelled")
    reconcile(database, queue)
    with database.begin() as connection:
        assert job_items.retry(connection, job_id) == SIZE
    reconcile(database, queue)
    wait_until(lambda: (job_id, 2) in work, "its rows are worked on in a new chunk")
