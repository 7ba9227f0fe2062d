"""What becomes of a short answer: texts that change, tasks that come and go, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.changes import ChangesAnswer, read_changes
from crewgen_core.composition.changing import change_crew
from crewgen_core.composition.names import Glossary
from crewgen_core.composition.prompt import ask_for_changes, ask_for_crew
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew, SkillLevel

NEW = "Split churn in Q3 by plan and by month of sign-up; where exports lack a month, say so."


@pytest.fixture
def authored_crew(checked_crew: Crew) -> Crew:
    """A crew with settings, a skill and a tool that only its author knows."""
    analyst, *others = checked_crew.agents
    own = analyst.model_copy(
        update={"max_iter": 7, "model": "openai/own", "skills": (*analyst.skills, SkillLevel(name="basket weaving"))}
    )
    drivers, *rest = checked_crew.tasks
    odd = drivers.model_copy(
        update={"skills": (*drivers.skills, "basketry"), "tools": ("my_tool",), "human_input": True}
    )
    return checked_crew.model_copy(update={"agents": (own, *others), "tasks": (odd, *rest)})


def change(said: object, analysis: Analysis, crew: Crew, catalog: Catalog) -> tuple[Crew, tuple[str, ...]] | None:
    answer = read_changes(json.dumps(said))
    assert answer is not None
    return change_crew(answer, analysis, crew, crew, catalog, Glossary(catalog))


def test_a_changed_text_is_all_that_changes(analysis: Analysis, authored_crew: Crew, small_catalog: Catalog):
    said = {"changes": [{"key": "find_drivers", "field": "description", "text": NEW}]}
    made = change(said, analysis, authored_crew, small_catalog)
    assert made is not None
    first, *others = authored_crew.tasks
    assert made[0] == authored_crew.model_copy(
        update={"tasks": (first.model_copy(update={"description": NEW}), *others)}
    )
    assert made[1] == ()


def test_no_change_is_the_crew_as_it_is_and_is_told(analysis: Analysis, authored_crew: Crew, small_catalog: Catalog):
    made = change({"changes": []}, analysis, authored_crew, small_catalog)
    assert made is not None
    assert made[0] == authored_crew
    assert "nothing to change" in made[1][0]


def test_a_new_task_comes_with_a_new_agent_and_the_settings_of_the_others_stay(
    analysis: Analysis, authored_crew: Crew, small_catalog: Catalog
):
    task = {
        "key": "edit_brief",
        "name": "Edit the churn brief",
        "description": "Cut the brief about churn to two pages.",
        "expected_output": "A brief of two pages.",
        "agent": "Copy Editor",
        "depends_on": ["write_brief"],
        "skills": ["editing"],
    }
    made = change({"changes": [], "new_tasks": [task]}, analysis, authored_crew, small_catalog)
    assert made is not None
    crew = made[0]
    added = crew.task("edit_brief")
    assert added is not None
    editor, analyst, drivers = crew.agent(added.agent), crew.agent("analyst"), crew.task("find_drivers")
    assert editor is not None
    assert editor.role == "Copy Editor"
    assert added.depends_on == ("write_brief",)
    assert analyst is not None
    assert (analyst.max_iter, analyst.model) == (7, "openai/own")
    assert analyst.skills[: len(authored_crew.agents[0].skills)] == authored_crew.agents[0].skills
    assert drivers is not None
    assert drivers.human_input
    assert drivers.tools == ("my_tool",)


def test_a_dropped_task_whose_skill_nobody_else_has_comes_back(
    analysis: Analysis, built_in_crew: Crew, small_catalog: Catalog
):
    made = change({"changes": [], "drop": ["find_drivers"]}, analysis, built_in_crew, small_catalog)
    assert made is not None
    assert {skill for task in made[0].tasks for skill in task.skills} >= {"data_analysis", "report_writing"}


@pytest.mark.parametrize(
    "said",
    [
        {"changes": [{"key": "nobody", "field": "goal", "text": "x"}]},
        {"changes": [{"key": "find_drivers", "field": "agent", "text": "writer"}]},
        {"changes": [{"key": "find_drivers", "field": "__class__", "text": "x"}]},
        {"changes": [{"key": "find_drivers", "field": "name", "text": "Write brief"}]},
        {"changes": [], "drop": ["nothing there"]},
    ],
)
def test_changes_of_which_none_fits_are_of_no_use(
    said: object, analysis: Analysis, built_in_crew: Crew, small_catalog: Catalog
):
    assert change(said, analysis, built_in_crew, small_catalog) is None


def test_a_text_that_would_fit_any_crew_is_replaced_by_the_drafts(
    analysis: Analysis, built_in_crew: Crew, small_catalog: Catalog
):
    said = {
        "changes": [{"key": "find_drivers", "field": "description", "text": "Complete the task with high quality."}]
    }
    made = change(said, analysis, built_in_crew, small_catalog)
    assert made is not None
    assert made[0].tasks[0].description == built_in_crew.tasks[0].description
    assert made[1]


@pytest.mark.parametrize("said", ["", "Sorry.", "[]", '{"agents": [], "tasks": []}', '{"changes": "none"}', "null"])
def test_what_holds_no_list_of_changes_is_not_read_as_no_change(said: str):
    assert read_changes(said) is None


def test_the_half_text_at_the_end_of_an_answer_that_was_cut_off_is_left_out():
    whole = json.dumps({"changes": [{"key": "a", "field": "goal", "text": "one"}, {"key": "b", "field": "goal"}]})
    answer = read_changes(f'{whole[:-3]}, "text": "half a sen', cut_off=True)
    assert answer is not None
    assert [one.key for one in answer.changes] == ["a"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["changes", "new_tasks", "drop", "key", "field", "text"]), inner, max_size=4
            )
        ),
    )
)
def test_nothing_that_a_model_may_say_breaks_the_reader(said: object):
    answer = read_changes(json.dumps(said))
    assert answer is None or isinstance(answer, ChangesAnswer)


def test_the_question_is_shorter_and_fences_what_was_written(
    analysis: Analysis, checked_crew: Crew, small_catalog: Catalog
):
    short, _ = ask_for_changes(analysis, checked_crew)
    whole, _ = ask_for_crew(analysis, checked_crew, small_catalog)
    assert sum(len(message.content) for message in short) < 0.85 * sum(len(message.content) for message in whole)
    fence = short[1].content.splitlines()[1]
    assert f'two lines "{fence}"' in short[0].content
    assert short[1].content.count(fence) == 4
