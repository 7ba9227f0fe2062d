"""Workers: which processes work on jobs, and which of them are dead.

A worker's row says that it may have rows in hand; it goes when the worker ends well, or when another one took over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from crewgen_core.storage.tables import job_tables

_workers = job_tables.workers


@dataclass(frozen=True)
class Worker:
    """A process that works on jobs."""

    id: str
    host: str
    process_id: int
    beats: int
    """Moves on as long as the worker lives."""


def enter(connection: Connection, worker: Worker) -> None:
    """Note a worker that begins."""
    row = {"id": worker.id, "host": worker.host, "process_id": worker.process_id, "beats": worker.beats}
    connection.execute(insert(_workers).values(row))


def beat(connection: Connection, worker_id: str) -> bool:
    """Show that a worker lives; return False when it was taken for dead and its row is gone."""
    return (
        connection.execute(
            update(_workers).where(_workers.c.id == worker_id).values(beats=_workers.c.beats + 1)
        ).rowcount
        > 0
    )


def leave(connection: Connection, worker_id: str) -> None:
    """Forget a worker that has ended, or whose work was taken over."""
    connection.execute(delete(_workers).where(_workers.c.id == worker_id))


def list_workers(connection: Connection) -> Mapping[str, Worker]:
    """Return all workers by their id, dead ones whose work nobody took over yet among them."""
    columns = (_workers.c.id, _workers.c.host, _workers.c.process_id, _workers.c.beats)
    return {row.id: Worker(*row) for row in connection.execute(select(*columns))}


def count_workers(connection: Connection) -> int:
    """Return how many there are."""
    return connection.scalar(select(func.count()).select_from(_workers)) or 0
