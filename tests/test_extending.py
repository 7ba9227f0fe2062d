"""docs/extending.md is followed to the letter: what stands in its recipes is put where they say."""

import re
import shutil
from pathlib import Path

import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.loader import DATA, load_catalog
from crewgen_core.catalog.model_facts import PATH, load_model_facts
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.objective import Objective
from crewgen_core.settings import ROOT
from crewgen_core.validation.context import Context
from crewgen_core.validation.rule import Rule
from tests.support.crews import sequential_crew

RECIPES = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")


def recipe(title: str, language: str) -> str:
    """Return what a section tells to write."""
    section = RECIPES.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return block


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The catalog with the skill, the role and the tool of the recipes."""
    folder = tmp_path_factory.mktemp("catalog") / "data"
    shutil.copytree(DATA, folder)
    (folder / "fields" / "puzzles.yaml").write_text(recipe("A skill", "yaml") + recipe("A role", "yaml"), "utf-8")
    with (folder / "tools.yaml").open("a", encoding="utf-8") as file:
        file.write(recipe("A tool", "yaml").removeprefix("tools:\n"))
    return load_catalog(folder)


def test_a_new_skill_is_found_in_objectives_and_a_new_role_has_it(extended: Catalog):
    analysis = analyze(Objective(text="Set a crossword about rivers for our school magazine."), extended)
    assert "crossword_setting" in [skill.key for skill in analysis.skills]
    crew = CatalogComposer(extended).build(analysis)
    assert "crossword setting" in {skill.name for agent in crew.agents for skill in agent.skills}
    assert any("Crossword Setter" in agent.role for agent in crew.agents)


def test_a_new_tool_is_granted_where_an_objective_asks_for_it(extended: Catalog):
    text = "Write a guide to our archive in five chapters, then compress files of it into one ZIP archive."
    crew = CatalogComposer(extended).build(analyze(Objective(text=text), extended))
    assert "compress_files" in {tool for agent in crew.agents for tool in agent.tools}


def test_a_new_rule_finds_what_it_is_for(tmp_path: Path):
    written: dict[str, object] = {}
    exec(compile(recipe("A rule", "python"), "docs/extending.md", "exec"), written)  # noqa: S102 our own document
    rule = written["RULE"]
    assert isinstance(rule, Rule) and rule.reason
    crew = sequential_crew()
    assert list(rule.find(Context(crew, load_catalog(), None, frozenset()))) == []
    loud = crew.tasks[0].model_copy(update={"description": "COLLECT ALL FIGURES OF THE LAST QUARTER AND SORT THEM."})
    shouting = crew.model_copy(update={"tasks": (loud, *crew.tasks[1:])})
    (found,) = rule.find(Context(shouting, load_catalog(), None, frozenset()))
    assert found.where == f"task:{loud.key}"


def test_a_new_model_is_known_with_its_source(tmp_path: Path):
    facts = tmp_path / "models.csv"
    facts.write_text(
        PATH.read_text(encoding="utf-8").rstrip("\n") + "\n" + recipe("A model and its price", "csv"), "utf-8"
    )
    found = load_model_facts(facts).find("acme-large")
    assert found is not None and found.eci == 151.5 and found.eci_source
