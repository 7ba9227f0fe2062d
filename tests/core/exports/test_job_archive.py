"""The crews of a job as one ZIP: a folder each, an index, and no path that a row could name."""

import csv
import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.errors import CannotExport, NotFound
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.job_archive import ARCHIVE_FORMS, MAX_CREWS, ArchiveForm, export_job_archive
from crewgen_core.imports.reader import read_crew
from crewgen_core.imports.splitting import split_crews
from crewgen_core.models.batch import CrewFiles
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.job import Item
from tests.support.crews import sequential_crew
from tests.support.job_rows import make_item

CATALOG = load_catalog()
CREW = sequential_crew()
REFUSED = Crew(agents=(), tasks=(Task(key="t", name="T", agent="nobody"),))


def pack(items: list[Item], form: ArchiveForm = "crewgen", crew: Crew = CREW) -> zipfile.ZipFile:
    exported = export_job_archive("Spring", items, lambda _: crew, form, CATALOG)
    assert (exported.name, exported.media_type) == ("spring_crews.zip", "application/zip")
    return zipfile.ZipFile(io.BytesIO(exported.content))


def read_index(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"), newline="")))


def files_below(archive: zipfile.ZipFile, folder: str) -> dict[str, bytes]:
    names = [name for name in archive.namelist() if name.startswith(f"{folder}/")]
    return {name.removeprefix(f"{folder}/"): archive.read(name) for name in names}


@pytest.mark.parametrize("form", ARCHIVE_FORMS)
def test_every_folder_holds_a_crew_that_is_read_back(form: ArchiveForm) -> None:
    items = [make_item(position=1, line=2), make_item(position=2, line=3, name="")]
    exported = export_job_archive("Spring", items, lambda _: CREW, form, CATALOG)
    index = read_index(zipfile.ZipFile(io.BytesIO(exported.content)))
    assert [row["folder"] for row in index] == ["0001_churn", "0002_churn_in_q3"]
    found = [it for it in split_crews({"crews.zip": exported.content}) if isinstance(it, CrewFiles)]
    assert [it.name.split("/")[1] for it in found] == ["0001_churn", "0002_churn_in_q3"]
    for it in found:
        again = read_crew(it.files, CATALOG).crew
        assert [agent.role for agent in again.agents] == [agent.role for agent in CREW.agents]
    assert (index[0]["row"], index[0]["crew_id"], index[0]["version"], index[0]["success"]) == ("2", "3", "1", "0.4")


def test_a_project_in_a_folder_is_the_one_that_a_single_export_gives() -> None:
    alone = zipfile.ZipFile(io.BytesIO(export_crewai_json(CREW, CATALOG).content))
    (root,) = {name.split("/")[0] for name in alone.namelist()}
    assert files_below(pack([make_item()], "crewai-json"), "0001_churn") == files_below(alone, root)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.text(max_size=80) | st.sampled_from(["../../etc/passwd", "C:\\x", "con", "a/b", "index.csv"]), max_size=4
    )
)
def test_no_name_of_a_row_names_a_path(names: list[str]) -> None:
    archive = pack([make_item(position=at + 1, name=name, crew_name=name) for at, name in enumerate(names)])
    *files, index = archive.namelist()
    assert index == "index.csv"
    assert len(set(files)) == len(names)
    assert all(re.fullmatch(r"\d{4}_[a-z][a-z0-9_]{0,39}/[a-z0-9_]+\.crewgen\.json", name) for name in files)


def test_a_crew_that_cannot_be_written_is_told_in_the_index_and_holds_none_back() -> None:
    def load(item: Item) -> Crew:
        if item.position == 3:
            raise NotFound("There is no crew of row 3.")
        return REFUSED if item.position == 1 else CREW

    items = [make_item(position=at, name="=1+1") for at in (1, 2, 3)]
    exported = export_job_archive("x", items, load, "crewai-json", CATALOG)
    index = read_index(zipfile.ZipFile(io.BytesIO(exported.content)))
    assert [row["folder"] for row in index] == ["", "0002_crew_1_1", ""]
    assert "Validate page" in index[0]["says"]
    assert index[1]["says"] == ""
    assert index[2]["says"].startswith("There is no crew of row 3.")
    assert {row["name"] for row in index} == {"'=1+1"}


def test_rows_without_a_crew_are_left_out_and_an_empty_job_gives_an_empty_index() -> None:
    assert read_index(pack([make_item(crew_id=None, state="failed")])) == []
    assert pack([]).namelist() == ["index.csv"]


def test_the_same_crews_give_the_same_bytes() -> None:
    first, second = (export_job_archive("x", [make_item()], lambda _: CREW, "crewai-yaml", CATALOG) for _ in range(2))
    assert first.content == second.content


def test_more_crews_than_a_zip_holds_are_refused_with_a_way_out_before_any_is_loaded() -> None:
    def load(_: Item) -> Crew:
        raise AssertionError

    one = make_item()
    with pytest.raises(CannotExport, match="at most 2,000 crews") as refusal:
        export_job_archive("x", (one for _ in range(MAX_CREWS + 1)), load, "crewgen", CATALOG)
    assert "python -m crewgen_core export" in refusal.value.hint


def test_long_numbers_keep_folders_in_the_order_of_the_rows() -> None:
    crew = Crew(agents=(Agent(key="a", role="A"),))
    archive = pack([make_item(position=99_999), make_item(position=7)], crew=crew)
    assert [name.split("/")[0] for name in archive.namelist()[:2]] == ["99999_churn", "00007_churn"]
