"""What an export wrote is read back as the same crew."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.exports.crew_file import export_crewgen_json, export_crewgen_yaml
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.exports.parts import take_apart
from crewgen_core.imports.reader import read_crew
from crewgen_core.models.crew import Agent, Crew, Task
from tests.support.crews import crew_with_every_tool, crews, hierarchical_crew, hostile_crew, tools_catalog

CATALOG = tools_catalog()
LINES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


def what_crewai_holds(crew: Crew) -> dict[str, Any]:
    """The crew without what CrewAI has no place for: objective, style, skills, minutes and reasons."""
    parts = take_apart(crew, CATALOG)
    return {
        "name": crew.name,
        "process": crew.process,
        "manager": parts.manager and parts.manager.model_copy(update={"key": "manager", "why": ""}),
        "agents": [agent.model_copy(update={"skills": (), "why": ""}) for agent in crew.agents],
        "tasks": [_held(task, parts.asynchronous) for task in parts.tasks],
    }


def _held(task: Task, asynchronous: frozenset[str]) -> Task:
    lost = {"skills": (), "why": "", "human_minutes": 30.0, "async_execution": task.key in asynchronous}
    return task.model_copy(update=lost)


@settings(max_examples=30, deadline=None)
@given(crews())
def test_a_crewgen_file_gives_the_same_crew(crew: Crew) -> None:
    for exported in (export_crewgen_json(crew), export_crewgen_yaml(crew)):
        imported = read_crew({exported.name: exported.content}, CATALOG)
        assert (imported.crew, imported.format, imported.notes) == (crew, "crewgen", ())


@settings(max_examples=30, deadline=None)
@given(crews(texts=LINES.filter(str.strip)))
def test_a_crewai_json_project_gives_back_what_crewai_holds(crew: Crew) -> None:
    exported = export_crewai_json(crew, CATALOG)
    imported = read_crew({exported.name: exported.content}, CATALOG)
    assert imported.format == "crewai-json"
    assert imported.notes == ()
    assert what_crewai_holds(imported.crew) == what_crewai_holds(crew)


@settings(max_examples=30, deadline=None)
@given(crews(texts=LINES.filter(str.strip)))
def test_a_classic_project_gives_back_what_crewai_holds(crew: Crew) -> None:
    exported = export_crewai_yaml(crew, CATALOG)
    imported = read_crew({exported.name: exported.content}, CATALOG)
    assert imported.format == "crewai-yaml"
    assert imported.notes == ()
    assert what_crewai_holds(imported.crew) == what_crewai_holds(crew)


@pytest.mark.parametrize("export", [export_crewai_json, export_crewai_yaml])
def test_every_tool_of_the_catalog_is_recognised_again(export: Any) -> None:
    crew = crew_with_every_tool(CATALOG)
    exported = export(crew, CATALOG)
    imported = read_crew({exported.name: exported.content}, CATALOG).crew
    assert [agent.tools for agent in imported.agents] == [agent.tools for agent in crew.agents]


@pytest.mark.parametrize("export", [export_crewai_json, export_crewai_yaml])
def test_an_agent_that_does_several_tasks_at_once_comes_back_as_one(export: Any) -> None:
    anne = Agent(key="anne", role="Analyst", goal="Find.", backstory="You dig.", tools=("wait",))
    tasks = [Task(key=key, name=key, agent="anne", async_execution=True) for key in ("one", "two", "three")]
    end = Task(key="end", name="end", agent="anne", depends_on=("one", "two", "three"))
    crew = Crew(name="One at three", coordination="solo", agents=(anne,), tasks=(*tasks, end))
    exported = export(crew, CATALOG)
    imported = read_crew({exported.name: exported.content}, CATALOG).crew
    assert what_crewai_holds(imported) == what_crewai_holds(crew)


@pytest.mark.parametrize("export", [export_crewai_json, export_crewai_yaml])
def test_the_manager_comes_back_as_manager(export: Any) -> None:
    exported = export(hierarchical_crew(), CATALOG)
    imported = read_crew({exported.name: exported.content}, CATALOG).crew
    assert imported.manager is not None
    assert imported.manager.role == "Launch Lead"
    assert [agent.key for agent in imported.agents] == ["planner", "manager"]
    assert imported.coordination == "hierarchical"


@pytest.mark.parametrize("export", [export_crewai_json, export_crewai_yaml])
def test_hostile_texts_come_back_as_they_were(export: Any) -> None:
    crew = hostile_crew()
    exported = export(crew, CATALOG)
    imported = read_crew({exported.name: exported.content}, CATALOG).crew
    assert [agent.backstory for agent in imported.agents] == [agent.backstory for agent in crew.agents]
    assert [task.description for task in imported.tasks] == [task.description for task in crew.tasks]


def test_a_key_that_is_no_python_name_is_made_one() -> None:
    crew = Crew(agents=(Agent(key="Anne B.", role="A"),), tasks=(Task(key="a", name="A", agent="Anne B."),))
    exported = export_crewai_yaml(crew, CATALOG)
    assert read_crew({exported.name: exported.content}, CATALOG).crew.agents[0].key == "anne_b"
