"""Documents say what the program does: checked against the program itself."""

import argparse
import re
from pathlib import Path

import pytest

from crewgen_core.__main__ import EXPORT_FORMATS, make_parser
from crewgen_core.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


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
def test_the_readme_lists_every_command_with_exactly_its_options(command: str):
    (row,) = re.findall(rf"^\| `{command}\b.*$", README, re.MULTILINE)
    told = set(re.findall(r"`(--[a-z-]+)`", row))
    assert told == options_of(commands()[command]) - {"-h", "--help"}


def test_the_readme_lists_no_other_command():
    table = README.partition("| command |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)", table, re.MULTILINE)) == set(commands())


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_the_readme_names_every_export_format(form: str):
    assert f"`{form}`" in README


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
    broken = [
        link for link in targets if not link.startswith("#") and not (document.parent / link.split("#")[0]).exists()
    ]
    assert broken == []


def test_an_example_of_the_readme_is_what_the_program_understands():
    examples = re.findall(r"^\$ \.venv/bin/python -m crewgen_core (.+)$", README, re.MULTILINE)
    assert len(examples) >= 2
    for example in examples:
        make_parser().parse_args(re.findall(r'"[^"]*"|\S+', example))


def test_every_test_that_the_table_of_threats_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8"))
    missing = [
        f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert len(named) > 30 and missing == []
