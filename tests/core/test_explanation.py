"""Explanations: why a part is there, quoted from the objective, and what happens without it, computed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.errors import NotFound
from crewgen_core.explanation.explain import explain, list_reasons
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.explanation import Explanation
from crewgen_core.models.objective import Objective, clean_text
from crewgen_core.pipeline import Knowledge, assess, design
from tests.support.crews import crews, hierarchical_crew, hostile_crew, parallel_crew, sequential_crew
from tests.support.estimation import make_profile
from tests.support.objectives import CHURN, DIFFERENT, FREE_TEXTS

KNOWLEDGE = Knowledge(load_catalog(), make_profile, "m")

NDA = Objective(text="Review our NDA with a software vendor and list the clauses that put us at risk")


@cache
def built_in(objective: Objective) -> Crew:
    return CatalogComposer(KNOWLEDGE.catalog).build(analyze(objective, KNOWLEDGE.catalog))


def explain_task(objective: Objective, words: str, crew: Crew | None = None) -> Explanation:
    """Explain the task whose name has these words."""
    crew = crew or built_in(objective)
    task = next(task for task in crew.tasks if words in task.name)
    return explain(crew, f"tasks/{task.key}", objective, KNOWLEDGE)


def explain_agent(objective: Objective, skill: str) -> Explanation:
    """Explain the built-in agent that a task gives this skill to do."""
    crew = built_in(objective)
    key = next(task.agent for task in crew.tasks if skill in task.skills)
    return explain(crew, f"agents/{key}", objective, KNOWLEDGE)


def codes(explanation: Explanation) -> set[str]:
    return {finding.code for finding in explanation.absence.found}


def test_a_task_quotes_the_words_that_ask_for_it_where_they_stand():
    objective = Objective(text=CHURN)
    quote = explain_task(objective, "Find what drives churn").quotes[0]
    assert (quote.words, quote.says, quote.asks) == ("Analyze … churn", "calls for churn analysis", True)
    assert [CHURN[span.start : span.end] for span in quote.spans] == ["Analyze", "churn"]


def test_words_that_shape_a_task_are_told_apart_from_those_that_ask_for_it():
    brief = explain_task(Objective(text=CHURN), "two-page brief")
    assert brief.sentence == "The objective asks for it: “two-page brief”."
    assert ("the board", "says who reads the result", False) in [(q.words, q.says, q.asks) for q in brief.quotes]


def test_a_task_that_no_words_ask_for_says_who_needs_it():
    podcast = Objective(text="Write a two-host podcast episode about the history of coffee")
    research = explain_task(podcast, "Research")
    assert research.quotes == ()
    assert research.unquoted == "No words of the objective ask for it."
    assert research.sentence.startswith("It is needed by “Plan the episode")


def test_a_check_quotes_the_risk_that_asks_for_it():
    check = explain_task(NDA, "for compliance")
    assert check.sentence == "“NDA” touches legal consequences, which asks for a check."


def test_a_check_that_no_risk_asks_for_says_what_a_check_is_good_for():
    check = explain_task(Objective(text=CHURN), "Check and finalise")
    assert check.sentence == "Somebody who did not make the result checks it before it is handed over."


def test_an_agent_is_explained_by_its_tasks_and_says_who_else_has_its_skills():
    writer = explain_agent(Objective(text=CHURN), "executive_writing")
    assert writer.sentence.startswith("The objective asks for its work: ")
    writing = next(skill for skill in writer.skills if skill.name == "executive writing")
    assert writing.required
    assert writing.others == ()
    assert writing.tasks


def test_without_its_only_expert_the_check_warns_that_nobody_has_the_skill():
    analyst = explain_agent(Objective(text=CHURN), "churn_analysis")
    assert {"CG201", "CG203"} <= codes(analyst)
    assert "Nobody in the crew would have the skill “churn analysis”." in analyst.absence.losses
    assert [note.code for note in analyst.rules if note.stance == "asks"] == ["CG201", "CG203"]
    assert all(note.reason for note in analyst.rules)


def test_the_tasks_of_a_removed_agent_go_to_whoever_need_not_check_their_own_work():
    writer = explain_agent(Objective(text=CHURN), "executive_writing")
    assert "Customer Retention Analyst" in writer.absence.title
    assert "CG342" not in codes(writer)


def test_without_the_check_the_rule_about_verification_asks_for_one():
    check = explain_task(Objective(text=CHURN), "Check and finalise")
    assert codes(check) == {"CG341"}
    assert check.absence.after.success.p50 < check.absence.before.success.p50


def test_without_the_task_that_makes_it_the_deliverable_is_missing():
    brief = explain_task(Objective(text=CHURN), "two-page brief")
    assert "No task would make what the objective asks for: “two-page brief”." in brief.absence.losses


def test_the_figures_without_a_part_are_those_of_the_crew_without_it():
    objective = Objective(text=CHURN)
    crew = built_in(objective)
    last = crew.tasks[-1]
    rest = crew.model_copy(
        update={"tasks": crew.tasks[:-1], "agents": tuple(a for a in crew.agents if a.key != last.agent)}
    )
    analysis = analyze(objective, KNOWLEDGE.catalog)
    _, expected = assess(rest, analysis, KNOWLEDGE)
    absence = explain(crew, f"tasks/{last.key}", objective, KNOWLEDGE).absence
    assert (absence.after.cost_usd, absence.after.success) == (expected.cost_usd, expected.success)
    assert absence.before.tokens == assess(crew, analysis, KNOWLEDGE)[1].tokens


def test_that_success_goes_up_when_work_is_left_out_is_explained():
    research = explain_task(Objective(text=CHURN), "Find what drives churn")
    assert research.absence.after.success.p50 > research.absence.before.success.p50
    assert any("goes up" in caveat for caveat in research.absence.caveats)


def test_the_tasks_behind_a_removed_one_work_from_what_it_worked_from():
    chain = explain(sequential_crew(), "tasks/write_brief", None, KNOWLEDGE)
    assert "“Check the brief” then works from “Find what drives churn” instead" in chain.absence.title
    assert "CG121" not in codes(chain)


def test_a_tool_says_what_cannot_be_done_without_it_what_it_needs_and_that_it_saves_tokens():
    objective = Objective(text=CHURN)
    task = built_in(objective).tasks[0]
    sandbox = explain(built_in(objective), f"tasks/{task.key}/tools/python_sandbox", objective, KNOWLEDGE)
    assert sandbox.absence.losses == (f"In “{task.name}”, its agent could not run Python code in a sandbox.",)
    assert sandbox.tool is not None
    assert (sandbox.tool.risk, sandbox.tool.missing) == ("high", ("E2B_API_KEY",))
    assert sandbox.absence.after.tokens.p50 < sandbox.absence.before.tokens.p50
    ready = replace(KNOWLEDGE, environment=frozenset({"E2B_API_KEY"}))
    again = explain(built_in(objective), f"tasks/{task.key}/tools/python_sandbox", objective, ready)
    assert again.tool is not None
    assert again.tool.missing == ()


def test_a_tool_that_the_objective_names_quotes_it():
    objective = Objective(text="Search the web for funders of youth sports clubs and write a one-page summary.")
    task = next(task for task in built_in(objective).tasks if "web_search" in task.tools)
    tool = explain(built_in(objective), f"tasks/{task.key}/tools/web_search", objective, KNOWLEDGE)
    assert tool.sentence == "The objective names it: “Search the web”."


def test_a_tool_that_the_catalog_does_not_know_is_explained_too():
    crew = sequential_crew()
    wand = crew.tasks[1].model_copy(update={"tools": ("wand",)})
    crew = crew.model_copy(update={"tasks": (crew.tasks[0], wand, crew.tasks[2])})
    explanation = explain(crew, "tasks/find_drivers/tools/wand", None, KNOWLEDGE)
    assert explanation.tool is None
    assert explanation.sentence == "The catalog does not know this tool, so nothing can be said for it."
    assert "CG221" in {finding.code for finding in explanation.absence.gone}


def test_what_changes_nothing_says_so():
    crew = built_in(Objective(text=CHURN))
    idle = Agent(key="idle", role="Onlooker", goal="Look on.", backstory="You look on.")
    explanation = explain(
        crew.model_copy(update={"agents": (*crew.agents, idle)}), "agents/idle", Objective(text=CHURN), KNOWLEDGE
    )
    assert explanation.sentence == "It has no task, so nothing in this crew needs it."
    assert explanation.absence.summary.startswith("Without it, nothing would change")
    assert explanation.absence.before == explanation.absence.after


def test_a_manager_is_compared_with_working_in_sequence():
    manager = explain(hierarchical_crew(), "manager", None, KNOWLEDGE)
    assert manager.sentence == "It gives 2 tasks to 2 agents and looks at what comes back."
    assert manager.absence.after.tokens.p50 < manager.absence.before.tokens.p50
    assert "CG106" not in codes(manager)


def test_a_manager_of_a_sequential_crew_has_no_effect():
    crew = sequential_crew().model_copy(update={"manager": Manager()})
    manager = explain(crew, "manager", None, KNOWLEDGE)
    assert "no effect" in manager.sentence
    assert {finding.code for finding in manager.absence.gone} == {"CG143"}


def test_what_runs_at_the_same_time_is_compared_with_one_after_the_other():
    crew = parallel_crew()
    crew = crew.model_copy(
        update={"tasks": (*crew.tasks[:2], crew.tasks[3].model_copy(update={"depends_on": ("one", "two")}))}
    )
    process = explain(crew, "process", None, KNOWLEDGE)
    assert "run at the same time" in process.sentence
    assert process.absence.after.duration_s.p50 > process.absence.before.duration_s.p50


def test_without_an_objective_a_sentence_stands_where_words_would():
    task = explain(sequential_crew(), "tasks/find_drivers", None, KNOWLEDGE)
    assert task.quotes == ()
    assert task.objective == ""
    assert task.unquoted == "There is no objective that could be read, so no words can be quoted."


def test_a_crew_made_elsewhere_is_explained_by_the_words_its_texts_share_with_the_objective():
    objective = Objective(text="Frobnicate the widgets of the Lyon plant and polish the brass gnomon.")
    crew = Crew(
        agents=(Agent(key="a", role="Handy Person"),),
        tasks=(
            Task(key="one", name="Frobnicate the widgets of the Lyon plant", agent="a"),
            Task(key="two", name="Polish the brass gnomon", agent="a"),
        ),
    )
    assert "polish the brass gnomon" in explain(crew, "tasks/two", objective, KNOWLEDGE).sentence
    assert "gnomon" not in explain(crew, "tasks/one", objective, KNOWLEDGE).sentence


def test_a_skill_that_an_agent_has_and_no_task_asks_for_is_quoted_too():
    crew = sequential_crew()
    skilled = crew.agents[1].model_copy(update={"skills": (SkillLevel(name="executive writing", proficiency=8),)})
    crew = crew.model_copy(update={"agents": (crew.agents[0], skilled, crew.agents[2])})
    writer = explain(crew, "agents/writer", Objective(text=CHURN), KNOWLEDGE)
    assert "two-page brief" in [quote.words for quote in writer.quotes]


def test_words_are_found_in_the_context_too():
    objective = Objective(text="Write a summary of the new terms.", context="They are part of our NDA with a supplier.")
    crew = built_in(objective)
    fields = {
        quote.field
        for reason in list_reasons(crew, objective, KNOWLEDGE)
        for quote in explain(crew, reason.path, objective, KNOWLEDGE).quotes
    }
    assert "context" in fields


@pytest.mark.parametrize(
    "path", ["", "tasks", "tasks/", "tasks/nobody", "agents/x/tools/y", "crew", "../x", "a" * 5_000]
)
def test_a_path_that_leads_nowhere_is_refused_in_a_short_sentence(path: str):
    with pytest.raises(NotFound) as fault:
        explain(sequential_crew(), path, None, KNOWLEDGE)
    assert len(str(fault.value)) < 200
    assert "tasks/KEY" in fault.value.hint


def test_an_objective_that_cannot_be_used_counts_as_none():
    explanation = explain(sequential_crew(), "tasks/find_drivers", Objective(text="Ok!"), KNOWLEDGE)
    assert explanation.unquoted.startswith("There is no objective")


def test_every_part_is_listed_once_with_a_sentence():
    reasons = list_reasons(built_in(Objective(text=CHURN)), Objective(text=CHURN), KNOWLEDGE)
    paths = [reason.path for reason in reasons]
    assert paths[0] == "process"
    assert len(paths) == len(set(paths))
    assert all(reason.sentence.endswith(".") for reason in reasons)
    for reason in reasons:
        assert (
            explain(built_in(Objective(text=CHURN)), reason.path, Objective(text=CHURN), KNOWLEDGE).sentence
            == reason.sentence
        )


def test_the_same_question_gives_the_same_answer():
    objective = Objective(text=CHURN)
    made = asyncio.run(design(objective, CatalogComposer(KNOWLEDGE.catalog), KNOWLEDGE))
    ask: Callable[[], Explanation] = lambda: explain(made.crew, "process", objective, KNOWLEDGE)  # noqa: E731
    assert ask() == ask()


def assert_quotes_are_true(explanation: Explanation, objective: Objective) -> None:
    for quote in explanation.quotes:
        text: str = getattr(objective, quote.field)
        said = [" ".join(text[span.start : span.end].split()) for span in quote.spans]
        assert all(said)
        assert quote.words == " … ".join(said)
    assert bool(explanation.quotes) != bool(explanation.unquoted)


@pytest.mark.parametrize("text", DIFFERENT)
def test_everything_in_a_built_in_crew_has_a_reason_with_true_quotes(text: str):
    objective = Objective(text=text)
    crew = built_in(objective)
    for reason in list_reasons(crew, objective, KNOWLEDGE):
        explanation = explain(crew, reason.path, objective, KNOWLEDGE)
        assert explanation.sentence == reason.sentence
        assert_quotes_are_true(explanation, objective)
    asked_for = [
        reason
        for reason in list_reasons(crew, objective, KNOWLEDGE)
        if reason.sentence.startswith("The objective asks for it")
    ]
    assert asked_for


@st.composite
def broken_crews(draw: st.DrawFn) -> Crew:
    """Crews as people upload them: keys twice, agents and sources that are not there, circles, unknown skills."""
    crew = draw(crews())
    strange = st.sampled_from(["nobody", "a/b", "", *(task.key for task in crew.tasks)])
    tasks = tuple(
        task.model_copy(
            update={
                "key": draw(st.sampled_from([task.key, crew.tasks[0].key, "a/b", "x/tools/y"])),
                "agent": draw(st.sampled_from([task.agent, None, "nobody"])),
                "depends_on": tuple(draw(st.lists(strange, max_size=3))),
                "skills": tuple(
                    draw(st.lists(st.sampled_from(["churn_analysis", "Executive Writing", "magic"]), max_size=2))
                ),
            }
        )
        for task in crew.tasks
    )
    agents = draw(st.sampled_from([crew.agents, crew.agents * 2, crew.agents[:0]]))
    return crew.model_copy(update={"tasks": draw(st.sampled_from([tasks, tasks[:0]])), "agents": agents})


@settings(max_examples=60, deadline=None)
@given(st.one_of(crews(), broken_crews()), st.none() | FREE_TEXTS.filter(clean_text), st.integers(0, 1_000))
def test_any_part_of_any_crew_is_explained_whatever_the_objective(crew: Crew, text: str | None, at: int):
    objective = Objective(text=text) if text else None
    reasons = list_reasons(crew, objective, KNOWLEDGE)
    reason = reasons[at % len(reasons)]
    explanation = explain(crew, reason.path, objective, KNOWLEDGE)
    assert explanation.sentence == reason.sentence
    assert explanation.absence.summary
    if objective:
        assert_quotes_are_true(explanation, objective)
    assert Explanation.model_validate_json(explanation.model_dump_json()) == explanation


def test_texts_that_mean_something_to_a_parser_are_explained_too():
    crew = hostile_crew()
    for reason in list_reasons(crew, Objective(text=crew.objective), KNOWLEDGE):
        explain(crew, reason.path, Objective(text=crew.objective), KNOWLEDGE)
