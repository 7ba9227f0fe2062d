"""Exported crews are built in real CrewAI, in its own environment and process, without network and without keys.

Skipped where that environment is missing; CREWGEN_REQUIRE_CREWAI=1 (set in CI) makes that a failure.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.loader import DATA
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.models.crew import Crew
from tests.support.crews import (
    crew_with_every_tool,
    hierarchical_crew,
    hostile_crew,
    parallel_crew,
    sequential_crew,
    tools_catalog,
)

ROOT = Path(__file__).parents[2]
PYTHON = Path(os.environ.get("CREWGEN_CREWAI_PYTHON", ROOT / ".venv-crewai/bin/python"))
SCRIPT = Path(__file__).with_name("build_in_crewai.py")

NEEDS_MORE_THAN_A_KEY = frozenset({
    "browser_automation", "shopping_search", "amazon_search", "market_data_search", "database_query", "mysql_search",
    "snowflake_query", "mongodb_search", "vector_search",
})  # fmt: skip
"""Tools whose constructor wants a package that is not installed here, or a running service."""

pytestmark = pytest.mark.crewai


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return tools_catalog()


@pytest.fixture(scope="module")
def python() -> Path:
    if not PYTHON.exists():
        if os.environ.get("CREWGEN_REQUIRE_CREWAI"):
            pytest.fail(f"CrewAI's environment is missing: {PYTHON} does not exist.")
        pytest.skip("CrewAI's own environment (.venv-crewai) is not installed.")
    return PYTHON


def run(python: Path, home: Path, arguments: list[str], keys: dict[str, str]) -> dict[str, Any]:
    quiet = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "CREWAI_TRACING_ENABLED": "false"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "OPENAI_API_KEY": "dummy", **quiet, **keys}
    done = subprocess.run(
        [str(python), str(SCRIPT), *arguments], env=environment, cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def build(
    python: Path, folder: Path, catalog: Catalog, crew: Crew, keys: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return what CrewAI makes of the crew, by format."""
    exports = {"json": export_crewai_json(crew, catalog), "yaml": export_crewai_yaml(crew, catalog)}
    for exported in exports.values():
        (folder / exported.name).write_bytes(exported.content)
    built = run(python, folder, [str(folder)], keys or {})
    return {kind: built[exported.name] for kind, exported in exports.items()}


def dummy_keys(catalog: Catalog) -> dict[str, str]:
    return {variable: "dummy" for tool in catalog.tools.values() for variable in tool.environment}


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_sequential_crew_runs_its_tasks_in_topological_order(
    kind: str, python: Path, tmp_path: Path, catalog: Catalog
) -> None:
    built = build(python, tmp_path, catalog, sequential_crew())[kind]
    assert [task["name"] for task in built["tasks"]] == ["Find what drives churn", "Write the brief", "Check the brief"]
    assert built["tasks"][2]["context"] == ["Write the brief", "Find what drives churn"]
    assert built["tasks"][0]["context"] == []
    assert built["tasks"][2]["human_input"] is True
    assert built["agents"][0]["tools"] == ["CSVSearchTool"]
    assert built["agents"][1]["max_iter"] == 12
    assert built["unchanged_by_inputs"] is True


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_the_manager_of_a_hierarchical_crew_is_none_of_its_agents(
    kind: str, python: Path, tmp_path: Path, catalog: Catalog
) -> None:
    built = build(python, tmp_path, catalog, hierarchical_crew())[kind]
    assert built["process"] == "hierarchical"
    assert built["manager"] == "Launch Lead"
    assert [agent["role"] for agent in built["agents"]] == ["Planner", "Channel Manager"]
    assert built["tasks"][1]["agent"] is None


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_parallel_crew_keeps_what_crewai_can_run_at_the_same_time(
    kind: str, python: Path, tmp_path: Path, catalog: Catalog
) -> None:
    built = build(python, tmp_path, catalog, parallel_crew())[kind]
    assert [task["async_execution"] for task in built["tasks"]] == [True, True, False, False, True, False]
    assert [agent["apps"] for agent in built["agents"]] == [["slack"], ["gmail"]]


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_hostile_texts_reach_crewai_as_they_are(kind: str, python: Path, tmp_path: Path, catalog: Catalog) -> None:
    crew = hostile_crew()
    built = build(python, tmp_path, catalog, crew)[kind]
    assert "error" not in built, built
    assert [agent["backstory"] for agent in built["agents"]] == [agent.backstory for agent in crew.agents]
    assert [task["description"] for task in built["tasks"]] == [task.description for task in crew.tasks]
    assert built["unchanged_by_inputs"] is True


def test_every_tool_that_a_key_is_enough_for_is_constructed_in_both_formats(
    python: Path, tmp_path: Path, catalog: Catalog
) -> None:
    every = crew_with_every_tool(catalog)
    simple = every.model_copy(
        update={"agents": tuple(agent for agent in every.agents if agent.tools[0] not in NEEDS_MORE_THAN_A_KEY)}
    )
    built = build(python, tmp_path, catalog, simple, dummy_keys(catalog))
    for kind in ("json", "yaml"):
        for agent in built[kind]["agents"]:
            tool = catalog.tools[agent["role"]]
            assert (agent["tools"], agent["apps"]) == (
                ([], list(tool.apps)) if tool.apps else ([tool.crewai_class], [])
            )


def test_a_classic_project_is_built_without_any_key_and_says_what_is_left_out(
    python: Path, tmp_path: Path, catalog: Catalog
) -> None:
    built = build(python, tmp_path, catalog, crew_with_every_tool(catalog))["yaml"]
    assert len(built["agents"]) == len(catalog.tools)
    assert "The crew works without SerperDevTool: set SERPER_API_KEY in .env" in built["printed"]


def test_a_json_project_without_a_key_is_refused_with_the_tool_and_the_key(
    python: Path, tmp_path: Path, catalog: Catalog
) -> None:
    crew = sequential_crew()
    agents = (crew.agents[0].model_copy(update={"tools": ("news_search",)}), *crew.agents[1:])
    built = build(python, tmp_path, catalog, crew.model_copy(update={"agents": agents}))["json"]
    assert "BraveNewsSearchTool" in built["error"]
    assert "BRAVE_API_KEY" in built["error"]


def test_every_tool_of_the_catalog_is_a_class_of_crewai_tools_that_takes_its_arguments(
    python: Path, tmp_path: Path
) -> None:
    faults = run(python, tmp_path, ["--tools", str(DATA / "tools.yaml")], {})
    assert {key: fault for key, fault in faults.items() if fault} == {}
