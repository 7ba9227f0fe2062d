"""A wrong data file is refused with its file, entry and field."""

from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import yaml

from crewgen_core.catalog.loader import DATA, load_catalog
from crewgen_core.errors import CatalogFault

SOUND: dict[str, Any] = {
    "domains": [{"key": "tea", "name": "Tea", "vocabulary": ["tea"]}],
    "artefacts": [{"key": "tea_notes", "name": "tea notes", "stage": "finding"}],
    "skills": [
        {"key": "tasting", "name": "tasting", "gloss": "taste", "activity": "analyze", "triggers": ["taste tea"]}
    ],
    "roles": [
        {
            "key": "taster", "title": "Tea Taster", "focus": "taste", "domains": ["tea"], "skills": {"tasting": 9},
            "goal": "Taste {subject}.", "style": "You sip.",
        }
    ],
    "patterns": [
        {
            "key": "tea_work", "name": "Tea", "deliverable": "tea_notes", "nouns": ["tea notes"], "steps": [
                {
                    "key": "taste_tea", "title": "Taste {focus}", "skill": "tasting", "produces": "tea_notes",
                    "description": "Sip.", "output": "Notes.", "checks": ["Three teas."], "minutes": 5,
                }
            ],
        }
    ],
    "risks": [{"key": "hot_tea", "name": "heat", "severity": "low", "triggers": ["hot tea"], "care": "Wait."}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of data files with a single field of work."""
    (tmp_path / "data" / "fields").mkdir(parents=True)
    for name in ("tools.yaml", "language.yaml"):
        copy(DATA / name, tmp_path / "data")
    return tmp_path / "data"


def write(folder: Path, change: Callable[[dict[str, Any]], object] = lambda _: None) -> None:
    content = yaml.safe_load(yaml.safe_dump(SOUND))
    change(content)
    (folder / "fields" / "tea.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")


def test_a_sound_folder_is_loaded(folder: Path) -> None:
    write(folder)
    catalog = load_catalog(folder)
    assert catalog.producers["tea_notes"][0].key == "taste_tea"
    assert catalog.home_domains["tasting"] == {"tea"}


def step(content: dict[str, Any]) -> dict[str, Any]:
    return content["patterns"][0]["steps"][0]


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "unknown field": (lambda c: c["skills"][0].update(colour="green"), "tasting", "colour"),
    "missing field": (lambda c: c["roles"][0].pop("style"), "taster", "style"),
    "wrong proficiency": (lambda c: c["roles"][0]["skills"].update(tasting=11), "taster", "skills"),
    "wrong stage": (lambda c: c["artefacts"][0].update(stage="half done"), "tea_notes", "stage"),
    "minutes below zero": (lambda c: step(c).update(minutes=-1), "taste_tea", "minutes"),
    "key twice": (lambda c: c["skills"].append(dict(c["skills"][0])), "tasting", "key"),
    "step twice": (lambda c: c["patterns"][0]["steps"].append(dict(step(c))), "taste_tea", "key"),
    "unknown skill of a role": (lambda c: c["roles"][0]["skills"].update(flying=5), "taster", "skills"),
    "unknown domain": (lambda c: c["roles"][0].update(domains=["coffee"]), "taster", "domains"),
    "unknown tool": (lambda c: step(c).update(tools=["teapot"]), "taste_tea", "tools"),
    "unknown skill of a step": (lambda c: step(c).update(skill="flying"), "taste_tea", "skill"),
    "unknown need": (lambda c: step(c).update(needs=["water"]), "taste_tea", "needs"),
    "unknown use": (lambda c: step(c).update(uses=["water"]), "taste_tea", "uses"),
    "unknown stage": (lambda c: step(c).update(uses=["stage:boiled"]), "taste_tea", "uses"),
    "unknown result": (
        lambda c: c["patterns"][0].pop("deliverable") and step(c).update(produces="water"),
        "taste_tea",
        "produces",
    ),
    "unknown deliverable": (lambda c: c["patterns"][0].update(deliverable="water"), "tea_work", "deliverable"),
    "unknown review": (lambda c: c["risks"][0].update(review="blow"), "hot_tea", "review"),
    "unknown slot": (lambda c: step(c).update(description="Sip {liquid}."), "taste_tea", "description"),
    "open brace": (lambda c: c["roles"][0].update(goal="Taste {subject"), "taster", "goal"),
    "unknown verb group": (lambda c: c["skills"][0].update(triggers=["@sip tea"]), "tasting", "triggers"),
    "only verbs": (lambda c: c["skills"][0].update(triggers=["@find @write"]), "tasting", "triggers"),
    "only verbs in a step": (lambda c: step(c).update(triggers=["@find"]), "taste_tea", "triggers"),
    "only verbs in a risk": (lambda c: c["risks"][0].update(triggers=["@find"]), "hot_tea", "triggers"),
    "no word in a noun": (lambda c: c["patterns"][0].update(nouns=["&"]), "tea_work", "nouns"),
    "exact word of two": (lambda c: c["domains"][0].update(vocabulary=["=green-tea"]), "tea", "vocabulary"),
    "no word given": (lambda c: c["artefacts"][0].update(given=["@find"]), "tea_notes", "given"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_entry_is_refused_with_file_entry_and_field(name: str, folder: Path) -> None:
    change, entry, field = WRONG[name]
    write(folder, change)
    with pytest.raises(CatalogFault) as fault:
        load_catalog(folder)
    assert "tea.yaml" in str(fault.value)
    assert f'"{entry}"' in str(fault.value)
    assert field in str(fault.value)


def test_a_wrong_trigger_of_a_tool_is_refused_too(folder: Path) -> None:
    write(folder)
    tools = yaml.safe_load((folder / "tools.yaml").read_text(encoding="utf-8"))
    tools["tools"][0]["triggers"] = ["@nosuch tea"]
    (folder / "tools.yaml").write_text(yaml.safe_dump(tools), encoding="utf-8")
    with pytest.raises(CatalogFault, match=r'tools\.yaml.*triggers.*"@nosuch"'):
        load_catalog(folder)


@pytest.mark.parametrize("content", [b"a: [1", b"\xff\xfe\x00", b"- just\n- a list", b""])
def test_a_file_that_holds_no_entries_is_refused_by_name(content: bytes, folder: Path) -> None:
    (folder / "fields" / "tea.yaml").write_bytes(content)
    with pytest.raises(CatalogFault, match=r"tea\.yaml"):
        load_catalog(folder)


def test_a_missing_file_is_refused_by_name(folder: Path) -> None:
    (folder / "language.yaml").unlink()
    with pytest.raises(CatalogFault, match=r"language\.yaml cannot be read"):
        load_catalog(folder)
