"""Documents say what the program does: checked against the program itself."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.__main__ import EXPORT_FORMATS, main, make_parser
from crewgen_core.api.application import create_api
from crewgen_core.app import Crewgen
from crewgen_core.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
NEEDS_MORE = ("run",)
"""Commands of the README that need CrewAI."""

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    """The front door with an empty database."""
    door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", model=""))
    yield door
    door.close()


def read(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command."""
    actions = make_parser()._actions  # argparse has no public way to its commands
    return next(dict(action.choices) for action in actions if isinstance(action, argparse._SubParsersAction))


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a command, those of what it can be told to do included."""
    options = {option for action in parser._actions for option in action.option_strings}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            options = options.union(*map(options_of, action.choices.values()))
    return options


@pytest.mark.parametrize("command", commands())
def test_every_command_is_told_with_exactly_its_options(command: str):
    (row,) = re.findall(rf"^\| `{command}\b.*$", COMMANDS, re.MULTILINE)
    told = set(re.findall(r"`(--[a-z-]+)`", row))
    assert told == options_of(commands()[command]) - {"-h", "--help"}


def test_no_other_command_is_told():
    table = COMMANDS.partition("| command |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)", table, re.MULTILINE)) == set(commands())


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_every_export_format_is_told(form: str):
    assert f"`{form}`" in COMMANDS


def test_the_readme_lists_exactly_the_settings_with_their_defaults():
    rows = dict(re.findall(r"^\| `(CREWGEN_\w+)` \| (.+?) \|", README, re.MULTILINE))
    told = {name: "" if default == "(empty)" else default.strip("`") for name, default in rows.items()}
    fields = {f"CREWGEN_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    expected = {
        name: f"{default:g}" if isinstance(default, float) else str("" if default in (None, (), {}) else default)
        for name, default in fields.items()
    }
    assert told == {name: default.replace(f"{ROOT}/", "") for name, default in expected.items()}


def test_the_first_commands_of_the_readme_are_targets_of_the_makefile():
    first = README.partition("```sh\n")[2].partition("```")[0]
    assert re.findall(r"^(make \w+)", first, re.MULTILINE) == ["make run", "make test"]


def test_every_make_target_that_a_document_names_is_there():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        assert set(re.findall(r"`make (\w+)", document.read_text(encoding="utf-8"))) <= targets, document.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_within_the_project_lead_somewhere(document: Path):
    text = document.read_text(encoding="utf-8")
    targets = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    broken = [link for link in targets if not leads_somewhere(document, link)]
    assert broken == []


def leads_somewhere(document: Path, link: str) -> bool:
    """Tell whether the file is there and, where a place in it is named, a heading of that name."""
    file, _, place = link.partition("#")
    target = document.parent / file if file else document
    if not target.exists() or not place:
        return target.exists()
    titles = re.findall(r"^#+ (.+)$", read(target), re.MULTILINE)
    return place in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_example_of_a_command_is_what_the_program_understands():
    told = r"^\$ \.venv/bin/python -m crewgen_core (.+)$|`crewgen (\w.+?)`"
    found = [pair for document in DOCUMENTS for pair in re.findall(told, read(document), re.MULTILINE)]
    examples = [example for pair in found for example in pair if example]
    assert len(examples) >= 20
    for example in examples:
        make_parser().parse_args(shlex.split(example))


def test_commands_of_the_readme_that_need_no_more_than_a_database_do_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in {"DATABASE_URL": f"sqlite:///{tmp_path / 'crewgen.db'}", "MODEL": ""}.items():
        monkeypatch.setenv(f"CREWGEN_{name}", value)
    monkeypatch.chdir(tmp_path)
    told = re.findall(r"^\$ \.venv/bin/python -m crewgen_core (.+)$", README, re.MULTILINE)
    offline = [words for words in map(shlex.split, told) if words[0] not in NEEDS_MORE]
    assert len(offline) >= 4
    for words in offline:
        assert main(words) == 0, words
    assert {path.name for path in tmp_path.iterdir()} >= {"project.zip", "report.pdf"}


def test_every_setting_that_a_document_names_exists():
    known = {f"CREWGEN_{name.upper()}" for name in Settings.model_fields} | {"CREWGEN_TEST_SEED"}  # the tests' own
    for document in DOCUMENTS:
        named = set(re.findall(r"CREWGEN_[A-Z_]*[A-Z]", read(document)))
        assert named <= known, document.name


def test_every_path_of_the_api_that_a_document_names_exists(crewgen: Crewgen):
    paths = create_api(lambda: crewgen).openapi()["paths"]
    known = {(verb.upper(), path) for path, verbs in paths.items() for verb in verbs}
    told = {
        (document.name, verb, path.removeprefix("/api/v1"))
        for document in DOCUMENTS
        for verb, path in re.findall(r"`(GET|POST|PUT|DELETE) (/[\w/{}-]+)`", read(document))
    }
    assert len(told) >= 15
    wrong = [(name, verb, path) for name, verb, path in told if (verb, path) not in known]
    assert wrong == []


def test_the_index_names_every_document():
    named = re.findall(r"\]\(([\w-]+\.\w+(?:\.json)?)\)", read(ROOT / "docs" / "README.md"))
    there = {path.name for path in (ROOT / "docs").iterdir() if path.is_file()} - {"README.md"}
    assert there <= set(named)


def test_every_test_that_the_table_of_threats_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8"))
    missing = [
        f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert len(named) > 30 and missing == []
