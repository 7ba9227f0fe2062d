"""What a wish makes of a crew."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.analysis.analyze import analyze
from crewgen_core.composition.texts import list_work
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.refinement import Refinement
from crewgen_core.models.report import Report
from crewgen_core.pipeline import Knowledge, assess
from crewgen_core.refinement.refine import EXAMPLES, refine
from tests.core.refinement.conftest import BRIEF, MARKET, Refine
from tests.support import crews

WORDS = st.sampled_from(
    "add remove make it cheaper faster the writer analyst editor last step research review and , . no web access "
    "agents two split merge in rename to give use gpt-5-mini before after German for board shorter a an person approve "
    "run parallel manager tool csv between into one all every with under $1 legal fact check".split()
)
ANY_WISH = st.one_of(
    st.text(max_size=80), st.lists(WORDS, min_size=1, max_size=9).map(" ".join), st.sampled_from(crews.HOSTILE)
)


def names(crew: Crew) -> list[str]:
    return [task.name for task in crew.tasks]


def roles(crew: Crew) -> list[str]:
    return [agent.role for agent in crew.agents]


def granted(crew: Crew) -> set[str]:
    return {tool for part in (*crew.agents, *crew.tasks) for tool in part.tools}


def check(crew: Crew, objective: Objective | None, knowledge: Knowledge) -> Report:
    return assess(crew, analyze(objective, knowledge.catalog) if objective else None, knowledge)[0]


def test_cheaper_lowers_the_estimated_cost_and_keeps_the_chance_of_success(ask: Refine):
    made = ask("make it cheaper")
    assert made.before.cost_usd and made.after.cost_usd
    assert made.after.cost_usd.p50 < made.before.cost_usd.p50
    assert made.after.success.p50 > made.before.success.p50 - 0.15
    assert made.done


def test_cheaper_keeps_to_the_models_that_the_objective_allows(ask: Refine, brief: Crew):
    objective = BRIEF.model_copy(update={"allowed_models": ("openai/gpt-5.6-luna", "openai/gpt-5.4-mini")})
    made = ask("make it cheaper", of=brief, objective=objective)
    assert {agent.model for agent in made.crew.agents} <= {None, "openai/gpt-5.6-luna", "openai/gpt-5.4-mini"}


def test_a_backstory_names_the_tasks_that_are_left_also_where_one_was_a_question(ask: Refine, brief: Crew):
    first, second = (task.model_copy(update={"agent": brief.agents[0].key}) for task in brief.tasks[:2])
    asking = second.model_copy(update={"name": "What keeps customers?"})
    tasks = (first, asking, *brief.tasks[2:])
    story = f"You look closely. {list_work([first, asking])}"
    agents = (brief.agents[0].model_copy(update={"backstory": story}), *brief.agents[1:])
    crew = brief.model_copy(update={"tasks": tasks, "agents": agents})
    made = ask(f"remove the task {first.name}", of=crew)
    agent = made.crew.agent(brief.agents[0].key)
    assert agent is not None
    assert agent.backstory == "You look closely. Your tasks: what keeps customers."


def test_what_cannot_be_made_cheaper_any_more_is_said(ask: Refine, brief: Crew):
    crew, last = brief, None
    for _ in range(6):
        last = ask("make it cheaper", of=crew, objective=BRIEF)
        crew = last.crew
    assert last is not None
    assert not last.changed
    assert "Nothing was found that makes the crew cheaper" in last.remarks[0]


def test_faster_shortens_the_run(ask: Refine, market: Crew):
    made = ask("make it faster", of=market)
    assert made.after.duration_s.p50 < made.before.duration_s.p50


def test_several_wishes_are_all_done_each_as_a_change_of_its_own(ask: Refine):
    made = ask("Make it cheaper and add a legal review.")
    assert len(made.changes) == len(made.done) == 2
    assert "Legal review of the two-page brief" in names(made.crew)
    assert "In-house Legal Counsel" in roles(made.crew)


def test_a_review_comes_before_the_last_check_which_works_from_it(ask: Refine, brief: Crew):
    made = ask("add a legal review")
    review_task = next(task for task in made.crew.tasks if task.name.startswith("Legal review"))
    last = made.crew.tasks[-1]
    assert last.key == brief.tasks[-1].key
    assert review_task.key in last.depends_on
    assert f'"{review_task.name}"' in last.description


@pytest.mark.parametrize(
    ("wish", "skill"),
    [
        ("add a fact checker", "fact_checking"),
        ("add a translator", "translation"),
        ("add a slide deck", "slide_creation"),
        ("add a risk assessment", "risk_assessment"),
        ("add a step that proofreads the text", "editing"),
    ],
)
def test_whatever_the_catalog_knows_can_be_added(ask: Refine, brief: Crew, wish: str, skill: str):
    made = ask(wish)
    (task,) = [task for task in made.crew.tasks if brief.task(task.key) is None]
    assert task.skills == (skill,)
    assert made.crew.agent(task.agent) is not None


def test_two_things_can_be_added_at_once(ask: Refine):
    made = ask("add a legal review and a fact checker")
    assert any("Legal" in role for role in roles(made.crew))
    assert any("Fact Checker" in role for role in roles(made.crew))


def test_what_is_there_already_is_not_added_again(ask: Refine):
    once = ask("add a fact checker")
    twice = ask("add a fact checker", of=once.crew, objective=BRIEF)
    assert not twice.changed
    assert "already" in twice.remarks[0]


def test_where_no_more_agents_are_allowed_another_one_takes_on_the_new_task(ask: Refine, brief: Crew):
    objective = BRIEF.model_copy(update={"max_agents": len(brief.agents)})
    made = ask("add a fact checker", of=brief, objective=objective)
    assert len(made.crew.agents) == len(brief.agents)
    assert len(made.crew.tasks) == len(brief.tasks) + 1
    assert "allows" in made.remarks[0]


def test_no_web_access_takes_the_tools_and_narrows_the_objective(ask: Refine, market: Crew, knowledge: Knowledge):
    made = ask("no web access", of=market)
    assert "web_search" not in granted(made.crew)
    assert made.objective is not None
    assert made.objective.allowed_tools is not None
    assert "web_search" not in made.objective.allowed_tools
    assert "csv_search" in made.objective.allowed_tools
    report = check(made.crew, made.objective, knowledge)
    assert report.valid


def test_two_agents_only_merges_the_team_and_limits_the_objective(ask: Refine, knowledge: Knowledge):
    made = ask("two agents only")
    assert len(made.crew.agents) == 2
    assert made.objective is not None
    assert made.objective.max_agents == 2
    report = check(made.crew, made.objective, knowledge)
    assert report.valid
    assert "CG342" not in {finding.code for finding in report.findings}, "nobody reviews own work"


def test_more_agents_share_the_tasks(ask: Refine, market: Crew):
    made = ask("use 4 agents", of=market)
    assert len(made.crew.agents) == 4
    assert all(made.crew.tasks_of(agent.key) for agent in made.crew.agents)


def test_an_agent_is_removed_with_what_nobody_misses(ask: Refine):
    made = ask("remove the editor")
    assert "Brief Reviewer" not in roles(made.crew)
    assert not any(name.startswith("Check and finalise") for name in names(made.crew))


def test_the_work_of_a_removed_agent_stays_where_the_objective_asks_for_it(ask: Refine, brief: Crew):
    made = ask("remove the analyst")
    assert "Customer Retention Analyst" not in roles(made.crew)
    assert names(made.crew) == names(brief)


def test_a_removed_task_leaves_its_followers_with_its_sources(ask: Refine, market: Crew):
    gone = market.tasks[1]
    made = ask("remove step 2", of=market)
    assert gone.name not in names(made.crew)
    follower = next(task for task in market.tasks if gone.key in task.depends_on)
    after = made.crew.task(follower.key)
    assert after is not None
    assert set(gone.depends_on) <= set(after.depends_on)
    assert gone.name not in after.description


def test_merged_agents_have_the_work_and_skills_of_both(ask: Refine, brief: Crew):
    made = ask("merge the writer and the editor")
    (agent,) = [agent for agent in made.crew.agents if "Writer" in agent.role]
    assert "Brief Reviewer" in agent.role
    assert len(made.crew.tasks_of(agent.key)) == 2
    assert len(made.crew.tasks) == len(brief.tasks)


def test_a_task_is_split_into_parts_that_the_followers_all_use(ask: Refine, market: Crew):
    made = ask("split the research into market size and regulation", of=market)
    parts = [task for task in made.crew.tasks if "(part" in task.name]
    assert ["market size" in parts[0].name, "regulation" in parts[1].name] == [True, True]
    follower = made.crew.task(market.tasks[1].key)
    assert follower is not None
    assert {part.key for part in parts} <= set(follower.depends_on)
    assert sum(part.human_minutes for part in parts) == pytest.approx(market.tasks[0].human_minutes)


def test_parts_of_a_task_can_run_at_the_same_time(ask: Refine, market: Crew):
    made = ask("split the research in two and run the research in parallel", of=market)
    assert [task.async_execution for task in made.crew.tasks][:2] == [True, True]
    assert made.crew.coordination == "parallel"


def test_a_new_name_is_used_wherever_the_old_one_stood(ask: Refine, brief: Crew):
    made = ask('rename step 1 to "Explain the churn"')
    assert names(made.crew)[0] == "Explain the churn"
    assert not any(f'"{brief.tasks[0].name}"' in task.description for task in made.crew.tasks)


def test_the_result_is_written_so_and_the_objective_remembers_it(ask: Refine):
    made = ask("write it in German for executives")
    writing = next(task for task in made.crew.tasks if task.name.startswith("Write"))
    assert "Write in German." in writing.description
    assert "Readers: executives." in writing.description
    assert "the language is German" in writing.expected_output
    assert made.objective is not None
    assert "Write in German." in made.objective.preferences


def test_a_second_language_takes_the_place_of_the_first(ask: Refine, brief: Crew):
    first = ask("write it in German")
    second = ask("write it in French", of=first.crew, objective=first.objective)
    assert not any("German" in task.description for task in second.crew.tasks)
    assert second.objective is not None
    assert second.objective.preferences == "Write in French."


def test_a_model_is_given_to_whom_it_is_for(ask: Refine):
    made = ask("use gpt-4o-mini for the writer")
    models = {agent.role: agent.model for agent in made.crew.agents}
    assert models.pop("Executive Communications Writer") == "openai/gpt-4o-mini"
    assert set(models.values()) == {None}


def test_a_model_that_was_not_allowed_is_allowed_when_it_is_asked_for(ask: Refine, brief: Crew, knowledge: Knowledge):
    objective = BRIEF.model_copy(update={"allowed_models": ("openai/gpt-5.6-luna",)})
    made = ask("use openai/gpt-5-mini for the writer", of=brief, objective=objective)
    assert made.objective is not None
    assert made.objective.allowed_models == ("openai/gpt-5.6-luna", "openai/gpt-5-mini")
    assert check(made.crew, made.objective, knowledge).valid


def test_a_person_approves_the_last_step(ask: Refine):
    made = ask("let a person approve the last step")
    assert [task.human_input for task in made.crew.tasks] == [False] * (len(made.crew.tasks) - 1) + [True]
    back = ask("fully automatic", of=made.crew, objective=BRIEF)
    assert not any(task.human_input for task in back.crew.tasks)


def test_a_manager_comes_and_goes(ask: Refine, brief: Crew):
    led = ask("add a manager")
    assert (led.crew.process, led.crew.coordination) == ("hierarchical", "hierarchical")
    assert led.crew.manager is not None
    flat = ask("no manager", of=led.crew, objective=BRIEF)
    assert (flat.crew.process, flat.crew.manager) == ("sequential", None)


def test_a_tool_is_given_and_taken(ask: Refine, market: Crew):
    given_tool = ask("give the analyst the CSV tool", of=market)
    assert "csv_search" in granted(given_tool.crew)
    assert any("OPENAI_API_KEY" in remark for remark in given_tool.remarks)
    taken = ask("no code execution")
    assert "python_sandbox" not in granted(taken.crew)


def test_a_task_is_handed_to_another_agent_who_learns_its_skill(ask: Refine):
    made = ask("let the editor do the writing")
    writing = next(task for task in made.crew.tasks if task.name.startswith("Write"))
    editor = made.crew.agent(writing.agent)
    assert editor is not None
    assert editor.role == "Brief Reviewer"


def test_the_limit_of_a_run_is_kept_with_the_objective(ask: Refine):
    made = ask("at most $0.02 per run")
    assert made.objective is not None
    assert str(made.objective.budget_usd) == "0.02"


def test_a_part_is_meant_only_when_all_that_is_said_fits(ask: Refine, market: Crew):
    made = ask("drop the retention plan", of=market)
    assert not made.changed
    assert "Recommend" in "".join(names(made.crew))


def test_a_check_of_any_kind_can_be_asked_for(ask: Refine, brief: Crew):
    made = ask("add a security review, add a technical review")
    new = [task for task in made.crew.tasks if brief.task(task.key) is None]
    assert [task.name for task in new] == [
        "Security review of the two-page brief",
        "Technical review of the two-page brief",
    ]
    assert all(task.key in made.crew.tasks[-1].depends_on for task in new)


def test_the_work_of_an_agent_is_split_between_two(ask: Refine, market: Crew):
    made = ask("split the analyst into two agents", of=market)
    assert len(made.crew.agents) == len(market.agents) + 1
    assert len(made.crew.tasks) == len(market.tasks)


def test_what_is_meant_must_be_clear(ask: Refine):
    made = ask("remove the poet")
    assert not made.changed
    assert 'no agent or task like "the poet"' in made.not_understood[0].why


@pytest.mark.parametrize("wish", ["", "  ", " …! "])
def test_a_wish_without_words_is_answered_with_examples(ask: Refine, brief: Crew, wish: str):
    made = ask(wish)
    assert made.crew == brief
    assert "You can ask for: “make it cheaper”" in made.remarks[0]


def test_what_is_not_understood_is_told_with_examples_and_changes_nothing(ask: Refine, brief: Crew):
    made = ask("sing me a song")
    assert made.crew == brief
    assert made.objective == BRIEF
    assert made.not_understood[0].words == "sing me a song"
    assert all(example in made.not_understood[0].why for example in EXAMPLES)


def test_what_is_understood_is_done_although_the_rest_is_not(ask: Refine):
    made = ask("two agents only. Sing me a song.")
    assert len(made.crew.agents) == 2
    assert [one.words for one in made.not_understood] == ["Sing me a song"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_asked_for(ask: Refine, market: Crew, example: str):
    made = ask(example, of=market)
    assert made.changed, made
    assert made.not_understood == ()


def test_without_an_objective_the_crew_changes_all_the_same(brief: Crew, knowledge: Knowledge):
    imported = brief.model_copy(update={"objective": ""})
    for wish in ("no code execution", "two agents only", "add a fact checker", "write it in German", "add a manager"):
        made = refine(imported, None, wish, knowledge)
        assert made.changed, wish
        assert made.objective is None


def test_the_changes_lead_from_the_crew_before_to_the_one_after(ask: Refine, brief: Crew):
    made = ask("add a legal review, two agents only and write it in German")
    crew = brief
    for change in made.changes:
        crew = apply_change(crew, change)
    assert crew == made.crew


def assert_sound(made: Refinement, before: Crew, objective: Objective | None, knowledge: Knowledge) -> None:
    """No new error, and nothing is changed that is not told."""
    known = {(one.code, one.where) for one in check(before, objective, knowledge).errors}
    found = {(one.code, one.where) for one in check(made.crew, made.objective, knowledge).errors}
    assert found <= known
    assert bool(made.done) == made.changed
    if not made.changed:
        assert made.crew == before


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(wish=ANY_WISH)
def test_no_wish_makes_a_built_in_crew_invalid(wish: str, market: Crew, knowledge: Knowledge):
    assert_sound(refine(market, MARKET, wish, knowledge), market, MARKET, knowledge)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(crew=crews.crews(), wish=ANY_WISH)
def test_no_wish_gives_any_crew_an_error_that_it_did_not_have(crew: Crew, wish: str, knowledge: Knowledge):
    assert_sound(refine(crew, None, wish, knowledge), crew, None, knowledge)


@pytest.mark.parametrize("crew", [Crew(), crews.hostile_crew(), crews.hierarchical_crew(), crews.parallel_crew()])
@pytest.mark.parametrize("wish", [*EXAMPLES, "merge all agents into one", "remove the last step", "no manager"])
def test_no_wish_fails_on_an_odd_crew(crew: Crew, wish: str, knowledge: Knowledge):
    assert_sound(refine(crew, None, wish, knowledge), crew, None, knowledge)


def test_a_crew_whose_keys_are_there_twice_is_left_alone_with_a_sentence(brief: Crew, knowledge: Knowledge):
    again = {"tasks": (*brief.tasks, brief.tasks[0]), "agents": (*brief.agents, brief.agents[0])}
    twice = brief.model_copy(update=again)
    for wish in (*EXAMPLES, "remove the last step", "merge all agents into one"):
        made = refine(twice, BRIEF, wish, knowledge)
        assert made.crew == twice
        assert "the same key" in made.remarks[0]
