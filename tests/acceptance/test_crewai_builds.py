"""Exported crews are built in real CrewAI, in its own environment and process, without network and without keys.

Skipped where that environment is missing; CREWGEN_REQUIRE_CREWAI=1 (set in CI) makes that a failure.
"""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.app import Crewgen
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.loader import DATA, load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.exports.parts import take_apart
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Agent, Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits
from crewgen_core.settings import Settings
from crewgen_core.templates.filling import fill_crew
from crewgen_core.templates.shipped_files import list_fingerprints, read_shipped
from crewgen_core.templates.values import read_values
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
OBJECTIVES = Path(__file__).with_name("objectives.txt").read_text(encoding="utf-8").splitlines()

NEEDS_MORE_THAN_A_KEY = {
    "browser_automation", "shopping_search", "amazon_search", "market_data_search", "database_query", "mysql_search",
    "snowflake_query", "mongodb_search", "vector_search",
}  # fmt: skip
"""Tools whose constructor wants a package that is not installed here, or a running service."""

OPTIMIZED = (
    (0, "quality", Limits(providers=("openai",))),
    (4, "quality", Limits(providers=("openai",))),
    (5, "performance", Limits()),
    (8, "balanced", Limits(new_tools=True, max_agents=1, least_success=0.01)),
    (10, "speed", Limits(new_tools=True)),
    (10, "cost", Limits(new_tools=True, max_agents=2)),
)
"""Objectives by their number, with goals and limits that change their crews in every way that there is."""

Built = dict[str, dict[str, Any]]
"""What CrewAI made of each export, by crew and format ("launch json")."""

pytestmark = [pytest.mark.crewai, pytest.mark.xdist_group("crewai")]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return tools_catalog()


@pytest.fixture(scope="session")
def python() -> Path:
    if not PYTHON.exists():
        if os.environ.get("CREWGEN_REQUIRE_CREWAI"):
            pytest.fail(f"CrewAI's environment is missing: {PYTHON} does not exist.")
        pytest.skip("CrewAI's own environment (.venv-crewai) is not installed.")
    return PYTHON


