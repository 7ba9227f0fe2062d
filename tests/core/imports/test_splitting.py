"""Many files at once: each crew with its own files, and what is no crew with its reason."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.errors import UnreadableCrew
from crewgen_core.exports.crew_file import crew_document, export_crewgen_yaml
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.imports import splitting
from crewgen_core.imports.reader import read_crew
from crewgen_core.imports.splitting import LARGEST_BATCH, split_crews
from crewgen_core.imports.unpacking import LARGEST_TOTAL
from crewgen_core.models.batch import CrewFiles, UnreadableFile
from tests.support.crews import sequential_crew, tools_catalog

CATALOG = tools_catalog()
CREW = sequential_crew()
FILE = json.dumps(crew_document(CREW)).encode()
JSON_PROJECT = export_crewai_json(CREW, CATALOG, "openai/gpt-5-mini").content
YAML_PROJECT = export_crewai_yaml(CREW, CATALOG, "openai/gpt-5-mini").content
AGENTS = b"writer: {role: Writer, goal: Write, backstory: You write.}"
TASKS = b"write: {description: Write it, expected_output: A page, agent: writer}"


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unpacked(content: bytes, below: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {f"{below}/{name}": archive.read(name) for name in archive.namelist()}


def names(found) -> list[str]:
    return [one.name if isinstance(one, CrewFiles) else f"!{one.file}" for one in found]


def agents_of(found) -> list[int]:
    return [len(read_crew(one.files, CATALOG).crew.agents) for one in found if isinstance(one, CrewFiles)]


def test_every_crewgen_file_is_a_crew_by_itself() -> None:
    found = split_crews({"b.yaml": export_crewgen_yaml(CREW).content, "a.json": FILE})
    assert names(found) == ["a.json", "b.yaml"]
    assert agents_of(found) == [3, 3]


def test_a_bad_file_is_told_and_holds_no_good_one_back() -> None:
    files = {"a.json": FILE, "b.json": b'{"a": ', "c.png": b"\x89PNG\xff", "d.json": b"[1]", "e.zip": b"PK\x03\x04"}
    found = split_crews(files)
    assert names(found) == ["a.json", "!b.json", "!c.png", "!d.json", "!e.zip"]
    assert all(one.reason.endswith(".") and one.hint for one in found if isinstance(one, UnreadableFile))


def test_a_project_that_is_alone_in_its_zip_goes_by_the_name_of_the_zip() -> None:
    found = split_crews({"one.zip": JSON_PROJECT, "two.zip": YAML_PROJECT})
    assert names(found) == ["one.zip", "two.zip"]
    assert agents_of(found) == [3, 3]


def test_a_zip_of_many_projects_and_files_gives_each_of_them() -> None:
    members = unpacked(JSON_PROJECT, "one") | unpacked(YAML_PROJECT, "two") | {"three.json": FILE, "bad.yaml": b"a: ["}
    found = split_crews({"all.zip": packed(members)})
    assert len(found) == 4
    assert agents_of(found) == [3, 3, 3]
    assert "!all.zip/bad.yaml" in names(found)


def test_a_zip_may_hold_zips_of_projects_one_level_deep() -> None:
    inner = packed({"deep.zip": JSON_PROJECT})
    found = split_crews({"all.zip": packed({"one.zip": JSON_PROJECT, "two.zip": inner, "bad.zip": b"PK\x03\x04"})})
    assert names(found) == ["!all.zip/bad.zip", "all.zip/one.zip", "!all.zip/two.zip"]
    found = split_crews({"all.zip": packed({"one.zip": JSON_PROJECT, "x/a.json": FILE})})
    assert names(found) == ["all.zip/one.zip", "all.zip/x/a.json"]


def test_files_of_projects_in_folders_do_not_mix() -> None:
    crew = b'{"name": "x", "agents": ["writer"], "tasks": [{"description": "Do it", "agent": "writer"}]}'
    writer = b'{"role": "%s", "goal": "Write", "backstory": "x"}'
    files = {
        "one/crew.jsonc": crew,
        "one/agents/writer.jsonc": writer % b"One",
        "two/crew.jsonc": crew,
        "two/agents/writer.jsonc": writer % b"Two",
    }
    found = split_crews(files)
    assert names(found) == ["one", "two"]
    assert [read_crew(one.files, CATALOG).crew.agents[0].role for one in found] == ["One", "Two"]


def test_agents_and_tasks_find_each_other_with_the_python_around_them() -> None:
    files = {"p/config/agents.yaml": AGENTS, "p/config/tasks.yaml": TASKS, "p/crew.py": b"x = 1", "q.py": b""}
    (found,) = split_crews(files)
    assert isinstance(found, CrewFiles)
    assert set(found.files) == set(files) - {"q.py"}
    assert names(split_crews({"agents.yaml": AGENTS, "tasks.yaml": TASKS})) == ["agents.yaml"]


def test_agents_without_tasks_are_told_as_what_is_missing() -> None:
    (found,) = split_crews({"agents.yaml": AGENTS})
    with pytest.raises(UnreadableCrew, match="tasks of this CrewAI project are missing"):
        read_crew(found.files, CATALOG)


def test_what_else_is_in_the_folder_of_a_project_is_passed_over() -> None:
    found = split_crews({"all.zip": packed(unpacked(JSON_PROJECT, "one") | {"one/churn_brief_crew/x.json": b"{}"})})
    assert names(found) == ["all.zip"]


def test_a_zip_without_a_crew_says_so() -> None:
    assert names(split_crews({"a.zip": packed({"README.md": b"x"})})) == ["!a.zip"]


def test_one_file_that_is_too_large_is_told_with_the_file() -> None:
    found = split_crews({"a.json": b" " * (LARGEST_TOTAL + 1), "b.json": FILE})
    assert names(found) == ["!a.json", "b.json"]


def test_a_zip_that_is_packed_like_a_bomb_is_told_with_the_zip() -> None:
    found = split_crews({"a.zip": packed({"x.json": b"0" * 4_000_000}), "b.json": FILE})
    assert names(found) == ["!a.zip", "b.json"]


def test_too_much_altogether_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{n}.json": b" " * LARGEST_TOTAL for n in range(LARGEST_BATCH // LARGEST_TOTAL + 1)}
    with pytest.raises(UnreadableCrew, match="50 MB together"):
        split_crews(files)
    monkeypatch.setattr(splitting, "MOST_CREWS", 2)
    with pytest.raises(UnreadableCrew, match="more than 2 crews"):
        split_crews({f"{n}.json": FILE for n in range(3)})


@given(
    st.dictionaries(
        st.sampled_from(["a.json", "b/agents.yaml", "b/tasks.yaml", "b/c.py", "crew.jsonc", "x/crew.jsonc", "t.txt"]),
        st.one_of(st.binary(max_size=40), st.sampled_from([FILE, AGENTS, TASKS, JSON_PROJECT, b"{}", b"null"])),
    )
)
def test_whatever_is_given_no_crew_takes_a_file_that_another_one_leads_with(files: dict[str, bytes]) -> None:
    found = split_crews(files)
    assert names(found) == sorted(names(found), key=lambda name: name.removeprefix("!"))
    assert len(set(names(found))) == len(names(found))
