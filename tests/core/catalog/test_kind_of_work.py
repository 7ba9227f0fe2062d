import pytest

from crewgen_core.catalog.constants import load_constants
from crewgen_core.catalog.kind_of_work import checks_results, find_kind
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.models.crew import Task


def task(name: str, **more: object) -> Task:
    return Task.model_validate(
        {"key": "it", "name": name, "description": name, "expected_output": name, "agent": "somebody", **more}
    )


@pytest.mark.parametrize(
    ("it", "kind"),
    [
        (task("Write it down", skills=["scheduling"]), "plan"),
        (task("Research prices", skills=["juggling"]), "research"),
        (task("Prepare the report"), "write"),
        (task("The tea", tools=["web_search"]), "research"),
        (task("The tea"), "write"),
    ],
)
def test_the_kind_of_work_is_told_by_skill_then_verb_then_tools(it: Task, kind: str) -> None:
    assert find_kind(it, load_catalog()) == kind


def test_a_check_is_told_by_what_its_skill_usually_makes_or_by_its_verb() -> None:
    catalog = load_catalog()
    assert checks_results(task("Look at it", skills=["fact_checking"]), catalog)
    assert checks_results(task("Verify the figures"), catalog)
    assert not checks_results(task("Verify it", skills=["scheduling"]), catalog)


def test_the_effect_of_a_team_is_that_on_the_kind_of_most_tasks_and_of_equally_many_the_first() -> None:
    constants = load_constants()
    planning, analysis = constants.style["plan/parallel"], constants.style["analyze/parallel"]
    assert constants.find_team_effect(["write", "plan", "plan"], "parallel") == planning
    assert constants.find_team_effect(["analyze", "plan"], "parallel") == analysis
    assert constants.find_team_effect(["write"], "parallel") is None
    assert constants.find_team_effect([], "parallel") is None
