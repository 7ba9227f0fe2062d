import pytest

from crewgen_core.models.design import Design
from crewgen_core.models.stored import RequirementRow
from crewgen_core.storage.requirements import list_requirements
from tests.support.designs import UNPRICED, make_design


def find(design: Design, kind: str, name: str) -> RequirementRow:
    return next(row for row in list_requirements(design) if (row.requirement_type, row.name) == (kind, name))


def test_a_skill_is_covered_by_an_agent_that_has_it(design: Design) -> None:
    had, lacking = find(design, "skill", "churn analysis"), find(design, "skill", "market research")
    assert (had.satisfied, had.priority, had.metadata["evidence"]) == (True, 5, ["why churn rose"])
    assert (lacking.satisfied, lacking.priority) == (False, 2)


def test_a_skill_at_a_low_level_is_not_covered() -> None:
    crew = make_design().crew
    analyst = crew.agents[0]
    beginner = analyst.model_copy(update={"skills": (analyst.skills[0].model_copy(update={"proficiency": 4}),)})
    design = make_design(crew=crew.model_copy(update={"agents": (beginner, *crew.agents[1:])}))
    assert find(design, "skill", "churn analysis").satisfied is False


def test_a_tool_is_covered_when_it_is_granted(design: Design) -> None:
    assert find(design, "tool", "web_search").satisfied is False
    crew = design.crew
    task = crew.tasks[0].model_copy(update={"tools": ("web_search",)})
    granted = make_design(crew=crew.model_copy(update={"tasks": (task, *crew.tasks[1:])}))
    assert find(granted, "tool", "web_search").satisfied is True


def test_a_deliverable_is_covered_when_a_task_makes_it(design: Design) -> None:
    brief, video = find(design, "deliverable", "two-page brief"), find(design, "deliverable", "explainer video")
    assert (brief.satisfied, brief.value, brief.priority) == (True, "two pages, Markdown", 5)
    assert video.satisfied is False


@pytest.mark.parametrize(
    ("name", "value", "satisfied"),
    [
        ("budget_usd", "2.5", True),
        ("deadline_minutes", "30", True),
        ("max_agents", "2", False),
        ("language", "Spanish", False),
        ("exclusion", "naming customers", False),
        ("audience", "the board", None),
        ("input", "our exports", None),
    ],
)
def test_a_constraint_is_checked_where_a_crew_tells(
    design: Design, name: str, value: str, satisfied: bool | None
) -> None:
    row = find(design, "constraint", name)
    assert (row.value, row.satisfied) == (value, satisfied)


def test_a_budget_is_neither_kept_nor_broken_while_prices_are_unknown() -> None:
    assert find(make_design(knowledge=UNPRICED), "constraint", "budget_usd").satisfied is None
