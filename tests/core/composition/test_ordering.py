"""The order of tasks."""

from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.composition.ordering import order_tasks, task_levels
from crewgen_core.models.crew import Task


def make_tasks(**sources: str) -> list[Task]:
    return [Task(key=key, name=key, depends_on=tuple(keys)) for key, keys in sources.items()]


def test_a_task_comes_after_all_it_works_from():
    ordered, cut = order_tasks(make_tasks(c="ab", b="a", a=""))
    assert [task.key for task in ordered] == ["a", "b", "c"]
    assert cut == []


def test_the_given_order_is_kept_where_it_can_be():
    ordered, _ = order_tasks(make_tasks(x="", y="", z="x"))
    assert [task.key for task in ordered] == ["x", "y", "z"]


def test_a_circle_is_cut_and_told_and_what_follows_it_keeps_its_sources():
    ordered, cut = order_tasks(make_tasks(end="b", a="b", b="a"))
    assert cut == [("a", "b")]
    assert {task.key: task.depends_on for task in ordered} == {"a": (), "b": ("a",), "end": ("b",)}


def test_itself_and_unknown_tasks_are_no_sources():
    ordered, cut = order_tasks(make_tasks(a="az"))
    assert ordered[0].depends_on == ()
    assert cut == []


def test_tasks_of_one_level_do_not_wait_for_each_other():
    ordered, _ = order_tasks(make_tasks(a="", b="", c="ab", d="c"))
    assert [[task.key for task in level] for level in task_levels(ordered)] == [["a", "b"], ["c"], ["d"]]


@given(st.lists(st.lists(st.integers(0, 7), max_size=5), min_size=1, max_size=8))
def test_any_graph_becomes_one_that_can_be_worked_off(graph: list[list[int]]):
    tasks = [Task(key=str(i), name="x", depends_on=tuple(map(str, sources))) for i, sources in enumerate(graph)]
    ordered, _ = order_tasks(tasks)
    done: set[str] = set()
    for task in ordered:
        assert done.issuperset(task.depends_on)
        done.add(task.key)
    assert done == {task.key for task in tasks}


def test_what_waits_for_nobody_or_for_a_later_task_holds_nothing_up() -> None:
    tasks = make_tasks(a="z", b="c", c="a")
    assert [[task.key for task in level] for level in task_levels(tasks)] == [["a", "b"], ["c"]]
