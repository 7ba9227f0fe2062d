"""The files of CrewAI projects; tests/acceptance builds them in CrewAI."""

import ast
import io
import re
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
import yaml
from hypothesis import given, settings

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.exports.exported import Exported
from crewgen_core.models.crew import Crew
from tests.support.crews import HOSTILE, crew_with_every_tool, crews, hostile_crew, sequential_crew, tools_catalog

CATALOG = tools_catalog()
EXPORTS = [export_crewai_json, export_crewai_yaml]
Export = Callable[[Crew, Catalog], Exported]


def files(exported: Exported) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        return {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("export", EXPORTS)
def test_the_same_crew_gives_the_same_bytes(export: Export) -> None:
    assert export(sequential_crew(), CATALOG) == export(sequential_crew(), CATALOG)


@pytest.mark.parametrize("export", EXPORTS)
@settings(max_examples=20, deadline=None)
@given(crew=crews())
def test_no_name_in_the_zip_leaves_its_folder(export: Export, crew: Crew) -> None:
    with zipfile.ZipFile(io.BytesIO(export(crew, CATALOG).content)) as archive:
        for name in archive.namelist():
            assert re.fullmatch(r"[A-Za-z0-9_./]+", name)
            assert ".." not in PurePosixPath(name).parts
        assert len({name.split("/")[0] for name in archive.namelist()}) == 1


def test_no_text_of_the_crew_is_in_the_python_files() -> None:
    crew = hostile_crew().model_copy(update={"name": "Churn"})
    for name, text in files(export_crewai_yaml(crew, CATALOG)).items():
        if name.endswith(".py"):
            literals = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
            assert not literals & (set(HOSTILE) - {"null"})  # which is a safe name as it is


def test_yaml_files_hold_hostile_texts_as_they_are() -> None:
    texts = files(export_crewai_yaml(hostile_crew(), CATALOG))
    agents = next(yaml.safe_load(text) for name, text in texts.items() if name.endswith("agents.yaml"))
    assert [agent["goal"] for agent in agents.values()][: len(HOSTILE)] == list(HOSTILE)


@pytest.mark.parametrize("export", EXPORTS)
def test_env_example_names_every_variable_that_a_tool_needs(export: Export) -> None:
    text = files(export(crew_with_every_tool(CATALOG), CATALOG))[".env.example"]
    for variable in {variable for tool in CATALOG.tools.values() for variable in tool.environment}:
        assert text.count(f"\n{variable}=\n") == 1


@pytest.mark.parametrize("export", EXPORTS)
def test_pyproject_asks_for_the_packages_of_tools_and_models(export: Export) -> None:
    crew = crew_with_every_tool(CATALOG)
    agents = (crew.agents[0].model_copy(update={"model": "anthropic/claude-sonnet-4-5"}), *crew.agents[1:])
    texts = files(export(crew.model_copy(update={"agents": agents}), CATALOG))
    project = tomllib.loads(texts["pyproject.toml"])
    assert project["project"]["dependencies"][0] == "crewai[anthropic,tools]==1.15.30"
    assert "tavily-python" in project["project"]["dependencies"]
    assert project["tool"]["crewai"]["type"] == "crew"
    assert "ANTHROPIC_API_KEY=" in texts[".env.example"]


@pytest.mark.parametrize("export", EXPORTS)
def test_the_readme_shows_texts_only_in_code_blocks(export: Export) -> None:
    crew = sequential_crew().model_copy(update={"objective": "<script>alert(1)</script>\n# Not a heading"})
    readme = files(export(crew, CATALOG))["README.md"]
    assert "\n    <script>alert(1)</script>\n    # Not a heading\n" in readme
