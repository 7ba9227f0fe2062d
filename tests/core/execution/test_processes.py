"""Whether the process of a run is alive."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crewgen_core.execution.processes import PROGRAM, is_dead, name_host

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Processes are looked for in /proc.")


@contextmanager
def sleeping(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with these words in its command that does nothing. It may not have begun yet."""
    command = [sys.executable, "-c", "print(flush=True); input()", *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def wait_until_begun(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline()


def test_a_process_that_carries_out_the_run_is_alive_whatever_its_silence() -> None:
    with sleeping(PROGRAM, "7") as process:
        wait_until_begun(process)
        assert not is_dead(7, name_host(), process.pid, silent=True)


def test_a_process_that_does_something_else_is_not_the_runs_own() -> None:
    with sleeping(PROGRAM, "8") as process:
        wait_until_begun(process)
        assert is_dead(7, name_host(), process.pid, silent=False)


def test_a_process_is_never_taken_for_dead_while_it_starts() -> None:
    for _ in range(50):
        with sleeping(PROGRAM, "7") as process:
            assert not is_dead(7, name_host(), process.pid, silent=False)


def test_a_process_that_ended_but_was_not_collected_is_dead() -> None:
    with sleeping(PROGRAM, "7") as process:
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert is_dead(7, name_host(), process.pid, silent=False)


def test_of_another_machine_only_the_silence_tells() -> None:
    assert is_dead(7, "elsewhere", os.getpid(), silent=True)
    assert not is_dead(7, "elsewhere", os.getpid(), silent=False)
