"""The score and the verdict."""

from crewgen_core.models.analysis import RequiredSkill
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.validation.validate import validate
from tests.core.validation.samples import (
    ANALYZE,
    CATALOG,
    CHECK,
    ENVIRONMENT,
    SOUND,
    WRITE,
    WRITER,
    analysis,
    with_agent,
    with_task,
)


def _score(crew: Crew, **known) -> float:
    return validate(crew, CATALOG, analysis(**known), ENVIRONMENT).score


def test_one_error_keeps_the_score_below_four_and_another_lowers_it() -> None:
    one = with_task(WRITE, agent="ghost")
    two = with_task(WRITE, agent="ghost", depends_on=("gone",))
    assert 0 < _score(two) < _score(one) < 4


def test_a_crew_that_can_run_scores_above_every_crew_that_cannot() -> None:
    poor = Crew(agents=(Agent(key="a", role="Agent"),), tasks=(Task(key="t", name="t", agent="a"),))
    assert validate(poor, CATALOG).valid
    assert _score(poor) >= 4 > _score(with_task(WRITE, agent="ghost"))


def test_a_warning_costs_more_than_advice() -> None:
    warned = _score(with_agent(WRITER, goal=""))
    advised = _score(with_agent(WRITER, backstory=""))
    assert warned < advised < _score(SOUND) == 10


def test_uncovered_skills_cost_points() -> None:
    missing = (*analysis().skills, RequiredSkill(key="scheduling", name="scheduling", weight=1))
    assert _score(SOUND, skills=missing) < 9


def test_naming_skills_that_no_task_uses_does_not_pay_in_full() -> None:
    missing = (*analysis().skills, RequiredSkill(key="scheduling", name="scheduling", weight=1))
    claimed = with_agent(WRITER, skills=(*WRITER.skills, SkillLevel(name="scheduling", proficiency=10)))
    write = WRITE.model_copy(update={"skills": ("brief writing", "scheduling")})
    used = claimed.model_copy(update={"tasks": (ANALYZE, write, CHECK)})
    assert _score(SOUND, skills=missing) < _score(claimed, skills=missing) < _score(used, skills=missing)


def test_a_generic_stand_in_scores_below_a_crew_made_for_the_objective() -> None:
    stand_in = Crew(
        agents=(
            Agent(key="analyst", role="Analyst", goal="Analyze the objective", backstory="You analyze."),
            Agent(key="executor", role="Executor", goal="Execute the plan", backstory="You execute."),
        ),
        tasks=(
            Task(key="analyze", name="Analyze", description="Analyze it.", expected_output="Analysis", agent="analyst"),
            Task(key="execute", name="Execute", description="Do it.", expected_output="Result", agent="executor"),
        ),
    )  # fmt: skip
    assert _score(stand_in) < _score(SOUND) - 3


def test_a_key_that_is_not_set_costs_no_points() -> None:
    crew = with_agent(WRITER, tools=("web_search",))
    known = analysis(tools=("web_search", "file_reader"))
    assert validate(crew, CATALOG, known).score == validate(crew, CATALOG, known, ENVIRONMENT).score


def test_the_verdict_says_what_matters_most() -> None:
    broken = validate(with_task(WRITE, agent="ghost"), CATALOG)
    assert broken.verdict == "This crew cannot run yet: 1 error (unknown agent)."
    warned = validate(with_agent(WRITER, goal=""), CATALOG)
    assert warned.verdict == "This crew can run; look at 1 warning first (goal says nothing)."
    advised = validate(with_agent(WRITER, backstory=""), CATALOG)
    assert advised.verdict == (
        "This crew is sound by the rules; there is some advice (backstory says nothing). "
        "How likely a run succeeds is the estimate's to say."
    )
