"""The workplace: starts worker processes while there is work, and ends them when there has been none for a while.

The dashboard opens one when its server starts, before any browser comes; `python -m crewgen_core worker` is one alone.
Workers are processes, so that no row makes a page wait, and they end when the process that started them is gone.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from crewgen_core.errors import CrewgenError
from crewgen_core.logs import get_log
from crewgen_core.storage import jobs
from crewgen_core.storage.database import Database

LOOK_S = 0.5
"""Seconds between two looks for work: one read of a small table."""

IDLE_S = 120.0
"""Seconds without work after which workers end; until then the next job starts at once."""

LONGEST_PAUSE_S = 30.0
"""Longest pause before a worker that keeps dying is started again, in seconds."""

STOPS_WITHIN_S = 8.0
"""Seconds that workers may take to stop before they are killed; what they had in hand is worked on again later."""

ROOT = Path(__file__).resolve().parents[2]

_log = get_log("jobs")


class Workplace:
    """Some worker processes on this machine."""

    def __init__(
        self,
        find_database: Callable[[], Database | None],
        number: int,
        environment: Mapping[str, str],
        stays: bool = False,
    ) -> None:
        """``find_database`` returns None as long as there is none; ``number`` is how many workers there may be.

        ``environment`` is what they see. ``stays`` keeps them when there is no work.
        """
        self._find_database = find_database
        self.number = number
        self._environment = {**os.environ, **environment}
        self._stays = stays
        self._stop = Event()
        self._workers: list[subprocess.Popen[bytes]] = []
        self._died = 0
        self._start_after = 0.0
        self._worked_at = float("-inf")
        self._thread = Thread(target=self._run, name="crewgen-workplace", daemon=True)

    def open(self) -> "Workplace":
        """Begin to look for work, and return at once."""
        if self.number > 0:
            self._thread.start()
        return self

    def expect_work(self) -> None:
        """Start workers already: somebody is about to ask for a job."""
        self._worked_at = monotonic()

    def processes(self) -> tuple[int, ...]:
        """Return the process ids of the workers that were started and not seen dead."""
        return tuple(worker.pid for worker in self._workers)

    def close(self) -> None:
        """Stop the workers; what they have in hand is finished within seconds, or later by others."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            try:
                self._look()
            except CrewgenError as fault:
                _log.warning("work not found", reason=str(fault))
        self._end_all()

    def _look(self) -> None:
        self._bury()
        if self._stays or self._has_work():
            self._worked_at = monotonic()
        if monotonic() - self._worked_at < IDLE_S:
            self._fill()
        elif self._workers:
            self._end_all()

    def _has_work(self) -> bool:
        database = self._find_database()
        if database is None:
            return False
        with database.read() as connection:
            return jobs.has_work(connection)

    def _bury(self) -> None:
        """Forget workers that died by themselves; when they keep dying, wait longer each time."""
        dead = [worker for worker in self._workers if worker.poll() is not None]
        if dead:
            self._workers = [worker for worker in self._workers if worker not in dead]
            for worker in dead:
                if worker.stdin:
                    worker.stdin.close()
            self._died += len(dead)
            pause = min(0.5 * 2.0 ** min(self._died, 10), LONGEST_PAUSE_S)
            self._start_after = monotonic() + pause
            _log.warning("worker died", codes=[worker.returncode for worker in dead], next_in_s=pause)
        elif self._workers and monotonic() - self._start_after > 2 * LONGEST_PAUSE_S:
            self._died = 0

    def _fill(self) -> None:
        while len(self._workers) < self.number and monotonic() >= self._start_after:
            command = [sys.executable, "-m", "crewgen_core.worker_process"]
            self._workers.append(
                subprocess.Popen(command, cwd=ROOT, env=self._environment, stdin=subprocess.PIPE)  # noqa: S603 our own program
            )

    def _end_all(self) -> None:
        for worker in self._workers:
            if worker.stdin:
                worker.stdin.close()
        give_up = monotonic() + STOPS_WITHIN_S
        for worker in self._workers:
            try:
                worker.wait(max(0.0, give_up - monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        self._workers = []
