"""What changed between two states of a crew."""

from hypothesis import given

from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.difference import Difference, Run, compare_crews, mark_words
from tests.support.crews import crews, sequential_crew


def changed(before: Crew, after: Crew) -> list[tuple[str, str, str, str, str]]:
    found = compare_crews(before, after)
    return [(one.part, one.key, one.field, one.before, one.after) for one in found if one.kind == "changed"]


def with_task(crew: Crew, key: str, **fields: object) -> Crew:
    tasks = tuple(task.model_copy(update=fields) if task.key == key else task for task in crew.tasks)
    return crew.model_copy(update={"tasks": tasks})


def test_a_crew_does_not_differ_from_itself():
    assert compare_crews(sequential_crew(), sequential_crew()) == ()


def test_a_new_name_is_a_change_of_the_same_task():
    crew = sequential_crew()
    (found,) = compare_crews(crew, with_task(crew, "write_brief", name="Write two pages"))
    assert found == Difference(
        kind="changed",
        part="task",
        key="write_brief",
        name="Write the brief",
        field="name",
        before="Write the brief",
        after="Write two pages",
    )


def test_agents_and_tasks_are_told_by_what_people_call_them():
    crew = sequential_crew()
    after = with_task(crew, "write_brief", agent="reviewer", depends_on=(), human_input=True, human_minutes=45.0)
    assert changed(crew, after) == [
        ("task", "write_brief", "agent", "Brief Writer", "Quality Reviewer"),
        ("task", "write_brief", "works from", '"Find what drives churn"', ""),
        ("task", "write_brief", "human work in minutes", "30", "45"),
        ("task", "write_brief", "a person confirms", "no", "yes"),
    ]


def test_a_part_that_came_or_went_is_told_with_what_it_says():
    crew = sequential_crew()
    lawyer = Agent(key="lawyer", role="Lawyer", goal="Find risks.", skills=(SkillLevel(name="law", proficiency=8),))
    after = crew.model_copy(update={"agents": (*crew.agents[1:], lawyer)})
    found = [one for one in compare_crews(crew, after) if one.part == "agent"]
    assert [(one.kind, one.name, one.before, one.after) for one in found] == [
        ("added", "Lawyer", "", "goal: Find risks.\nskills: law 8"),
        ("removed", "Retention Analyst", "goal: Explain churn.\nskills: churn analysis 9\ntools: csv_search", ""),
    ]


def test_a_manager_that_came_went_or_changed_is_told():
    crew = sequential_crew()
    led = crew.model_copy(update={"manager": Manager(role="Editor in chief", goal="Lead.")})
    other = crew.model_copy(update={"manager": Manager(role="Director", goal="Lead.")})
    assert [(one.kind, one.part, one.name) for one in compare_crews(crew, led)] == [
        ("added", "manager", "Editor in chief")
    ]
    assert [(one.kind, one.part) for one in compare_crews(led, crew)] == [("removed", "manager")]
    assert changed(led, other) == [("manager", "", "role", "Editor in chief", "Director")]


def test_another_order_is_a_change_of_the_crew():
    crew = sequential_crew()
    after = crew.model_copy(update={"tasks": (crew.tasks[1], crew.tasks[0], crew.tasks[2])})
    assert [(part, field) for part, _, field, _, _ in changed(crew, after)] == [("crew", "order of the tasks")]


def test_a_task_that_is_added_in_the_middle_changes_no_order():
    crew = sequential_crew()
    extra = Task(key="extra", name="Extra")
    after = crew.model_copy(update={"tasks": (crew.tasks[0], extra, *crew.tasks[1:])})
    assert [(one.kind, one.name) for one in compare_crews(crew, after)] == [("added", "Extra")]


def test_keys_that_are_there_twice_are_told_apart():
    crew = sequential_crew()
    twice = crew.model_copy(update={"tasks": (*crew.tasks, crew.tasks[0])})
    assert [(one.kind, one.key) for one in compare_crews(crew, twice)] == [("added", "check_brief")]
    assert compare_crews(twice, twice) == ()


@given(before=crews(), after=crews())
def test_any_two_crews_can_be_compared_and_none_differs_from_itself(before: Crew, after: Crew):
    assert compare_crews(before, before) == ()
    assert all(one.before != one.after or one.kind != "changed" for one in compare_crews(before, after))


def test_a_changed_text_is_shown_by_the_words_that_went_and_came():
    assert mark_words("Write two pages in Spanish.", "Write two pages in German.") == (
        Run(kind="same", text="Write two pages in"),
        Run(kind="removed", text="Spanish."),
        Run(kind="added", text="German."),
    )
    assert mark_words("", "new words") == (Run(kind="added", text="new words"),)
    assert mark_words("", "") == ()


def test_of_what_stayed_only_what_stands_beside_a_change_is_shown():
    long = " ".join(f"w{n}" for n in range(50))
    first, last = mark_words(long, f"{long} end")
    assert first.text == "… w42 w43 w44 w45 w46 w47 w48 w49"
    assert last == Run(kind="added", text="end")
