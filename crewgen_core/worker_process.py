"""One worker process, as the workplace starts it: `python -m crewgen_core.worker_process`.

It ends when its standard input does, so it never outlives the program that started it.
"""

import asyncio
import gc
import os
import signal
import sys
from threading import Event, Thread
from types import FrameType

from crewgen_core.app import Crewgen
from crewgen_core.day_limits import read_day_limits
from crewgen_core.errors import CrewgenError
from crewgen_core.jobs import worker
from crewgen_core.jobs.gate import Limits
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import SYSTEM

NICENESS = 10
"""How much a worker lets pages go first where both want a processor (0 to 19)."""

FIRST = Objective(text="Write a report about a market.")
"""Designed before any row: what the first design loads takes a second, which no row should wait for."""

SWITCH_S = 0.0005
"""Seconds that one thread of Python may make another one wait. With the usual 5 ms, a thread that writes waits after
each of its statements for one that computes, and meanwhile holds up every other writer."""

ALLOCATIONS_BETWEEN_COLLECTIONS = 20_000
"""A row makes some ten thousand objects; nearly all of them go by themselves when it is stored."""

FAILED = 2


def main() -> int:
    """Work on jobs until told to stop, and return the exit code."""
    stop = Event()

    def end(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all of a terminal; who started this process decides
    Thread(target=_wait_for_end_of_input, args=(stop,), name="crewgen-parent", daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        crewgen = Crewgen.open().acting_for(SYSTEM)
        craft = crewgen.craft
        asyncio.run(craft.design(FIRST, "", None))
        settings = crewgen.settings
        limits = Limits(settings.calls_at_once, settings.calls_per_minute, read_day_limits(settings))
        sys.setswitchinterval(SWITCH_S)
        gc.freeze()  # what is loaded now stays: half a million objects that no search for garbage need look at again
        gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
        worker.work(crewgen.database, craft, limits, settings.model_deadline_seconds, stop)
    except CrewgenError as fault:
        print(f"{fault}\n{fault.hint}", file=sys.stderr)
        return FAILED
    return 0


def _wait_for_end_of_input(stop: Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # what is still in hand was given back, and must not go on; waiting for it could take minutes
