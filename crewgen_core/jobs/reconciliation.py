"""Brings the queue to what people want of their jobs.

People only write their wish into the database: a job with its rows, or its new state. Every worker compares it with
what the queue was brought to, again and again, and mends the difference. Each step can be done twice without harm, so a
worker may die anywhere in between, and nobody has to be there at the moment of the wish.
"""

from crewgen_core.jobs.queue import Queue
from crewgen_core.logs import get_log
from crewgen_core.storage import job_items, jobs
from crewgen_core.storage.database import Database

CHUNKS_AT_ONCE = 500
"""Chunks given to the queue in one transaction, so that no writer waits for long."""

_log = get_log("jobs")


def reconcile(database: Database, queue: Queue) -> None:
    """Bring the queue to what people want, once. Raises StorageFault."""
    with database.read() as connection:
        due, standings = jobs.find_due(connection), jobs.find_unsettled(connection)
    for job_id in due:
        with database.begin() as connection:
            jobs.wake(connection, job_id)
    for standing in standings:
        _settle(database, queue, standing)


def rescue(database: Database, queue: Queue) -> None:
    """Give rows of running jobs a new chunk where nothing in the queue would ever work on them.

    This never happens as long as the queue keeps its word; if its tables were lost or damaged, the rows are not.
    """
    with database.read() as connection:
        standings = jobs.find_unsettled(connection)
    for standing in standings:
        if standing.state != "running" or standing.queue_state != "running" or standing.chunks_waiting:
            continue
        if not queue.holds(standing.job_id):
            with database.begin() as connection:
                if rows := job_items.leave_all(connection, standing.job_id):
                    _log.warning("rows rescued", job=standing.job_id, rows=rows)


def _settle(database: Database, queue: Queue, standing: jobs.Standing) -> None:
    job_id, state = standing.job_id, standing.state
    if state == "running":
        if standing.queue_state != "running":
            queue.release(job_id)
            _note(database, job_id, "running")
        if standing.chunks_waiting:
            _enqueue(database, queue, job_id)
    elif state == "paused" and standing.queue_state != "paused":
        queue.hold(job_id)
        _note(database, job_id, "paused")
    elif state in ("cancelled", "completed"):
        queue.hold(job_id)
        if not queue.holds(job_id):  # chunks in hand end by themselves, since their rows are not pending any more
            queue.forget(job_id)
            _note(database, job_id, "cleared")


def _enqueue(database: Database, queue: Queue, job_id: int) -> None:
    """Give all new chunks of a job to the queue, each together with the note that it has it."""
    while True:
        with database.begin() as connection:
            chunks = jobs.take_chunks(connection, job_id, CHUNKS_AT_ONCE)
            queue.add(connection, job_id, chunks)
        if len(chunks) < CHUNKS_AT_ONCE:
            return


def _note(database: Database, job_id: int, queue_state: str) -> None:
    with database.begin() as connection:
        jobs.note_queue(connection, job_id, queue_state)
