"""The process that carries out one run: `python -m crewgen_core.run_process RUN_ID`.

Started in a session of its own, it outlives the page or command that asked for the run.
"""

import os
import signal
import sys
from types import FrameType

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.logs import get_log
from crewgen_core.supervising import Supervision

FAILED = 2


def main() -> int:
    """Carry out the run whose number is the only argument, and return the exit code."""
    crewgen = Crewgen.open()
    try:
        supervision = Supervision(
            crewgen.database,
            int(sys.argv[1]),
            crewgen.catalog,
            crewgen.models.read().price_of,
            crewgen.settings,
            os.environ,
        )

        def end(_: int, __: FrameType | None) -> None:
            supervision.told_to_end.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        supervision.carry_out()
    except CrewgenError as fault:
        get_log("running").error("run given up", run=sys.argv[1], reason=str(fault))
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
