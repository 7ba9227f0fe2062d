from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.errors import ChangeDoesNotFit
from crewgen_core.models.change import Change, Edit, apply_change
from crewgen_core.models.crew import Agent, Crew, Manager, Task

CREW = Crew(
    agents=(Agent(key="writer", role="Writer"), Agent(key="checker", role="Checker")),
    tasks=(Task(key="write", name="Write", agent="writer"), Task(key="check", name="Check", agent="checker")),
)


def change(*edits: Edit) -> Change:
    return Change(title="Change it", reason="because", edits=edits)


def test_a_field_of_the_crew_and_of_a_part_is_set() -> None:
    crew = apply_change(
        CREW,
        change(Edit(op="set", path="name", value="Tea"), Edit(op="set", path="tasks/write/agent", value="checker")),
    )
    assert crew.name == "Tea"
    assert crew.tasks[0].agent == "checker"
    assert CREW.tasks[0].agent == "writer"


def test_a_part_is_added_in_front_of_another_or_at_the_end() -> None:
    plan = Task(key="plan", name="Plan").model_dump(mode="json")
    first = apply_change(CREW, change(Edit(op="add", path="tasks", value=plan, before="write")))
    last = apply_change(CREW, change(Edit(op="add", path="tasks", value=plan)))
    assert [task.key for task in first.tasks] == ["plan", "write", "check"]
    assert [task.key for task in last.tasks] == ["write", "check", "plan"]


def test_a_part_is_removed_by_its_key() -> None:
    assert [agent.key for agent in apply_change(CREW, change(Edit(op="remove", path="agents/writer"))).agents] == [
        "checker"
    ]


def test_a_whole_part_is_replaced() -> None:
    new = Agent(key="writer", role="Poet").model_dump(mode="json")
    assert apply_change(CREW, change(Edit(op="set", path="agents/writer", value=new))).agents[0].role == "Poet"


def test_a_field_of_the_manager_is_set_where_there_is_one() -> None:
    managed = CREW.model_copy(update={"manager": Manager()})
    edit = Edit(op="set", path="manager/role", value="Boss")
    after = apply_change(managed, change(edit)).manager
    assert after is not None
    assert after.role == "Boss"
    with pytest.raises(ChangeDoesNotFit):
        apply_change(CREW, change(edit))


@pytest.mark.parametrize(
    "edit",
    [
        Edit(op="set", path="tasks/nosuch/agent", value="writer"),
        Edit(op="remove", path="agents/nosuch"),
        Edit(op="set", path="nosuch", value=1),
        Edit(op="remove", path="tasks"),
        Edit(op="remove", path="tasks/write/agent"),
        Edit(op="set", path="tasks/write/name/deeper", value="x"),
        Edit(op="set", path="tasks/write/nosuch", value="x"),
        Edit(op="set", path="process", value="chaotic"),
        Edit(op="add", path="agents", value={"role": "no key"}),
        Edit(op="add", path="agents", value="not an agent"),
        Edit(op="set", path="agents", value="not agents"),
        Edit(op="set", path="tasks/write", value="not a task"),
        Edit(op="add", path="tasks/write/name", value="x"),
        Edit(op="move", path="agents"),
        Edit(op="add", path="manager", value={"key": "manager"}),
    ],
)
def test_a_change_that_does_not_fit_is_refused_in_a_sentence(edit: Edit) -> None:
    with pytest.raises(ChangeDoesNotFit) as fault:
        apply_change(CREW, change(edit))
    assert str(fault.value).endswith(".")


def test_two_changes_can_add_to_one_list_and_a_part_is_not_added_twice():
    crew = Crew(tasks=(Task(key="a", name="A"), Task(key="b", name="B", depends_on=("a",)), Task(key="c", name="C")))
    new = Task(key="d", name="D").model_dump(mode="json")
    edits = (
        Edit(op="add", path="tasks", value=new, before="b"),
        Edit(op="add", path="tasks", value=new),
        Edit(op="add", path="tasks/b/depends_on", value="d"),
        Edit(op="add", path="tasks/b/depends_on", value="a"),
        Edit(op="move", path="tasks/c", before="a"),
    )
    after = apply_change(crew, Change(title="Add", reason="", edits=edits))
    assert [task.key for task in after.tasks] == ["c", "a", "d", "b"]
    assert after.tasks[3].depends_on == ("a", "d")


values = st.one_of(
    st.none(),
    st.integers(),
    st.sampled_from(["writer", "write", "sequential", ""]),
    st.lists(st.sampled_from(["write", 1, None, {"key": "x"}]), max_size=2),
    st.sampled_from(
        [{}, {"key": "new"}, {"key": None}, {"key": "new", "role": "Poet"}, {"key": "new", "name": "Sing"}]
    ),
)
paths = st.lists(
    st.sampled_from(
        ["agents", "tasks", "manager", "process", "writer", "write", "new", "role", "key", "skills", "depends_on", ""]
    ),
    min_size=1,
    max_size=4,
).map("/".join)
edits = st.builds(
    Edit,
    op=st.sampled_from(["set", "add", "remove", "move"]),
    path=paths,
    value=values,
    before=st.sampled_from([None, "write", "writer", "nosuch"]),
)


@given(st.lists(edits, min_size=1, max_size=4))
def test_whatever_is_edited_gives_a_crew_or_a_sentence_that_it_does_not_fit(made: list[Edit]):
    before: dict[str, Any] = CREW.model_dump()
    try:
        assert isinstance(apply_change(CREW, change(*made)), Crew)
    except ChangeDoesNotFit as fault:
        assert str(fault).endswith(".")
    assert CREW.model_dump() == before
