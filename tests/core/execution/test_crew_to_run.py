"""The crew that is run: models, what is left out, and who sits where in the project."""

from crewgen_core.execution.crew_to_run import STAND_IN, name_roles, prepare_crew
from crewgen_core.models.crew import Agent, Crew, Task
from tests.support.crews import hierarchical_crew, sequential_crew, tools_catalog


def test_everybody_has_a_model_and_tools_may_be_left_out():
    made = prepare_crew(hierarchical_crew(), tools_catalog(), "openai/gpt-5-mini", {"web_search"})
    assert made.models == ("openai/gpt-5-mini",)
    assert (made.tools, made.crew.manager.model) == ((), "openai/gpt-5-mini")
    dry = prepare_crew(hierarchical_crew(), tools_catalog(), STAND_IN, only_this_model=True)
    assert (dry.models, [tool.key for tool in dry.tools]) == ((STAND_IN,), ["web_search"])


def test_an_agent_that_works_at_several_tasks_at_once_has_a_seat_for_each():
    agents = tuple(Agent(key=key, role=key.title(), goal="Find.", backstory="You dig.") for key in ("one", "two"))
    tasks = (
        *(Task(key=key, name=key, agent="one", async_execution=True) for key in ("a", "b", "c")),
        Task(key="join", name="join", agent="two", depends_on=("a", "b", "c")),
    )
    made = prepare_crew(Crew(agents=agents, tasks=tasks), tools_catalog(), "openai/gpt-5-mini")
    assert made.seats == ("one", "one", "one", "two")
    assert prepare_crew(sequential_crew(), tools_catalog(), "x/y").seats == ("analyst", "writer", "reviewer")


def test_the_manager_is_named_first_also_where_the_crew_names_none():
    crew = hierarchical_crew()
    assert list(name_roles(crew)) == ["lead", "planner", "manager"]
    assert list(name_roles(crew.model_copy(update={"manager": None, "agents": crew.agents[:1]}))) == [
        "manager",
        "planner",
    ]
