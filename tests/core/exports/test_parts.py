"""A crew in the form that CrewAI accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.errors import CannotExport
from crewgen_core.exports.parts import take_apart
from crewgen_core.models.crew import Agent, Crew, Task
from tests.support.crews import crews, parallel_crew, sequential_crew, tools_catalog

CATALOG = tools_catalog()
ANNE = Agent(key="anne", role="Analyst", goal="g", backstory="b")


def crew(*tasks: Task, agents: tuple[Agent, ...] = (ANNE,)) -> Crew:
    return Crew(agents=agents, tasks=tasks)


def test_tasks_come_after_the_tasks_they_work_from() -> None:
    parts = take_apart(sequential_crew(), CATALOG)
    assert [task.key for task in parts.tasks] == ["find_drivers", "write_brief", "check_brief"]


def test_an_asynchronous_task_that_would_wait_for_a_running_one_is_executed_in_turn() -> None:
    assert take_apart(parallel_crew(), CATALOG).asynchronous == {"one", "two", "post"}


def test_an_agent_is_there_once_for_each_task_that_it_does_at_once() -> None:
    two = (Task(key=key, name=key, agent="anne", async_execution=True) for key in "ab")
    parts = take_apart(crew(*two, Task(key="c", name="C", agent="anne", depends_on=("a", "b"))), CATALOG)
    assert parts.performers == {"a": "anne", "b": "anne_at_once_2", "c": "anne"}
    assert [agent.role for agent in parts.agents] == ["Analyst", "Analyst"]


@given(crews(), st.lists(st.booleans(), min_size=12, max_size=12))
def test_nobody_does_two_tasks_at_once_and_a_manager_lets_none_run_at_once(any_crew: Crew, at_once: list[bool]) -> None:
    tasks = [
        task.model_copy(update={"async_execution": flag}) for task, flag in zip(any_crew.tasks, at_once, strict=False)
    ]
    parts = take_apart(any_crew.model_copy(update={"tasks": tuple(tasks)}), CATALOG)
    busy: set[str | None] = set()
    for task in parts.tasks:
        if task.key not in parts.asynchronous:
            busy.clear()
            continue
        assert any_crew.process == "sequential"
        assert parts.performers[task.key] not in busy
        busy.add(parts.performers[task.key])


def test_an_application_of_a_task_is_granted_to_its_agent() -> None:
    parts = take_apart(parallel_crew(), CATALOG)
    assert [parts.apps_of(agent) for agent in parts.crew.agents] == [("slack",), ("gmail",)]


def test_a_placeholder_has_itself_as_its_value() -> None:
    parts = take_apart(
        crew(Task(key="a", name="A", agent="anne", description="On {topic}, {not one}, {{two}}")), CATALOG
    )
    assert parts.inputs == {"topic": "{topic}", "two": "{two}"}


def test_a_tool_that_the_catalog_does_not_know_is_left_out_and_named() -> None:
    anne = ANNE.model_copy(update={"tools": ("telepathy", "wait")})
    parts = take_apart(crew(Task(key="a", name="A", agent="anne"), agents=(anne,)), CATALOG)
    assert [tool.key for tool in parts.tools_of(anne)] == ["wait"]
    assert parts.unknown_tools == ("telepathy",)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (crew(), "no tasks"),
        (crew(Task(key="a", name="A"), agents=()), "no agents"),
        (crew(Task(key="a", name="Write")), 'Nobody does the task "Write"'),
        (crew(Task(key="a", name="A", agent="bob")), 'agent "bob"'),
        (crew(Task(key="a", name="A", agent="anne", depends_on=("z",))), 'depends on "z"'),
        (crew(*2 * [Task(key="a", name="A", agent="anne")]), 'Two tasks of this crew have the key "a"'),
        (crew(Task(key="a", name="A", agent="anne", depends_on=("a",))), "in a circle"),
    ],
)  # fmt: skip
def test_a_crew_that_crewai_refuses_is_refused_with_the_part_that_is_wrong(wrong: Crew, said: str) -> None:
    with pytest.raises(CannotExport, match=said):
        take_apart(wrong, CATALOG)
