"""The process that carries out one run: `python -m crewgen_core.run_process RUN_ID`.

Started in a session of its own, it outlives the page or command that asked for the run.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from crewgen_core.errors import CrewgenError
from crewgen_core.execution.environment import quiet_environment
from crewgen_core.execution.interpreter import explain_missing, find_interpreter
from crewgen_core.execution.session import Session
from crewgen_core.logs import get_log, log_context
from crewgen_core.models.person import SYSTEM
from crewgen_core.settings import Settings, load_settings

if TYPE_CHECKING:
    from crewgen_core.front.supervising import Supervision

FAILED = 2


def main() -> int:
    """Carry out the run whose number is the only argument, and return the exit code."""
    run_id = int(sys.argv[1])
    with log_context(run=run_id):
        return _run(run_id)


def _run(run_id: int) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        settings = load_settings()
        with tempfile.TemporaryDirectory(prefix="crewgen-run-", ignore_cleanup_errors=True) as folder:
            _carry_out(run_id, settings, Path(folder))
        judge(run_id, settings)
    except CrewgenError as fault:
        get_log("running").error("run given up", reason=str(fault))
        return FAILED
    return 0


def judge(run_id: int, settings: Settings) -> None:
    """Have a run judged as its settings say, now that it has ended; a model that is asked is asked for its starter."""
    from crewgen_core.app import Crewgen
    from crewgen_core.storage import runs

    crewgen = Crewgen.open(settings).acting_for(SYSTEM)
    with crewgen.database.read() as connection:
        starter = runs.find_starter(connection, run_id)
    judged = crewgen.acting_for(starter).outcomes.judge_run(run_id)
    get_log("running").info("run judged", run=run_id, note=judged.note)


def _carry_out(run_id: int, settings: Settings, folder: Path) -> None:
    """Let CrewAI be loaded, which takes longest, then everything of crewgen, and run."""
    try:
        interpreter = find_interpreter(settings.crewai_python)
        session = Session(interpreter, folder, quiet_environment(os.environ, str(folder))) if interpreter else None
    except OSError:
        session = None
    if session is None:
        _supervise(run_id, settings).give_up(explain_missing(settings.crewai_python) or "CrewAI did not start.")
        return
    try:
        supervision = _supervise(run_id, settings)

        def end(_: int, __: FrameType | None) -> None:
            supervision.told_to_end.set()

        signal.signal(signal.SIGTERM, end)
        supervision.carry_out(session, folder)
    finally:
        session.end()


def _supervise(run_id: int, settings: Settings) -> "Supervision":
    from crewgen_core.app import Crewgen
    from crewgen_core.front.supervising import Supervision

    crewgen = Crewgen.open(settings).acting_for(SYSTEM)
    price_of = crewgen.models.read().price_of
    return Supervision(crewgen.database, run_id, crewgen.catalog, price_of, settings, os.environ)


if __name__ == "__main__":
    sys.exit(main())