@pytest.fixture(scope="session")
def without_keys(python: Path, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The hand-made crews, built with the key of the model only."""
    no_key = sequential_crew()
    agents = (no_key.agents[0].model_copy(update={"tools": ("news_search",)}), *no_key.agents[1:])
    crews = {
        "sequential": sequential_crew(),
        "hierarchical": hierarchical_crew(),
        "parallel": parallel_crew(),
        "hostile": hostile_crew(),
        "every tool": crew_with_every_tool(catalog),
        "no key": no_key.model_copy(update={"agents": agents}),
    }
    return build(python, tmp_path_factory.mktemp("without"), catalog, crews.items(), {})


@pytest.fixture(scope="session")
def with_keys(python: Path, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A crew with every tool for which dummy keys are enough."""
    every = crew_with_every_tool(catalog)
    agents = tuple(agent for agent in every.agents if agent.tools[0] not in NEEDS_MORE_THAN_A_KEY)
    crews = {"every tool": every.model_copy(update={"agents": agents})}
    return build(python, tmp_path_factory.mktemp("with"), catalog, crews.items(), dummy_keys(catalog))


def build(
    python: Path, folder: Path, catalog: Catalog, crews: Iterable[tuple[str, Crew]], keys: dict[str, str]
) -> Built:
    """Export every crew in both formats and build all of them in one process of CrewAI."""
    for name, crew in crews:
        (folder / f"{name} json.zip").write_bytes(export_crewai_json(crew, catalog).content)
        (folder / f"{name} yaml.zip").write_bytes(export_crewai_yaml(crew, catalog).content)
    return {name.removesuffix(".zip"): built for name, built in run(python, folder, [str(folder)], keys).items()}


def run(python: Path, home: Path, arguments: list[str], keys: dict[str, str]) -> dict[str, Any]:
    quiet = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "CREWAI_TRACING_ENABLED": "false"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "OPENAI_API_KEY": "dummy", **quiet, **keys}
    command = [str(python), str(SCRIPT), *arguments]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def dummy_keys(catalog: Catalog) -> dict[str, str]:
    return {variable: "dummy" for tool in catalog.tools.values() for variable in tool.environment}


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_sequential_crew_runs_its_tasks_in_topological_order(kind: str, without_keys: Built) -> None:
    built = without_keys[f"sequential {kind}"]
    assert [task["name"] for task in built["tasks"]] == ["Find what drives churn", "Write the brief", "Check the brief"]
    assert built["tasks"][2]["context"] == ["Write the brief", "Find what drives churn"]
    assert built["tasks"][0]["context"] == []
    assert built["tasks"][2]["human_input"] is True
    assert built["agents"][0]["tools"] == ["CSVSearchTool"]
    assert built["agents"][1]["max_iter"] == 12
    assert built["inputs"] == {"topic": "{topic}"}
    assert built["unchanged_by_inputs"] is True


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_the_manager_of_a_hierarchical_crew_is_none_of_its_agents(kind: str, without_keys: Built) -> None:
    built = without_keys[f"hierarchical {kind}"]
    assert built["process"] == "hierarchical"
    assert built["manager"] == "Launch Lead"
    assert [agent["role"] for agent in built["agents"]] == ["Planner", "Channel Manager"]
    assert built["tasks"][1]["agent"] is None


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_parallel_crew_keeps_what_crewai_can_run_at_the_same_time(kind: str, without_keys: Built) -> None:
    built = without_keys[f"parallel {kind}"]
    assert [task["async_execution"] for task in built["tasks"]] == [True, True, False, False, True, False]
    assert [agent["apps"] for agent in built["agents"]] == [["slack"], ["gmail"]]


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_hostile_texts_reach_crewai_as_they_are(kind: str, without_keys: Built) -> None:
    crew, built = hostile_crew(), without_keys[f"hostile {kind}"]
    assert "error" not in built, built
    assert [agent["backstory"] for agent in built["agents"]] == [agent.backstory for agent in crew.agents]
    assert [task["description"] for task in built["tasks"]] == [task.description for task in crew.tasks]
    assert built["unchanged_by_inputs"] is True


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_every_tool_that_a_key_is_enough_for_is_constructed(kind: str, with_keys: Built, catalog: Catalog) -> None:
    for agent in with_keys[f"every tool {kind}"]["agents"]:
        tool = catalog.tools[agent["role"]]
        assert agent["apps"] == list(tool.apps)
        assert agent["tools"] == ([] if tool.apps else [tool.crewai_class])


def test_a_classic_project_is_built_without_any_key_and_says_what_is_left_out(
    without_keys: Built, catalog: Catalog
) -> None:
    built = without_keys["every tool yaml"]
    assert len(built["agents"]) == len(catalog.tools)
    assert "The crew works without SerperDevTool: set SERPER_API_KEY in .env" in built["printed"]


def test_a_json_project_without_a_key_is_refused_with_the_tool_and_the_key(without_keys: Built) -> None:
    error = without_keys["no key json"]["error"]
    assert "BraveNewsSearchTool" in error
    assert "BRAVE_API_KEY" in error


def test_every_tool_of_the_catalog_is_a_class_of_crewai_tools_that_takes_its_arguments(
    python: Path, tmp_path: Path
) -> None:
    faults = run(python, tmp_path, ["--tools", str(DATA / "tools.yaml")], {})
    assert {key: fault for key, fault in faults.items() if fault} == {}


def test_thirty_generated_crews_are_built_in_both_formats(python: Path, tmp_path: Path) -> None:
    catalog = load_catalog()
    composer = CatalogComposer(catalog)
    crews = {
        str(number): composer.build(analyze(Objective(text=text), catalog)) for number, text in enumerate(OBJECTIVES)
    }
    built = build(
        python, tmp_path, catalog, ((name, _constructible(crew)) for name, crew in crews.items()), dummy_keys(catalog)
    )
    assert len(built) == 2 * 30
    for name, crew in crews.items():
        parts = take_apart(crew, catalog)
        order = [task.description for task in parts.tasks]
        for kind in ("json", "yaml"):
            result = built[f"{name} {kind}"]
            assert "error" not in result, (OBJECTIVES[int(name)], result)
            assert [agent["role"] for agent in result["agents"]] == _listed_roles(parts.agents, kind)
            assert [task["description"] for task in result["tasks"]] == order
            assert result["unchanged_by_inputs"] is True


