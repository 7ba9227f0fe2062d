"""Properties over arbitrary crews: validation never raises, and fixes lead to crews that can run."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.models.analysis import Analysis, StatedConstraints
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.report import Report
from crewgen_core.validation.validate import validate
from tests.core.validation.samples import CATALOG, ENVIRONMENT, HIGH_RISK, analysis

NAMES = st.sampled_from(
    [
        "a",
        "b",
        "c",
        "d",
        "d_2",
        "a/b",
        " ",
        "/",
        "manager",
        "Data Analyst",
        "data analyst",
        "Ghost Writer",
        "check_result",
    ]
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "Agent", "Find, write and send it", "Check the churn table of 5 rows", "{blank}", "Ünïcødé 🦊"]
    ),
    st.text(max_size=60),
)
SKILLS = st.sampled_from(["churn analysis", "churn_analysis", "fact checking", "magic", "brief writing"])
TOOLS = st.lists(st.sampled_from(["web_search", "FileReadTool", "file_reader", "code_runner", "wand"]), max_size=3).map(
    tuple
)

AGENTS = st.builds(
    Agent,
    key=NAMES,
    role=st.one_of(NAMES, TEXTS),
    goal=TEXTS,
    backstory=TEXTS,
    skills=st.lists(st.builds(SkillLevel, name=SKILLS, proficiency=st.integers(1, 10)), max_size=3).map(tuple),
    tools=TOOLS,
    model=st.sampled_from([None, "gpt-5", "gpt-9"]),
    allow_delegation=st.booleans(),
    max_iter=st.integers(1, 1000),
)
TASKS = st.builds(
    Task,
    key=NAMES,
    name=TEXTS,
    description=TEXTS,
    expected_output=TEXTS,
    agent=st.one_of(st.none(), NAMES),
    depends_on=st.lists(NAMES, max_size=4).map(tuple),
    skills=st.lists(SKILLS, max_size=2).map(tuple),
    tools=TOOLS,
    human_minutes=st.floats(0, 1000),
    human_input=st.booleans(),
    async_execution=st.booleans(),
)
CREWS = st.builds(
    Crew,
    objective=TEXTS,
    process=st.sampled_from(["sequential", "hierarchical"]),
    coordination=st.sampled_from(["solo", "sequential", "parallel", "hierarchical", "collaborative"]),
    oversight=st.sampled_from(["none", "light", "moderate", "intensive"]),
    manager=st.one_of(st.none(), st.builds(Manager, key=NAMES, role=st.one_of(NAMES, TEXTS), model=st.just("gpt-9"))),
    agents=st.lists(AGENTS, max_size=6).map(tuple),
    tasks=st.lists(TASKS, max_size=7).map(tuple),
)
KNOWN = st.sampled_from(
    [
        None,
        analysis(),
        analysis(
            max_agents=2,
            allowed_tools=("file_reader",),
            allowed_models=("gpt-5",),
            risks=(HIGH_RISK,),
            tools=("web_search", "file_reader", "code_runner"),
            constraints=StatedConstraints(language="Spanish", exclusions=("no names",), audience="the board"),
        ),
        analysis(allowed_tools=(), allowed_models=(), subject="", deliverables=()),
    ]
)


def _count(report: Report, code: str, where: str | None = None) -> int:
    return sum(finding.code == code and where in (None, finding.where) for finding in report.findings)


@settings(max_examples=100, deadline=None)
@given(CREWS, KNOWN)
def test_validation_of_any_crew_gives_a_report(crew: Crew, known: Analysis | None) -> None:
    report = validate(crew, CATALOG, known)
    assert report.valid == (not report.errors)
    assert (report.score == 0) == (not crew.agents or not crew.tasks) or report.errors
    assert report.score < 4 if report.errors else report.score >= 4
    assert report == validate(crew, CATALOG, known)


@settings(max_examples=100, deadline=None)
@given(CREWS, KNOWN)
def test_every_fix_removes_its_finding_and_makes_no_new_error(crew: Crew, known: Analysis | None) -> None:
    before = validate(crew, CATALOG, known, ENVIRONMENT)
    for finding in before.findings:
        if finding.fix is None:
            continue
        after = validate(apply_change(crew, finding.fix), CATALOG, known, ENVIRONMENT)
        assert _count(after, finding.code, finding.where) < _count(before, finding.code, finding.where), finding
        for code in {error.code for error in after.errors}:
            assert _count(after, code) <= _count(before, code), (finding, code)


@settings(max_examples=100, deadline=None)
@given(CREWS, KNOWN)
def test_mending_error_after_error_ends_with_errors_that_need_a_person(crew: Crew, known: Analysis | None) -> None:
    for _ in range(200):
        fix = next((f.fix for f in validate(crew, CATALOG, known).errors if f.fix), None)
        if fix is None:
            break
        crew = apply_change(crew, fix)
    left = {error.code for error in validate(crew, CATALOG, known).errors if error.fix}
    assert not left
    if crew.agents and crew.tasks and known is None:
        assert validate(crew, CATALOG).valid


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 200), st.integers(0, 500), st.randoms(use_true_random=False))
def test_a_very_large_crew_is_no_trouble(agents: int, tasks: int, random) -> None:
    crew = Crew(
        agents=tuple(Agent(key=f"a{i}", role=f"Analyst {i}") for i in range(agents)),
        tasks=tuple(
            Task(key=f"t{i}", name=f"Find {i}", agent=f"a{i % 210}", depends_on=(f"t{random.randrange(510)}",))
            for i in range(tasks)
        ),
    )
    assert validate(crew, CATALOG).score <= 4
