import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.estimation.work import Work, read_crew, sources_of
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from tests.support.estimation import make_profile


def read(crew: Crew, catalog: Catalog) -> tuple[Work, ...]:
    return read_crew(crew, {"m": make_profile("m")}, catalog, "m")


def one(task: Task, agent: Agent, catalog: Catalog) -> Work:
    return read(Crew(agents=(agent,), tasks=(task,)), catalog)[0]


AGENT = Agent(key="a", role="A", skills=(SkillLevel(name="Market Research"),), tools=("web_search", "read_file"))


@pytest.mark.parametrize(
    ("task", "activity"),
    [
        (Task(key="t", name="Write it", skills=("unknown", "churn_analysis")), "analyze"),
        (Task(key="t", name="The result is then verified"), "review"),
        (Task(key="t", name="Xyz", tools=("web_search",)), "research"),
        (Task(key="t", name="Xyz"), "write"),
    ],
)
def test_the_kind_of_work_comes_from_skill_then_verb_then_tools(task: Task, activity: str, catalog: Catalog) -> None:
    assert one(task, AGENT, catalog).activity == activity


def test_tools_of_the_task_replace_those_of_the_agent_as_in_crewai(catalog: Catalog) -> None:
    assert one(Task(key="t", name="T", agent="a"), AGENT, catalog).tools == ("web_search", "read_file")
    assert one(Task(key="t", name="T", agent="a", tools=("read_file",)), AGENT, catalog).tools == ("read_file",)


def test_only_tools_that_the_catalog_names_for_the_skill_help(catalog: Catalog) -> None:
    research = Task(key="t", name="T", agent="a", skills=("market_research",))
    assert one(research, AGENT, catalog).helpful_tools == 2
    assert one(research.model_copy(update={"skills": ("scheduling",)}), AGENT, catalog).helpful_tools == 0


def test_an_agent_with_one_of_the_skills_is_a_specialist(catalog: Catalog) -> None:
    assert one(Task(key="t", name="T", agent="a", skills=("market_research",)), AGENT, catalog).specialist
    assert not one(Task(key="t", name="T", agent="a", skills=("scheduling",)), AGENT, catalog).specialist
    assert not one(Task(key="t", name="T", agent="ghost", skills=("market_research",)), AGENT, catalog).specialist


def test_only_earlier_tasks_are_sources() -> None:
    crew = Crew(
        tasks=(
            Task(key="a", name="A", depends_on=("b", "a", "ghost")),
            Task(key="b", name="B", depends_on=("a", "a", "c")),
            Task(key="c", name="C", depends_on=("b", "a")),
        )
    )
    assert sources_of(crew) == ((), (0,), (1, 0))


def test_a_review_counts_for_the_tasks_it_depends_on(catalog: Catalog) -> None:
    crew = Crew(
        agents=(AGENT,),
        tasks=(
            Task(key="a", name="Write it", agent="a"),
            Task(key="b", name="Write more", agent="a", depends_on=("a",)),
            Task(key="c", name="Verify it", agent="a", depends_on=("b",)),
        ),
    )
    first, second, review = read(crew, catalog)
    assert (first.review, second.review, review.review) == ("none", "model", "none")
    assert review.is_review


def test_a_review_of_nothing_is_work_like_any_other(catalog: Catalog) -> None:
    assert not one(Task(key="t", name="Verify it", agent="a"), AGENT, catalog).is_review


@pytest.mark.parametrize(
    ("level", "reviewed"), [("none", ""), ("light", "c"), ("moderate", "ac"), ("intensive", "abc")]
)
def test_a_manager_reviews_as_much_as_the_oversight_says(level: str, reviewed: str, catalog: Catalog) -> None:
    tasks = (
        Task(key="a", name="Write it"),
        Task(key="b", name="Write it"),
        Task(key="c", name="Write it", depends_on=("a",)),
    )
    crew = Crew(process="hierarchical", oversight=level, agents=(AGENT,), tasks=tasks)
    works = read(crew, catalog)
    assert "".join(work.task.key for work in works if work.may_come_back) == reviewed
    assert [work.review for work in works] == ["model" if key in reviewed else "none" for key in "abc"]


def test_where_the_manager_decides_the_agent_with_the_skill_does_it(catalog: Catalog) -> None:
    planner = Agent(key="p", role="P", skills=(SkillLevel(name="scheduling"),))
    task = Task(key="t", name="T", skills=("scheduling",))
    crew = Crew(process="hierarchical", agents=(AGENT, planner), tasks=(task, task.model_copy(update={"skills": ()})))
    assert [work.agent and work.agent.key for work in read(crew, catalog)] == ["p", "a"]
    assert read(crew.model_copy(update={"agents": ()}), catalog)[0].agent is None


def test_nobody_can_delegate_alone(catalog: Catalog) -> None:
    agent = Agent(key="a", role="A", allow_delegation=True)
    task = Task(key="t", name="T", agent="a")
    assert not one(task, agent, catalog).may_delegate
    assert read(Crew(agents=(agent, AGENT), tasks=(task,)), catalog)[0].may_delegate


def test_a_model_without_profile_is_refused(catalog: Catalog) -> None:
    with pytest.raises(KeyError):
        one(Task(key="t", name="T", agent="a"), AGENT.model_copy(update={"model": "x"}), catalog)


def test_a_person_who_confirms_a_review_has_seen_what_was_reviewed(catalog: Catalog) -> None:
    made = Task(key="made", name="Write the brief", agent="a", skills=("unknown",))
    check = Task(key="check", name="Check the facts", agent="a", depends_on=("made",))
    last = Task(key="last", name="Check the whole", agent="a", depends_on=("check",), human_input=True)
    works = read(Crew(agents=(AGENT,), tasks=(made, check, last)), catalog)
    assert [work.review for work in works] == ["human", "human", "human"]
    unseen = read(Crew(agents=(AGENT,), tasks=(made, check)), catalog)
    assert [work.review for work in unseen] == ["model", "none"]
