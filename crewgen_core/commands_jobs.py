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
    """Work on jobs until stopped, with a process for each processor or as many as asked for."""
    settings = crewgen.settings
    configure_logs(settings.log_level, settings.log_format)
    stop = Event()

    def end(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    workplace = crewgen.bulk.open_workplace(options.processes, stays=True)
    processes = "1 process" if workplace.number == 1 else f"{workplace.number:,} processes"
    print(f"Working on jobs with {processes}; Ctrl-C ends it.", file=sys.stderr)
    try:
        stop.wait()
    finally:
        workplace.close()
    return DONE
