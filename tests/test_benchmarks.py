"""The table of benchmarks: what is noted by a benchmark stands in it, and missed targets are seen."""

from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS, write_row
from benchmarks.tables.measured import NOTED_IN, Measured, note, read_notes
from crewgen_core.settings import ROOT


def test_what_a_benchmark_notes_stands_in_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(NOTED_IN, str(tmp_path / "notes"))
    note("A crew", 12.345, "ms", 20)
    note("Rows", 1_234.5, "rows/s")
    assert [write_row(it) for it in read_notes(tmp_path / "notes")] == [
        "| A crew | 12.3 | ms | ≤ 20 | yes |",
        "| Rows | 1,234 | rows/s |  |  |",
    ]


def test_a_missed_target_is_seen_whichever_side_it_is_on():
    assert write_row(Measured("Wait", 2.5, "times", 2)).endswith("| ≤ 2 | **no** |")
    assert write_row(Measured("Used", 0.8, "of 1", 0.85, at_least=True)).endswith("| ≥ 0.85 | **no** |")
    assert Measured("Used", 0.9, "of 1", 0.85, at_least=True).met


def test_every_benchmark_is_part_of_make_bench():
    there = {path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py")}
    assert {part.module for part in PARTS} == there
