"""A session with CrewAI: its process, what it tells, and what it is told."""

import json
import os
import select
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from crewgen_core.execution.secrecy import clean

PROGRAM = Path(__file__).parent / "crewai_program" / "run_crew.py"

Event = dict[str, Any]
"""What happened: ``kind`` says what, the other fields are those of ``crewai_program/crewgen_run/watching.py``."""

READ_AT_ONCE = 65_536
SHOWN_OF_ERRORS = 600


class Session:
    """One process that runs one crew; it never outlives the one that has this."""

    def __init__(self, interpreter: Path, folder: Path, environment: Mapping[str, str]) -> None:
        """Start it in a folder of its own; it loads CrewAI while the job is still being made. Raises OSError."""
        self._secrets: frozenset[str] = frozenset()
        self._buffer = b""
        self._errors = folder / "errors.txt"
        reading, writing = os.pipe()
        try:
            with self._errors.open("wb") as errors:
                self._process = subprocess.Popen(  # noqa: S603 our own program
                    [str(interpreter), str(PROGRAM), str(writing)],
                    cwd=folder,
                    env=dict(environment),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    pass_fds=(writing,),
                    start_new_session=True,
                )
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._reading = reading
        self.ended = False
        """True when it will tell nothing more."""

    def begin(self, job: Mapping[str, object], secrets: frozenset[str]) -> None:
        """Say what is to be run. ``secrets`` are taken out of all that it tells."""
        self._secrets = secrets
        self.send(job)

    def send(self, message: Mapping[str, object]) -> None:
        """Say something to it; nobody hears when it is gone, which ``read`` then tells."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(json.dumps(message, default=str).encode() + b"\n")
                self._process.stdin.flush()

    def read(self, wait_s: float) -> list[Event]:
        """Return what it told since the last time, after waiting for something at most this long."""
        ready, _, _ = select.select([self._reading], [], [], wait_s)
        if not ready:
            return []
        content = os.read(self._reading, READ_AT_ONCE)
        self.ended = not content
        *lines, self._buffer = (self._buffer + content).split(b"\n")
        return [_clean(json.loads(line), self._secrets) for line in lines if line]

    def end(self) -> None:
        """Kill it and everything that it started, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._process.wait()
        if self._reading >= 0:
            os.close(self._reading)
            self._reading = -1

    def explain_death(self) -> str:
        """Return how it ended, where it said nothing itself: the signal that killed it, or its last words."""
        try:
            code = self._process.wait(2)
        except subprocess.TimeoutExpired:
            return "It fell silent."
        if code < 0:
            return f"It was killed ({signal.Signals(-code).name})."
        words = clean(self._errors.read_text(encoding="utf-8", errors="replace"), self._secrets).strip()
        return f"Its last words: {words[-SHOWN_OF_ERRORS:]}" if words else f"Its exit code was {code}."


def _clean(event: Event, secrets: frozenset[str]) -> Event:
    return {name: clean(value, secrets) if isinstance(value, str) else value for name, value in event.items()}
