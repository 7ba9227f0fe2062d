"""Programs of crewgen in sessions of their own: started, killed as a power cut would, and looked for afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]

SLOWS = ("PYTHONDONTWRITEBYTECODE",)
"""What makes programs start slowly, and tests of many starts long."""

PATIENCE_S = 180.0
"""Longest that anything is waited for; only a test that fails waits so long."""


class Program:
    """A program with all processes that it starts."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Start ``python -m`` with the arguments; what it prints is added to the log."""
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if name not in SLOWS} | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def id(self) -> int:
        """The id of its first process, which is that of its session too."""
        return self._process.pid

    def is_running(self) -> bool:
        """Tell whether its first process lives."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill the first process only; it has no time to say goodbye to those that it started."""
        self._process.kill()
        self._process.wait()

    def kill_all(self) -> None:
        """Kill every process of it at once, as a power cut does."""
        self._send(signal.SIGKILL)
        self._process.wait()

    def freeze(self) -> None:
        """Stop every process of it where it is."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        for process in list_session(self.id):
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self.end(signal.SIGTERM)

    def end(self, number: signal.Signals) -> int:
        """Send its first process a signal that ends it, wait until it has, and return its exit code."""
        self._process.send_signal(number)
        return self._process.wait(PATIENCE_S)


@contextmanager
def running(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Program]:
    """Run a program for as long as the block lasts; nothing of it is left afterwards."""
    program = Program(arguments, environment, log)
    try:
        yield program
    finally:
        program.kill_all()


def find_free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def list_session(session: int) -> list[int]:
    """Return the processes of a session that live (zombies do not)."""
    found: list[int] = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended just now
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(place.parent.name))
    return found


def wait_until(is_so: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait until something is so; fail with what did not happen."""
    give_up = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < give_up, f"It never happened: {what}."
        time.sleep(0.02)
