"""The coverage matrix."""

from crewgen_core.models.analysis import RequiredSkill
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.validation.validate import validate
from tests.core.validation.samples import CATALOG, SOUND, analysis


def test_each_required_skill_has_a_cell_for_each_agent() -> None:
    cells = validate(SOUND, CATALOG, analysis()).coverage
    assert len(cells) == 3 * 3
    by = {(cell.skill, cell.agent): cell for cell in cells}
    assert by["churn analysis", "analyst"].proficiency == 9
    assert by["churn analysis", "analyst"].used
    assert by["churn analysis", "writer"].proficiency == 0
    assert not by["churn analysis", "writer"].used


def test_required_skills_come_first_by_weight() -> None:
    skills = (
        RequiredSkill(key="scheduling", name="scheduling", weight=0.3),
        RequiredSkill(key="fact_checking", name="fact checking", weight=0.9),
    )
    cells = validate(SOUND, CATALOG, analysis(skills=skills)).coverage
    assert list(dict.fromkeys(cell.skill for cell in cells))[:2] == ["fact checking", "scheduling"]


def test_a_skill_is_the_same_by_key_and_by_name() -> None:
    crew = Crew(
        agents=(Agent(key="a", role="Analyst", skills=(SkillLevel(name="Churn Analysis", proficiency=6),)),),
        tasks=(Task(key="t", name="Find", agent="a", skills=("churn_analysis",)),),
    )
    (cell,) = validate(crew, CATALOG).coverage
    assert (cell.skill, cell.proficiency, cell.used) == ("churn analysis", 6, True)


def test_a_matrix_that_nobody_could_read_leaves_out_its_empty_cells() -> None:
    agents = tuple(Agent(key=f"a{i}", role=f"Analyst {i}", skills=(SkillLevel(name=f"s{i}"),)) for i in range(100))
    tasks = tuple(Task(key=f"t{i}", name=f"Find {i}", agent=f"a{i}", skills=(f"s{i}",)) for i in range(100))
    cells = validate(Crew(agents=agents, tasks=tasks), CATALOG).coverage
    assert len(cells) == 100
    assert all(cell.used for cell in cells)


def test_a_skill_that_nobody_has_stays_in_a_matrix_without_empty_cells() -> None:
    agents = tuple(Agent(key=f"a{i}", role=f"Analyst {i}", skills=(SkillLevel(name=f"s{i}"),)) for i in range(100))
    tasks = tuple(Task(key=f"t{i}", name=f"Find {i}", agent=f"a{i}", skills=(f"s{i}", "rare")) for i in range(100))
    report = validate(Crew(agents=agents, tasks=tasks), CATALOG)
    assert "rare" in report.missing_skills
    assert len(report.coverage) == 101
