"""A worker: one process that works on jobs until it is told to stop, or the process that started it is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic

from crewgen_core.errors import StorageFault
from crewgen_core.jobs.chunk import ChunkWork
from crewgen_core.jobs.craft import Craft
from crewgen_core.jobs.gate import Gate, Limits
from crewgen_core.jobs.queue import Queue
from crewgen_core.jobs.reconciliation import reconcile, rescue
from crewgen_core.jobs.takeover import BEAT_S, Watch, introduce
from crewgen_core.logs import get_log
from crewgen_core.storage import model_calls, workers
from crewgen_core.storage.database import Database

LOOK_S = 0.25
"""Seconds between two looks at what people want: a pause or a new job is noticed within it."""

RESCUE_S = 15.0
"""Seconds between two looks for rows that the queue lost."""

PATIENCE_S = 3
"""Seconds that chunks in hand may take to end when the worker is stopped."""

_log = get_log("jobs")


def work(database: Database, craft: Craft, limits: Limits, deadline_s: float, stop: Event) -> None:
    """Work on jobs until ``stop`` is set. ``deadline_s`` is how long one call of a model may take."""
    me = introduce()
    with database.begin() as connection:
        workers.enter(connection, me)
    at_once = limits.for_jobs()
    gate = Gate(database, craft.ask, at_once, deadline_s, me.id, craft.price_of)
    chunks = ChunkWork(database, craft, gate, rows_at_once=at_once.at_once + 4)
    queue = Queue(database, me.id, chunks.work_on)
    watch = Watch(database, queue, me)
    duties = (
        Duty(0, lambda: reconcile(database, queue)),
        Duty(BEAT_S, lambda: _beat(database, me)),
        Duty(BEAT_S, watch.look),
        Duty(RESCUE_S, lambda: rescue(database, queue), monotonic()),
    )
    _log.info("worker ready", worker=me.id)
    while not stop.wait(LOOK_S):
        for duty in duties:
            duty.do_when_due()
    queue.close(PATIENCE_S)
    queue.take_over(me.id)  # what did not end in time goes back at once, for others or for the next start
    with database.begin() as connection:
        model_calls.abandon(connection, me.id)
        workers.leave(connection, me.id)


@dataclass
class Duty:
    """Something that is done again and again; when it fails, because the database does, it is done later."""

    every_s: float
    do: Callable[[], None]
    done_at: float = float("-inf")

    def do_when_due(self) -> None:
        """Do it if it is time; whatever happens, the worker lives on."""
        if monotonic() - self.done_at < self.every_s:
            return
        self.done_at = monotonic()
        try:
            self.do()
        except StorageFault as fault:
            _log.warning("database failed", reason=str(fault))
        except Exception as fault:  # noqa: BLE001 of the queue, which meets the same failures and tells them its own way
            _log.error("queue failed", kind=type(fault).__name__)


def _beat(database: Database, me: workers.Worker) -> None:
    with database.begin() as connection:
        if not workers.beat(connection, me.id):  # it slept, and was taken for dead
            workers.enter(connection, me)
