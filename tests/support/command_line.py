"""Commands run in this process or in one of their own, in surroundings of their own."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from crewgen_core.__main__ import main
from crewgen_core.settings import ROOT


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Run = Callable[..., Ended]


def runner(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command with its arguments."""

    def run(*arguments: str) -> Ended:
        code = main(arguments)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return run


def start(arguments: Sequence[str], **more: Any) -> "subprocess.Popen[str]":
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "crewgen_core", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **more,
    )


def run_apart(*arguments: str, given: str = "") -> Ended:
    """Run a command in a process of its own."""
    with start(arguments) as process:
        out, err = process.communicate(given, timeout=120)
    return Ended(process.returncode, out, err)


def set_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Give commands a database of their own, no settings from outside, and put the process back afterwards."""
    for name in [name for name in os.environ if name.startswith("CREWGEN_") and "REQUIRE" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///{folder / 'crewgen.db'}")
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    structlog.reset_defaults()
