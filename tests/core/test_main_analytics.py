"""The command ``analytics``: headline figures of a range of days."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.command_line import Run, runner, set_apart


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    yield from set_apart(tmp_path, monkeypatch)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


def test_what_was_made_is_told_and_nothing_is_made_up(run: Run):
    run("generate", "Write a brief about churn for the board.")
    told = run("analytics")
    assert told.code == 0
    assert "1, 0 failed" in told.out
    assert "no outcomes yet" in told.out
    assert run("analytics", "--json").document["now"]["completed"] == 1
    assert run("analytics", "--to", "2020-01-31", "--json").document["now"]["requests"] == 0


@pytest.mark.parametrize("days", [("--from", "soon"), ("--from", "2026-02-02", "--to", "2026-02-01")])
def test_days_that_are_none_are_refused(run: Run, days: tuple[str, ...]):
    refused = run("analytics", *days)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.strip()
