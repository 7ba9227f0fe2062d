"""Fixtures of everything that runs commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import Run, runner, set_apart


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of their own for commands, no settings from outside, and nothing of the process changed afterwards."""
    yield from set_apart(tmp_path, monkeypatch)


@pytest.fixture
def run(surroundings: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""
    return runner(capsys)
