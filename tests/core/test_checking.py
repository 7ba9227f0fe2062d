"""Checking files: what a crew is for, and one unreadable file among many."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import UnreadableCrew
from crewgen_core.exports.crew_file import crew_document
from crewgen_core.models.batch import CheckedFile, UnreadableFile
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings

CHURN = "Explain why churn rose in Q3 from our subscription exports and write a two-page brief."


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}", log_level="ERROR"), environment={})
    yield crewgen
    crewgen.database.close()


def file_of(crew: Crew) -> bytes:
    return json.dumps(crew_document(crew)).encode()


def faulty(crewgen: Crewgen) -> Crew:
    crew = crewgen.generate(Objective(text=CHURN)).design.crew
    first, *rest = crew.tasks
    return crew.model_copy(update={"tasks": (first.model_copy(update={"depends_on": ("ghost",)}), *rest)})


def test_a_crew_is_checked_against_what_its_file_says_it_is_for(crewgen: Crewgen) -> None:
    crew = faulty(crewgen)
    checked = crewgen.checking.check({"a.json": file_of(crew)})
    assert checked.objective == Objective(text=CHURN)
    assert checked.notes[-1] == "It was checked against the objective in the file."
    assert (checked.report, checked.estimate) == crewgen.review(crew, checked.objective)


def test_a_typed_objective_goes_before_that_of_the_file(crewgen: Crewgen) -> None:
    checked = crewgen.checking.check({"a.json": file_of(faulty(crewgen))}, "Translate the manual into Spanish.")
    assert checked.objective == Objective(text="Translate the manual into Spanish.")
    assert "CG209" in {finding.code for finding in checked.report.findings}


def test_an_objective_that_cannot_be_used_is_told(crewgen: Crewgen) -> None:
    checked = crewgen.checking.check({"a.json": file_of(faulty(crewgen))}, "?!")
    assert checked.objective is None
    assert checked.notes[-1].startswith("The objective was not used:")


def test_alone_an_unreadable_file_is_a_fault_and_among_many_a_row(crewgen: Crewgen) -> None:
    with pytest.raises(UnreadableCrew):
        crewgen.checking.check({"a.yaml": b"agents: {x: {role: y}}\ntasks: 3\n"})
    bad = b'{"schema": "crewgen/1", "name": "x", "agents": [], "tasks": [], "colour": 1}'
    rows = [
        crewgen.checking.check_one(one)
        for one in crewgen.checking.split({"a.json": bad, "b.json": file_of(faulty(crewgen))})
    ]
    assert isinstance(rows[0], UnreadableFile)
    assert "colour" in rows[0].reason
    assert isinstance(rows[1], CheckedFile)
    assert rows[1].verdict == "has errors"


def test_mending_applies_every_fix_and_tells_which(crewgen: Crewgen) -> None:
    row = crewgen.checking.check({"a.json": file_of(faulty(crewgen))}, name="a.json")
    mended = crewgen.checking.mend(row)
    assert mended.verdict == "can run"
    assert (mended.crew, mended.changes) == crewgen.mend(row.crew, row.objective)
    assert mended.file == "a.json"
