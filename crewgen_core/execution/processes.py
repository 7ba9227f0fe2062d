"""The processes that carry out runs: started so that they outlive who asked for them, and looked for afterwards."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

from crewgen_core.settings import ROOT, Settings

PROGRAM = "crewgen_core.run_process"


def name_host() -> str:
    """Return the name of this machine, as runs keep it."""
    return socket.gethostname()[:200]


def start_detached(run_id: int, settings: Settings) -> int:
    """Start the process that carries out a run, in a session of its own, and return its id. Raises OSError."""
    fields = settings.model_dump(exclude_none=True)
    environment = {**os.environ, **{f"CREWGEN_{name.upper()}": str(value) for name, value in fields.items()}}
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", PROGRAM, str(run_id)],
        cwd=ROOT,
        env=environment,
        stdin=nowhere,
        stdout=nowhere,
        stderr=nowhere,
        start_new_session=True,
    )
    Thread(target=process.wait, name=f"crewgen-run-{run_id}", daemon=True).start()  # else it stays a zombie at its end
    return process.pid


def is_dead(run_id: int, host: str, process_id: int | None, silent: bool) -> bool:
    """Tell whether the process of a run is gone: at once where it was on this machine, else by its silence."""
    if host == name_host() and process_id is not None:
        alive = _is_alive(run_id, process_id)
        if alive is not None:
            return not alive
    return silent


def _is_alive(run_id: int, process_id: int) -> bool | None:
    """Tell whether a process of this machine carries out the run, and not another one that got its number since.

    None where the system does not tell.
    """
    if not Path("/proc/self/cmdline").exists():
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return None
        return None
    try:
        line = Path(f"/proc/{process_id}/cmdline").read_bytes()
        if not line:  # it has just been started and has no words yet, or has ended and is still listed
            state = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            return False if state in "ZX" else None
    except OSError:
        return False
    words = line.split(b"\0")
    return PROGRAM.encode() in words and str(run_id).encode() in words
