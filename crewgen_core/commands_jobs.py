"""What the commands about jobs do."""

import signal
import sys
from argparse import Namespace
from threading import Event
from types import FrameType

from crewgen_core.app import Crewgen
from crewgen_core.logs import configure_logs

DONE = 0


def run_worker(crewgen: Crewgen, options: Namespace) -> int:
    """Work on jobs until stopped: as one process where another one started it, else as several."""
    settings = crewgen.settings
    configure_logs(settings.log_level, settings.log_format)
    stop = Event()

    def end(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    if options.until_input_ends:
        return _work(crewgen, stop)
    if options.processes is not None:
        crewgen = Crewgen(settings.model_copy(update={"workers": options.processes}))
    workplace = crewgen.bulk.open_workplace(stays=True)
    print(f"Working on jobs with {crewgen.settings.workers} processes; Ctrl-C ends it.", file=sys.stderr)
    try:
        stop.wait()
    finally:
        workplace.close()
    return DONE


def _work(crewgen: Crewgen, stop: Event) -> int:
    from crewgen_core.jobs import worker  # late: only workers need the queue

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; who started this process decides
    worker.make_way()
    worker.stop_with_parent(stop)
    limits = worker.Limits(crewgen.settings.calls_at_once, crewgen.settings.calls_per_minute)
    worker.work(crewgen.database, crewgen.craft, limits, crewgen.settings.model_deadline_seconds, stop)
    return DONE