def test_the_shipped_templates_are_built_in_both_formats(python: Path, tmp_path: Path) -> None:
    catalog = load_catalog()
    crews = {key: fill_crew(it := read_shipped(key), read_values(it, {})) for key in list_fingerprints()}
    built = build(
        python, tmp_path, catalog, ((name, _constructible(crew)) for name, crew in crews.items()), dummy_keys(catalog)
    )
    for name, crew in crews.items():
        for kind in ("json", "yaml"):
            result = built[f"{name} {kind}"]
            assert "error" not in result, (name, result)
            assert [task["description"] for task in result["tasks"]] == [task.description for task in crew.tasks]


def test_optimized_crews_are_built_in_both_formats(python: Path, tmp_path: Path) -> None:
    catalog = load_catalog()
    optimizing = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'none.db'}"), environment={}).optimizing
    crews: dict[str, Crew] = {}
    seen: set[str] = set()
    for number, goal, limits in OPTIMIZED:
        objective = Objective(text=OBJECTIVES[number])
        crew = after = CatalogComposer(catalog).build(analyze(objective, catalog))
        for change in optimizing.optimize(crew, goal, limits, objective).changes:
            after = apply_change(after, change)
        seen |= set(_tell_changes(crew, after))
        crews[f"{number} {goal}"] = after
    assert seen >= {
        "more agents",
        "fewer agents",
        "reviews",
        "a manager",
        "no manager",
        "tasks at once",
        "another order",
    }
    built = build(
        python, tmp_path, catalog, ((name, _constructible(crew)) for name, crew in crews.items()), dummy_keys(catalog)
    )
    assert len(built) == 2 * len(OPTIMIZED)
    for name, crew in crews.items():
        for kind in ("json", "yaml"):
            result = built[f"{name} {kind}"]
            assert "error" not in result, (name, result)
            assert result["process"] == crew.process
            assert result["manager"] == (crew.manager.role if crew.manager else None)
            assert {agent["role"] for agent in result["agents"]} == {agent.role for agent in crew.agents}
            parts = take_apart(crew, catalog)
            assert len(result["agents"]) == len(_listed_roles(parts.agents, kind))
            tasks = parts.tasks
            assert [task["description"] for task in result["tasks"]] == [task.description for task in tasks]
            assert [task["async_execution"] for task in result["tasks"]] == [task.async_execution for task in tasks]
            if crew.process == "sequential":  # a manager hands the tasks out itself
                roles = {agent.key: agent.role for agent in crew.agents}
                assert [task["agent"] for task in result["tasks"]] == [roles[task.agent or ""] for task in tasks]


def _listed_roles(agents: tuple[Agent, ...], kind: str) -> list[str]:
    """Return the roles that CrewAI lists; of a classic project it lists each role once, its tasks keep their copies."""
    roles = [agent.role for agent in agents]
    return roles if kind == "json" else list(dict.fromkeys(roles))


def _tell_changes(before: Crew, after: Crew) -> Iterator[str]:
    if len(after.agents) != len(before.agents):
        yield "more agents" if len(after.agents) > len(before.agents) else "fewer agents"
    if (before.manager is None) != (after.manager is None):
        yield "a manager" if after.manager else "no manager"
    known = [task.key for task in before.tasks]
    if len(after.tasks) > len(known):
        yield "reviews"
    if any(task.async_execution for task in after.tasks):
        yield "tasks at once"
    if [task.key for task in after.tasks if task.key in known] != known:
        yield "another order"


def _constructible(crew: Crew) -> Crew:
    """Leave out the tools that need a package or service that is not here."""
    return crew.model_copy(
        update={
            "agents": tuple(part.model_copy(update={"tools": _left(part.tools)}) for part in crew.agents),
            "tasks": tuple(part.model_copy(update={"tools": _left(part.tools)}) for part in crew.tasks),
        }
    )


def _left(tools: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tool for tool in tools if tool not in NEEDS_MORE_THAN_A_KEY)
