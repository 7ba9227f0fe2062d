"""What becomes of a model's answer."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.answer import CrewAnswer, read_answer
from crewgen_core.composition.grounding import ground
from crewgen_core.composition.names import Glossary
from crewgen_core.models.analysis import Analysis, Deliverable, RequiredSkill
from crewgen_core.models.crew import Crew, Manager
from tests.support.model_server import GOOD_ANSWER


class Bench:
    """Grounds answers that differ from the good one, and keeps the notes."""

    def __init__(self, catalog: Catalog, analysis: Analysis, built_in: Crew) -> None:
        self.catalog, self.analysis, self.built_in = catalog, analysis, built_in
        self.notes: tuple[str, ...] = ()

    def ground(self, **more: Any) -> Crew:
        answer = read_answer(json.dumps(json.loads(GOOD_ANSWER) | more))
        assert answer is not None
        grounded = ground(answer, self.analysis, self.built_in, self.catalog, Glossary(self.catalog))
        assert grounded is not None
        crew, self.notes = grounded
        assert_sound(crew, self.catalog)
        return crew

    def limit(self, **constraints: Any) -> None:
        limits = self.analysis.constraints.model_copy(update=constraints)
        self.analysis = self.analysis.model_copy(update={"constraints": limits})

    def require(self, key: str, name: str) -> None:
        skills = (*self.analysis.skills, RequiredSkill(key=key, name=name, weight=1))
        self.analysis = self.analysis.model_copy(update={"skills": skills})

    def told(self, words: str) -> bool:
        return any(words in note for note in self.notes)


def assert_sound(crew: Crew, catalog: Catalog) -> None:
    """Assert what every crew that leaves the bench keeps."""
    agents, done = {agent.key for agent in crew.agents}, set[str]()
    assert crew.agents
    assert crew.tasks
    assert len(agents) == len(crew.agents) <= 12
    for task in crew.tasks:
        assert task.agent in agents
        assert done.issuperset(task.depends_on)
        assert set(task.tools) <= set(catalog.tools)
        assert set(task.skills) <= set(catalog.skills)
        assert task.name
        assert task.description
        assert task.expected_output
        done.add(task.key)
    assert len(done) == len(crew.tasks)
    assert {task.agent for task in crew.tasks} == agents
    assert Crew.model_validate(crew.model_dump()) == crew
    crew.model_dump_json().encode("utf-8")


@pytest.fixture
def bench(small_catalog: Catalog, analysis: Analysis, built_in_crew: Crew) -> Bench:
    return Bench(small_catalog, analysis, built_in_crew)


def agent(key: str = "churn_analyst", **more: Any) -> dict[str, Any]:
    return {"key": key, "role": key.replace("_", " ").title(), "goal": "Do it.", "skills": ["data_analysis"]} | more


def task(key: str, agent: str = "churn_analyst", **more: Any) -> dict[str, Any]:
    return {"key": key, "name": key.replace("_", " "), "description": f"About {key}.", "agent": agent} | more


DRAFTED = [task("find_drivers"), task("write_brief", depends_on=["find_drivers"])]
BOTH = {"skills": ["data_analysis", "report_writing"]}


def test_a_good_answer_is_kept_and_nothing_is_noted(bench: Bench):
    crew = bench.ground()
    assert [agent.role for agent in crew.agents] == ["Customer Retention Analyst", "Executive Writer"]
    assert [task.key for task in crew.tasks] == ["clean_exports", "find_drivers", "write_brief"]
    assert crew.tasks[0].tools == ("csv_search",)
    assert (crew.process, crew.coordination, crew.oversight) == ("sequential", "sequential", "light")
    assert crew.objective == bench.analysis.objective.text
    assert bench.notes == ()


def test_an_agent_gets_the_skills_and_tools_of_its_tasks(bench: Bench):
    crew = bench.ground(agents=[agent("churn_analyst", skills=[]), agent("brief_writer", skills=[])])
    assert [level.name for level in crew.agents[0].skills] == ["data cleaning", "data analysis"]
    assert crew.agents[0].tools == ("csv_search",)


def test_an_unknown_tool_is_mapped_or_left_out_with_a_note(bench: Bench):
    crew = bench.ground(tasks=[task("analyse", tools=["CSVSearchTool", "crystal ball"], **BOTH)])
    assert crew.tasks[0].tools == ("csv_search",)
    assert bench.told('no tool "crystal ball"')


def test_an_unknown_skill_is_mapped_or_left_out_with_a_note(bench: Bench):
    crew = bench.ground(tasks=[task("analyse", skills=["Quantitative analysis", "brief writing", "juggling"])])
    assert crew.tasks[0].skills == ("data_analysis", "report_writing")
    assert bench.told('no skill "juggling"')


def test_a_risky_tool_is_granted_only_when_the_objective_asks_for_it(bench: Bench):
    tasks = [task("analyse", tools=["shell_sandbox"], **BOTH)]
    assert bench.ground(tasks=tasks).tasks[0].tools == ()
    assert bench.told("risky")
    bench.analysis = bench.analysis.model_copy(update={"tools": ("shell_sandbox",)})
    assert bench.ground(tasks=tasks).tasks[0].tools == ("shell_sandbox",)


def test_a_tool_that_the_person_did_not_allow_is_not_granted(bench: Bench):
    objective = bench.analysis.objective.model_copy(update={"allowed_tools": ("file_read",)})
    bench.analysis = bench.analysis.model_copy(update={"objective": objective})
    crew = bench.ground()
    assert not any(task.tools for task in crew.tasks)
    assert bench.told("not allowed")


def test_a_tool_that_the_objective_needs_is_granted_when_the_answer_forgot_it(bench: Bench):
    bench.analysis = bench.analysis.model_copy(update={"tools": ("csv_search",)})
    tasks = [task("write", skills=["report_writing"]), task("analyse", skills=["data_analysis"])]
    crew = bench.ground(agents=[agent()], tasks=tasks)
    assert [task.tools for task in crew.tasks if task.key == "analyse"] == [("csv_search",)]


def test_a_required_skill_that_nobody_covers_brings_the_built_in_task_and_agent(bench: Bench):
    crew = bench.ground(
        agents=[agent()],
        tasks=[task("analyse", skills=["data_analysis"]), task("summary", skills=["editing"], depends_on=["analyse"])],
    )
    assert [task.key for task in crew.tasks][-1] == "write_brief"
    assert crew.agent("writer") is not None
    assert bench.told("report writing")


def test_an_added_task_stands_between_what_it_needs_and_what_needs_it(bench: Bench, checked_crew: Crew):
    bench.built_in = checked_crew
    bench.require("fact_checking", "fact checking")
    crew = bench.ground()
    assert [task.key for task in crew.tasks] == ["clean_exports", "find_drivers", "check_claims", "write_brief"]
    assert crew.tasks[2].depends_on == ("find_drivers",)
    assert "check_claims" in crew.tasks[3].depends_on


def test_a_task_whose_text_is_about_a_required_skill_is_taken_to_cover_it(bench: Bench):
    crew = bench.ground(
        agents=[agent()],
        tasks=[task("work", description="Do the data analysis.", skills=[]), task("write", skills=["report_writing"])],
    )
    assert crew.tasks[0].skills == ("data_analysis",)
    assert len(crew.tasks) == 2


def test_a_task_named_like_the_built_in_one_is_taken_to_do_the_same(bench: Bench):
    tasks = [task("x", name="Find driver", skills=[]), task("y", name="Write brief", skills=["report_writing"])]
    crew = bench.ground(agents=[agent()], tasks=tasks)
    assert [task.key for task in crew.tasks] == ["x", "y"]
    assert crew.tasks[0].skills == ("data_analysis",)


def test_a_task_of_an_agent_that_does_not_exist_goes_to_who_has_its_skills(bench: Bench):
    crew = bench.ground(
        agents=[agent("writer", skills=["report_writing"]), agent("analyst")],
        tasks=[task("analyse", "ghost", skills=["data_analysis"]), task("write", "Writer", skills=["report_writing"])],
    )
    assert [task.agent for task in crew.tasks] == ["analyst", "writer"]
    assert bench.told("given to nobody")


def test_a_dependency_on_a_task_that_does_not_exist_is_dropped(bench: Bench):
    crew = bench.ground(tasks=[task("analyse", depends_on=["ghost", "analyse"], **BOTH)])
    assert crew.tasks[0].depends_on == ()
    assert bench.told('wait for "ghost"')


def test_a_dependency_by_name_is_understood(bench: Bench):
    tasks = [task("analyse", skills=["data_analysis"]), task("w", skills=["report_writing"], depends_on=["Analyse"])]
    crew = bench.ground(tasks=tasks)
    assert crew.tasks[1].depends_on == ("analyse",)


def test_a_circle_is_cut_with_a_note(bench: Bench):
    bench.ground(tasks=[task("one", depends_on=["two"], **BOTH), task("two", depends_on=["one"], **BOTH)])
    assert bench.told("waited for each other")


def test_two_agents_of_the_same_role_become_one(bench: Bench):
    crew = bench.ground(
        agents=[agent("a", role="Data Analyst"), agent("b", role="data  analyst", skills=["editing"])],
        tasks=[task("one", "a", **BOTH), task("two", "b")],
    )
    assert len(crew.agents) == 1
    assert {level.name for level in crew.agents[0].skills} >= {"data analysis", "editing"}
    assert bench.told("they are one now")


def test_an_agent_without_a_task_is_left_out(bench: Bench):
    crew = bench.ground(agents=[agent(), agent("idle")], tasks=[task("analyse", **BOTH)])
    assert [agent.key for agent in crew.agents] == ["churn_analyst"]
    assert bench.told('"Idle" had no task')


def test_no_more_agents_than_the_person_wants(bench: Bench):
    bench.limit(max_agents=1)
    crew = bench.ground()
    assert len(crew.agents) == 1
    assert crew.coordination == "solo"
    assert bench.told("No more than one agent may be in the crew")


def test_absurd_counts_are_cut(bench: Bench):
    crew = bench.ground(
        agents=[agent(f"agent_{i}") for i in range(50)],
        tasks=[task(f"task_{i}", f"agent_{i}", **BOTH) for i in range(50)],
    )
    assert (len(crew.agents), len(crew.tasks)) == (4, 25)
    assert bench.told("had 50 tasks")


def test_the_same_task_twice_is_one(bench: Bench):
    crew = bench.ground(tasks=[task("analyse", **BOTH), task("analyse", **BOTH)])
    assert len(crew.tasks) == 1


def test_two_tasks_of_one_key_get_keys_of_their_own(bench: Bench):
    crew = bench.ground(tasks=[task("work", **BOTH), task("work", name="Other work", **BOTH)])
    assert [task.key for task in crew.tasks] == ["work", "work_2"]


def test_a_manager_for_a_small_team_is_refused_with_a_note(bench: Bench):
    crew = bench.ground(process="hierarchical")
    assert crew.process == "sequential"
    assert crew.manager is None
    assert bench.told("A manager costs more than it brings")


def test_a_manager_where_the_draft_has_one_is_none_of_the_agents(bench: Bench, checked_crew: Crew):
    bench.built_in = checked_crew.model_copy(update={"process": "hierarchical", "manager": Manager()})
    keys = ["manager", "b", "c", "d", "e"]
    agents, tasks = [agent(key) for key in keys], [task(f"t_{key}", key, **BOTH) for key in keys]
    crew = bench.ground(agents=agents, tasks=tasks, process="hierarchical")
    assert crew.process == crew.coordination == "hierarchical"
    assert crew.manager is not None
    assert crew.manager.key not in {agent.key for agent in crew.agents}


def test_tasks_that_do_not_wait_for_each_other_run_at_once_when_one_follows(bench: Bench):
    crew = bench.ground(
        tasks=[
            task("left", **BOTH),
            task("right", "brief_writer", **BOTH),
            task("join", depends_on=["left", "right"], **BOTH),
        ]
    )
    assert crew.coordination == "parallel"
    assert [task.async_execution for task in crew.tasks] == [True, True, False]


def test_html_stays_text_and_long_texts_are_cut(bench: Bench):
    hostile = agent(goal="<script>alert(1)</script>", backstory="x" * 90_000, role="R" * 9_000)
    crew = bench.ground(agents=[hostile], tasks=[task("t", **BOTH)])
    assert crew.agents[0].goal == "<script>alert(1)</script>"
    assert len(crew.agents[0].backstory) <= 4_000
    assert len(crew.agents[0].role) <= 160


def test_what_a_task_lacks_is_taken_from_the_built_in_task_of_its_key(bench: Bench):
    crew = bench.ground(agents=[agent()], tasks=[{"key": "find_drivers"}, {"key": "write_brief"}])
    assert crew.tasks[0].description == "Find drivers of churn."
    assert crew.tasks[0].skills == ("data_analysis",)


def test_a_text_that_was_shown_cut_and_came_back_cut_is_whole_again(bench: Bench):
    crew = bench.ground(agents=[agent()], tasks=[task("find_drivers", description="Find dri…", **BOTH)])
    assert crew.tasks[0].description == "Find drivers of churn."


def test_an_answer_whose_parts_have_no_names_is_of_no_use(bench: Bench):
    answer = CrewAnswer.model_validate({"agents": [{}], "tasks": [{}]})
    assert ground(answer, bench.analysis, bench.built_in, bench.catalog, Glossary(bench.catalog)) is None


def test_one_agent_for_everything_gets_the_colleagues_of_the_draft(bench: Bench):
    crew = bench.ground(
        agents=[agent()], tasks=[task("find_drivers"), task("write_brief", depends_on=["find_drivers"])]
    )
    assert [agent.key for agent in crew.agents] == ["churn_analyst", "writer"]
    assert [task.agent for task in crew.tasks] == ["churn_analyst", "writer"]
    assert bench.told("too many kinds of work")


def test_one_agent_stays_alone_where_the_person_wants_only_one(bench: Bench):
    bench.limit(max_agents=1)
    crew = bench.ground(
        agents=[agent()], tasks=[task("find_drivers"), task("write_brief", depends_on=["find_drivers"])]
    )
    assert [agent.key for agent in crew.agents] == ["churn_analyst"]


def test_more_agents_than_the_work_needs_are_merged(bench: Bench):
    topics = ("plans", "regions", "prices", "cohorts", "channels", "refunds", "months")
    agents = [agent(key, role=f"{key} analyst") for key in topics]
    tasks = [task(f"part_{key}", key, description=f"Compare churn by {key}.", **BOTH) for key in topics]
    crew = bench.ground(agents=agents, tasks=tasks)
    assert len(crew.agents) == 4
    assert bench.told("The work needs no more than 4 agents")


def test_a_rank_makes_no_other_role(bench: Bench):
    crew = bench.ground(
        agents=[agent("a", role="Churn Analyst"), agent("b", role="Senior Churn Analysts")],
        tasks=[task("one", "a", **BOTH), task("two", "b", **BOTH)],
    )
    assert [agent.role for agent in crew.agents] == ["Churn Analyst"]


def test_a_check_goes_to_somebody_who_did_not_make_what_is_checked(bench: Bench, checked_crew: Crew):
    bench.built_in = checked_crew
    crew = bench.ground(
        agents=[agent("analyst", role="Analyst"), agent("writer", role="Writer", skills=["report_writing"])],
        tasks=[
            task("find_drivers", "analyst", skills=["data_analysis"]),
            task("check_claims", "analyst", skills=["fact_checking"], depends_on=["find_drivers"]),
            task("write_brief", "writer", skills=["report_writing"], depends_on=["check_claims"]),
        ],
    )
    assert [task.agent for task in crew.tasks] == ["analyst", "checker", "writer"]
    assert bench.told("who made what it checks")


def test_a_task_that_was_dropped_comes_back_when_nobody_has_its_skill(bench: Bench, checked_crew: Crew):
    bench.built_in = checked_crew
    crew = bench.ground()
    assert "check_claims" in [task.key for task in crew.tasks]
    assert bench.told('the built-in task "Check claims" was added')


def test_a_deliverable_that_nobody_makes_brings_the_built_in_task(bench: Bench):
    deliverable = Deliverable(artefact="brief", name="two-page brief")
    bench.analysis = bench.analysis.model_copy(update={"deliverables": (deliverable,)})
    tasks = [task("look", name="Look at churn", **BOTH)]
    assert "write_brief" in [task.key for task in bench.ground(agents=[agent()], tasks=tasks).tasks]
    assert bench.told("Nobody was to make the two-page brief")


def test_texts_that_would_fit_any_crew_are_those_of_the_draft(bench: Bench):
    formula = {"description": "Complete the task with high quality.", "expected_output": "A good result."}
    tasks = [task("find_drivers", **formula), task("write_brief", **formula, depends_on=["find_drivers"])]
    crew = bench.ground(agents=[agent("analyst", goal="Do your best."), agent("writer", role="Writer")], tasks=tasks)
    assert [task.description for task in crew.tasks] == [task.description for task in bench.built_in.tasks]
    assert [task.expected_output for task in crew.tasks] == [task.expected_output for task in bench.built_in.tasks]
    assert bench.told("would fit any crew")


def test_a_task_that_has_nothing_to_do_with_the_objective_is_left_out(bench: Bench):
    stranger = task("bake", name="Bake bread", description="Knead flour and bake.", skills=["web_research"])
    crew = bench.ground(tasks=[task("analyse", **BOTH), stranger])
    assert [task.key for task in crew.tasks] == ["analyse"]
    assert bench.told("nothing to do with the objective")


def test_an_objective_in_another_language_is_not_held_against_its_words(bench: Bench):
    bench.analysis = bench.analysis.model_copy(update={"written_in": "German"})
    crew = bench.ground(tasks=[task("analyse", **BOTH), task("backen", name="Brot backen", skills=["web_research"])])
    assert "backen" in [task.key for task in crew.tasks]


def test_a_risky_tool_stays_with_the_task_whose_work_it_is_for(bench: Bench):
    drivers, brief = bench.built_in.tasks
    drivers = drivers.model_copy(update={"tools": ("shell_sandbox",)})
    bench.built_in = bench.built_in.model_copy(update={"tasks": (drivers, brief)})
    tasks = [
        task(key, tools=["shell"], depends_on=before) for key, before in (("find_drivers", []), ("write_brief", []))
    ]
    crew = bench.ground(agents=[agent(tools=["shell"])], tasks=tasks)
    assert [task.tools for task in crew.tasks] == [("shell_sandbox",), ()]
    assert [agent.tools for agent in crew.agents] == [("shell_sandbox",), ()]
    assert bench.told("can do without it")


def test_results_that_nobody_takes_up_go_to_the_last_task(bench: Bench):
    crew = bench.ground(tasks=[task("one", **BOTH), task("two", **BOTH), task("three", **BOTH)])
    assert crew.tasks[-1].depends_on == ("one", "two")


WORD = st.sampled_from(
    ["a", "b", "c", "Data Analysis", "csv_search", "shell_sandbox", "", "…", "manager", "find_drivers"]
)
WORDS = st.lists(WORD | st.text(max_size=12), max_size=4)
AGENTS = st.lists(
    st.fixed_dictionaries({"key": WORD, "role": WORD, "skills": WORDS, "tools": WORDS}), min_size=1, max_size=15
)
TASKS = st.lists(
    st.fixed_dictionaries(
        {"key": WORD, "name": WORD, "agent": WORD, "depends_on": WORDS, "skills": WORDS, "tools": WORDS}
    ),
    min_size=1,
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(agents=AGENTS, tasks=TASKS, process=WORD | st.just("hierarchical"), limit=st.none() | st.integers(1, 5))
def test_whatever_is_answered_the_crew_is_sound_or_none(
    agents: Any, tasks: Any, process: str, limit: int | None, bench: Bench
):
    bench.limit(max_agents=limit)
    answer = CrewAnswer.model_validate({"agents": agents, "tasks": tasks, "process": process})
    grounded = ground(answer, bench.analysis, bench.built_in, bench.catalog, Glossary(bench.catalog))
    if grounded:
        assert_sound(grounded[0], bench.catalog)
        assert len(grounded[0].agents) <= (limit or 12)
        covered = {skill for task in grounded[0].tasks for skill in task.skills}
        assert covered >= {skill.key for skill in bench.analysis.skills}
