"""Takes over what dead workers had in hand.

A living worker's row beats. Clocks of machines differ, so nobody compares them: a watcher remembers when, by its own
clock, it saw the row change last. A worker of the same machine is asked for directly: no process, no waiting.
"""

import os
import socket
from collections.abc import Callable
from time import monotonic

from crewgen_core.jobs.queue import Queue
from crewgen_core.logs import get_log
from crewgen_core.storage import model_calls, workers
from crewgen_core.storage.database import Database
from crewgen_core.storage.workers import Worker

BEAT_S = 2.0
"""Seconds between two beats of a worker, and between two looks at the others."""

DEAD_AFTER_S = 10.0
"""Seconds without a beat after which a worker of another machine is dead: five beats. One that only slept loses
nothing: its chunks are worked on again, and whoever stores a row first wins."""

_log = get_log("jobs")


class Watch:
    """Watches the other workers."""

    def __init__(self, database: Database, queue: Queue, me: Worker, now: Callable[[], float] = monotonic) -> None:
        """``now`` tells seconds that only ever grow."""
        self._database = database
        self._queue = queue
        self._me = me
        self._now = now
        self._seen: dict[str, tuple[int, float]] = {}

    def look(self) -> None:
        """Put what dead workers had in hand back into the queue, and forget them. Raises StorageFault."""
        with self._database.read() as connection:
            others = dict(workers.list_workers(connection))
        others.pop(self._me.id, None)
        self._seen = {id: seen for id, seen in self._seen.items() if id in others}
        for worker in others.values():
            if self._is_dead(worker):
                chunks = self._queue.take_over(worker.id)
                with self._database.begin() as connection:
                    model_calls.abandon(connection, worker.id)
                    workers.leave(connection, worker.id)
                _log.warning("worker lost", worker=worker.id, chunks_taken_over=chunks)

    def _is_dead(self, worker: Worker) -> bool:
        if worker.host == self._me.host and not is_running(worker.process_id):
            return True
        beats, since = self._seen.get(worker.id, (None, 0.0))
        if beats != worker.beats:
            self._seen[worker.id] = (worker.beats, self._now())
            return False
        return self._now() - since >= DEAD_AFTER_S


def introduce() -> Worker:
    """Return this process as a worker; its id is never used again."""
    host = socket.gethostname()
    return Worker(id=f"{host}-{os.getpid()}-{os.urandom(4).hex()}", host=host, process_id=os.getpid(), beats=0)


def is_running(process_id: int) -> bool:
    """Tell whether this machine has such a process; True where that cannot be told."""
    if os.name != "posix":  # elsewhere the question would end the process
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
