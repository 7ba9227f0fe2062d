"""No name that a person, a file or a model gives leads out of where it belongs, and no file unpacks without end."""

import io
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.exports.forms import EXPORTS, ExportFormat
from crewgen_core.models.job import NewItem, NewJob
from tests.support.crews import sequential_crew
from tests.support.finished_jobs import finish_rows

OUTWARD = (
    "../../outside",
    "/etc/passwd",
    "C:\\Windows\\system32",
    "..\\..\\outside",
    "a/../../b",
    "nul\x01name",
    "~/.ssh/id",
)


def pack(members: dict[str, bytes]) -> bytes:
    """Return a ZIP with members of exactly these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def leaves_its_folder(name: str) -> bool:
    """Tell whether a member of a ZIP would be unpacked elsewhere, on any system."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or any(sign in name for sign in ("\\", ":", "~"))


@pytest.mark.parametrize("name", OUTWARD)
@pytest.mark.parametrize("form", EXPORTS)
def test_a_crew_with_such_a_name_is_exported_under_a_plain_one(crewgen: Crewgen, form: ExportFormat, name: str) -> None:
    crew = sequential_crew()
    agent = crew.agents[0].model_copy(update={"role": name})
    made = crewgen.export(crew.model_copy(update={"name": name, "agents": (agent, *crew.agents[1:])}), form)
    names = [made.name]
    if made.name.endswith(".zip"):
        names += zipfile.ZipFile(io.BytesIO(made.content)).namelist()
    assert [one for one in names if leaves_its_folder(one)] == []
    assert "/" not in made.name


@pytest.mark.parametrize("name", OUTWARD)
def test_results_of_a_job_with_such_names_stay_in_their_zip(crewgen: Crewgen, name: str) -> None:
    job = crewgen.bulk.start_items(NewJob(name=name, file_name=name), [NewItem(2, "Write a report", name=name)])
    finish_rows(crewgen, job.id)
    for form in ("csv", "jsonl", "crewai-json"):
        made = crewgen.bulk.export(job.id, form)
        assert "/" not in made.name and not leaves_its_folder(made.name)
        if made.name.endswith(".zip"):
            assert not any(map(leaves_its_folder, zipfile.ZipFile(io.BytesIO(made.content)).namelist()))


@pytest.mark.parametrize("name", OUTWARD)
def test_members_of_an_uploaded_zip_are_written_nowhere(
    crewgen: Crewgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    inside = tmp_path / "inside" / "deeper"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    crew = crewgen.export(sequential_crew(), "crewgen").content
    for upload in ({"crew.zip": pack({f"{name}.json": crew})}, {f"{name}.json": crew}):
        try:
            crewgen.read_crew(upload)
        except CrewgenError as refusal:
            assert str(refusal)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_link_in_a_zip_is_not_followed(crewgen: Crewgen) -> None:
    link = zipfile.ZipInfo("crew.json")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(CrewgenError) as refusal:
        crewgen.read_crew({"crew.zip": buffer.getvalue()})
    assert "root:" not in str(refusal.value)


def test_a_zip_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(crewgen: Crewgen) -> None:
    bomb = pack({"crew.json": b"0" * 50_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(CrewgenError, match="unpack"):
        crewgen.read_crew({"crew.zip": bomb})


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\\nb: &b [*a, *a]\\nc: &c [*b, *b]\\nname: *c",
        "!!python/object/apply:os.system ['touch outside']",
        "a: " + "[" * 5_000,
        "{" * 5_000,
    ],
    ids=["aliases", "a command", "deep lists", "deep maps"],
)
def test_yaml_neither_grows_nor_runs(
    crewgen: Crewgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CrewgenError):
        crewgen.read_crew({"crew.yaml": text.replace("\\n", "\n").encode()})
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000], ids=["lists", "maps"])
def test_json_that_is_deeper_than_anybody_reads_is_refused_in_a_sentence(crewgen: Crewgen, text: str) -> None:
    with pytest.raises(CrewgenError):
        crewgen.read_crew({"crew.json": text.encode()})


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(crewgen: Crewgen) -> None:
    bomb = pack(
        {"xl/worksheets/sheet1.xml": b"0" * 400_000_000, "[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}
    )
    with pytest.raises(CrewgenError):
        crewgen.bulk.inspect("rows.xlsx", bomb)
