import pytest

from crewgen_core.catalog.constants import load_constants
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.at_once import choose_levels, costs_success, list_kinds, start_levels
from tests.support.crews import sequential_crew


def test_a_level_runs_at_once_where_one_part_alone_follows() -> None:
    assert choose_levels([["a"], ["b", "c"], ["d"]]) == ["b", "c"]
    assert choose_levels([["a", "b"], ["c", "d"], ["e"]]) == ["c", "d"]
    assert choose_levels([["a"], ["b", "c"]]) == []


@pytest.mark.parametrize("kind", ["research", "analyze", "plan", "write", "make", "operate", "communicate"])
def test_work_at_once_costs_success_where_the_estimate_has_a_loss_for_it(kind: Activity) -> None:
    measured = load_constants().style.get(f"{kind}/parallel")
    assert costs_success([kind]) is (measured is not None and measured.value < 0)


def test_reviews_do_not_count_to_the_kinds_of_work() -> None:
    crew = sequential_crew()
    check = crew.tasks[-1].model_copy(update={"skills": ("fact_checking",), "depends_on": (crew.tasks[0].key,)})
    before, after = (list_kinds(tasks, load_catalog()) for tasks in (crew.tasks[:-1], (*crew.tasks[:-1], check)))
    assert before == after


def test_what_a_person_confirms_does_not_run_beside_others() -> None:
    first, *others, last = sequential_crew().tasks[0], *sequential_crew().tasks[1:]
    free = [task.model_copy(update={"depends_on": ()}) for task in (first, *others)]
    last = last.model_copy(update={"depends_on": tuple(task.key for task in free)})
    asking = free[0].model_copy(update={"human_input": True})
    crew = sequential_crew().model_copy(update={"tasks": (asking, *free[1:], last)})
    assert [task.async_execution for task in start_levels(crew).tasks] == [False, *(True for _ in free[1:]), False]
