"""The table of a batch as CSV and JSON Lines, and its crews as one ZIP."""

import csv
import io
import json
import zipfile

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.exports.batch_table import COLUMNS, export_table_csv, export_table_jsonl
from crewgen_core.exports.crew_archive import zip_crews
from crewgen_core.exports.crew_file import crew_document
from crewgen_core.models.batch import BatchRow, CrewFiles, UnreadableFile
from crewgen_core.models.crew import Crew
from crewgen_core.settings import Settings

CREWGEN = Crewgen(Settings(database_url="sqlite://", log_level="ERROR"), environment={})


def checked(file: str, **fields: object) -> BatchRow:
    content = json.dumps(crew_document(Crew(name="=1+1", agents=(), tasks=()).model_copy(update=fields))).encode()
    return CREWGEN.checking.check_one(CrewFiles(name=file, files={file: content}))


ROWS = [checked("a.json"), checked("b.json", name="Crew, “two”"), UnreadableFile(file="@c", reason="No.", hint="Try.")]


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_csv_has_a_line_for_each_row_and_nothing_is_a_formula() -> None:
    rows = read(export_table_csv(ROWS).content)
    assert [row["file"] for row in rows] == ["a.json", "b.json", "'@c"]
    assert [row["crew"] for row in rows] == ["'=1+1", "Crew, “two”", ""]
    assert [row["verdict"] for row in rows] == ["has errors", "has errors", "unreadable"]
    assert rows[0]["errors"] == "2"
    assert rows[2]["says"] == "No. Try."


def test_every_json_line_has_the_same_fields_and_its_findings() -> None:
    lines = [json.loads(line) for line in export_table_jsonl(ROWS).content.splitlines()]
    assert all(set(COLUMNS) <= set(line) for line in lines)
    assert lines[0]["crew"] == "=1+1"
    assert [finding["code"] for finding in lines[0]["findings"]] == ["CG101", "CG102"]
    assert lines[0]["findings"][0]["prevents"] == []
    assert lines[2]["score"] is None


@pytest.mark.parametrize("files", [["a.json", "b.yaml"], ["x/a.json", "x/a.yaml"], ["ä.json", "a.json"]])
def test_the_zip_has_a_file_for_each_crew_that_is_read_back(files: list[str]) -> None:
    rows = [checked(name) for name in files]
    exported = zip_crews([*rows, ROWS[2]])
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert len(set(archive.namelist())) == len(files)
    again = [CREWGEN.checking.check_one(one) for one in CREWGEN.checking.split({"crews.zip": exported.content})]
    assert [row.crew for row in again] == [row.crew for row in rows]
    assert zip_crews(rows).content == exported.content
