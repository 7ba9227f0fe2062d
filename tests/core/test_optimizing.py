"""The front door's part for optimizing, on a real database: kept, applied, undone, and held to what was asked."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.app import Crewgen
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.errors import CannotOptimize, ChangeDoesNotFit, EditConflict, NotFound
from crewgen_core.front.optimizing import MOST_KEPT
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.model_correction import ModelCorrection
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import GOALS, Goal, Limits, Optimization
from crewgen_core.models.stored import StoredCrew, StoredOptimization
from crewgen_core.settings import Settings
from crewgen_core.validation.validate import validate
from tests.support.objectives import BENCHMARKED

CHURN = Objective(text="Explain why churn rose in Q3 from our subscription exports and write a two-page brief.")
LAUNCH = Objective(text="Write a product launch plan with a press release, a blog post and five social media posts.")


SINGLE = Crew(
    coordination="solo",
    agents=(
        Agent(
            key="analyst",
            role="Market Analyst",
            goal="Describe markets.",
            backstory="You date every figure.",
            skills=(SkillLevel(name="market research"),),
        ),
    ),
    tasks=(
        Task(
            key="look",
            name="Describe the market",
            description="Describe it.",
            expected_output="A page.",
            agent="analyst",
            human_minutes=90,
        ),
        Task(
            key="write",
            name="Write the brief",
            description="Write it.",
            expected_output="A page.",
            agent="analyst",
            depends_on=("look",),
        ),
    ),
)
"""One agent with two tasks."""


@cache
def front_door() -> Crewgen:
    """One that stores nothing."""
    return Crewgen(Settings(database_url="sqlite:////nowhere/crewgen.db"), environment={})


@cache
def build(objective: Objective) -> Crew:
    return CatalogComposer(front_door().catalog).build(front_door().analyze(objective))


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR"), environment={})
    yield crewgen
    crewgen.database.close()


@pytest.fixture
def stored(crewgen: Crewgen) -> StoredCrew:
    return crewgen.crews.save(build(CHURN), CHURN)


@pytest.fixture
def kept(crewgen: Crewgen, stored: StoredCrew) -> StoredOptimization:
    """An optimization with several changes."""
    limits = Limits(least_success=0.01, providers=("openai",), keep_process=True)
    made = crewgen.optimizing.optimize_stored(stored.crew_id, "balanced", limits)
    assert len(made.result.changes) >= 2
    return made


def apply_all(crew: Crew, made: Optimization, chosen: Sequence[int] | None = None) -> Crew:
    for at in range(len(made.changes)) if chosen is None else chosen:
        crew = apply_change(crew, made.changes[at])
    return crew


def rename(crewgen: Crewgen, stored: StoredCrew, name: str = "Renamed by somebody") -> StoredCrew:
    """Edit a crew as somebody else does in between."""
    return crewgen.crews.save_version(
        stored.crew_id, stored.crew.model_copy(update={"name": name}), "Renamed", stored.number
    )


# --- what is kept -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goal", GOALS)
def test_an_optimization_is_kept_with_all_that_it_says(crewgen: Crewgen, stored: StoredCrew, goal: Goal):
    limits = Limits(budget_usd=Decimal("0.5"), keep_reviews=True)
    made = crewgen.optimizing.optimize_stored(stored.crew_id, goal, limits)
    shown = crewgen.optimizing.optimize(stored.crew, goal, limits, CHURN)
    again = crewgen.optimizing.get(made.row.id)
    assert again == made
    assert _without_time(again.result) == _without_time(shown.without_crews())
    row, result = again.row, again.result
    assert (row.crew_id, row.number, row.goal) == (stored.crew_id, 1, goal)
    assert (row.applied, row.applied_number, row.applied_at) == ((), None, None)
    assert row.change_count == len(result.changes)
    assert (row.success_before, row.success_after) == (result.before.success.p50, result.after.success.p50)
    assert result.before.cost_usd and result.after.cost_usd
    assert (row.cost_before_usd, row.cost_after_usd) == (result.before.cost_usd.p50, result.after.cost_usd.p50)
    assert (row.duration_before_s, row.duration_after_s) == (result.before.duration_s.p50, result.after.duration_s.p50)
    assert (row.optimal, row.gap) == (result.proof.optimal, result.proof.gap)
    assert result.limits.budget_usd == Decimal("0.5")


def _without_time(made: Optimization) -> Optimization:
    return made.model_copy(update={"proof": made.proof.model_copy(update={"seconds": 0.0})})


def test_optimizing_stores_no_new_version(crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization):
    assert crewgen.crews.get(stored.crew_id) == stored
    assert crewgen.optimizing.optimize(stored.crew, "cost", None, CHURN).changes
    assert len(crewgen.optimizing.list_of(stored.crew_id)) == 1, "asking without keeping adds nothing"


def test_optimizations_are_listed_newest_first_in_pages(crewgen: Crewgen, stored: StoredCrew):
    other = crewgen.crews.save(build(LAUNCH), LAUNCH)
    crewgen.optimizing.optimize_stored(other.crew_id, "cost")
    quick = Limits(models=(), keep_process=True)
    made = [crewgen.optimizing.optimize_stored(stored.crew_id, goal, quick).row for goal in GOALS]
    newest_first = made[::-1]
    optimizing = crewgen.optimizing
    assert list(optimizing.list_of(stored.crew_id)) == newest_first
    first = optimizing.list_of(stored.crew_id, limit=2)
    second = optimizing.list_of(stored.crew_id, limit=2, before=first[-1].id)
    assert [*first, *second] == newest_first[:4]
    assert optimizing.list_of(stored.crew_id, limit=2, before=newest_first[-1].id) == ()


def test_an_earlier_version_can_be_optimized(crewgen: Crewgen, stored: StoredCrew):
    newer = rename(crewgen, stored)
    assert crewgen.optimizing.optimize_stored(stored.crew_id, "cost").row.number == newer.number
    assert crewgen.optimizing.optimize_stored(stored.crew_id, "cost", number=1).row.number == 1


def test_what_designing_cost_is_known_only_where_a_model_was_paid(crewgen: Crewgen):
    made = crewgen.generate(CHURN)
    result = crewgen.optimizing.optimize_stored(made.crew_id, "cost").result
    assert (result.spent_usd, result.break_even_runs) == (None, None)


# --- applying and undoing ---------------------------------------------------------------------------------------------


def test_all_changes_lead_to_the_promised_figures_in_a_new_version(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    every = range(kept.row.change_count)
    saved = crewgen.optimizing.apply(kept.row.id, every, stored.number)
    assert (saved.number, saved.newest, saved.parent_number) == (2, 2, 1)
    assert saved.crew == apply_all(stored.crew, kept.result)
    assert saved.estimate.cost_usd == kept.result.after.cost_usd
    assert saved.estimate.success == kept.result.after.success
    assert saved.estimate.duration_s == kept.result.after.duration_s
    assert saved.note.startswith(f"Optimized for balanced: {kept.result.changes[0].title}"[:80])
    row = crewgen.optimizing.get(kept.row.id).row
    assert (row.applied, row.applied_number) == (tuple(every), 2)
    assert row.applied_at is not None
    assert row.created_at <= row.applied_at


def test_each_change_alone_leads_to_the_figures_that_stand_beside_it(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    for change in kept.result.changes:
        report, estimate = crewgen.review(apply_change(stored.crew, change), stored.objective)
        assert report.valid
        assert change.effect is not None
        assert (estimate.cost_usd, estimate.success) == (change.effect.cost_usd, change.effect.success)
    assert crewgen.crews.get(stored.crew_id) == stored, "looking stores nothing"


def test_one_of_two_applied_changes_is_undone_and_applied_again(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    optimizing, crew, made = crewgen.optimizing, stored.crew, kept.result
    both = optimizing.apply(kept.row.id, [1, 0, 1], 1)
    assert both.crew == apply_all(crew, made, [0, 1])
    one = optimizing.apply(kept.row.id, [1], both.number)
    assert one.crew == apply_all(crew, made, [1])
    assert one.note == f"Undone: {made.changes[0].title}"
    assert optimizing.get(kept.row.id).row.applied == (1,)
    none = optimizing.apply(kept.row.id, [], one.number)
    assert none.crew == crew
    again = optimizing.apply(kept.row.id, [0, 1], none.number)
    assert again.crew == both.crew
    assert again.number == 5
    assert [row.number for row in crewgen.crews.versions(stored.crew_id)] == [5, 4, 3, 2, 1]
    assert crewgen.crews.get(stored.crew_id, 1).crew == crew, "every version stays"


def test_where_nothing_would_be_otherwise_no_version_is_made(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    assert crewgen.optimizing.apply(kept.row.id, [], 1) == stored
    applied = crewgen.optimizing.apply(kept.row.id, [0], 1)
    assert crewgen.optimizing.apply(kept.row.id, [0], 2) == applied
    assert len(crewgen.crews.versions(stored.crew_id)) == 2
    assert crewgen.optimizing.get(kept.row.id).row.applied_number == 2


def test_a_crew_that_somebody_edited_in_between_is_not_overwritten(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    edited = rename(crewgen, stored)
    with pytest.raises(EditConflict, match="Version 2 of this crew was saved"):
        crewgen.optimizing.apply(kept.row.id, [0], stored.number)
    assert crewgen.crews.get(stored.crew_id) == edited
    assert crewgen.optimizing.get(kept.row.id).row.applied == ()


def test_changes_are_added_to_an_edited_crew_and_the_edit_stays(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    optimizing = crewgen.optimizing
    first = optimizing.apply(kept.row.id, [0], 1)
    edited = rename(crewgen, first)
    both = optimizing.apply(kept.row.id, [0, 1], edited.number)
    assert both.crew == apply_change(edited.crew, kept.result.changes[1])
    assert both.crew.name == "Renamed by somebody"
    assert optimizing.get(kept.row.id).row.applied == (0, 1)


def test_taking_changes_out_of_an_edited_crew_is_refused_with_what_to_do(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    optimizing = crewgen.optimizing
    edited = rename(crewgen, optimizing.apply(kept.row.id, [0], 1))
    with pytest.raises(EditConflict, match="The crew was edited after these changes were applied") as refused:
        optimizing.apply(kept.row.id, [], edited.number)
    assert "Versions" in refused.value.hint
    added = optimizing.apply(kept.row.id, [0, 1], edited.number)
    with pytest.raises(EditConflict):  # the edit is older than the newest change, and must not be lost all the same
        optimizing.apply(kept.row.id, [1], added.number)
    assert crewgen.crews.get(stored.crew_id) == added


def test_changes_that_were_applied_before_an_edit_are_not_applied_twice(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    edited = rename(crewgen, crewgen.optimizing.apply(kept.row.id, [0], 1))
    with pytest.raises(EditConflict, match="applied before, and the crew was edited since") as refused:
        crewgen.optimizing.apply(kept.row.id, [0], edited.number)
    assert refused.value.hint.startswith("Optimize the crew as it is now")


def test_after_going_back_to_the_version_before_everything_can_be_applied_again(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    first = crewgen.optimizing.apply(kept.row.id, [0, 1], 1)
    back = crewgen.crews.revert(stored.crew_id, 1, first.number)
    again = crewgen.optimizing.apply(kept.row.id, [0, 1], back.number)
    assert again.crew == first.crew
    assert again.number == 4
    single = crewgen.optimizing.apply(kept.row.id, [1], again.number)
    assert single.crew == apply_all(stored.crew, kept.result, [1])


def test_an_optimization_can_be_undone_after_a_later_one_was_undone(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    optimizing = crewgen.optimizing
    first = optimizing.apply(kept.row.id, [0], 1)
    later = optimizing.optimize_stored(stored.crew_id, "speed", Limits(least_success=0.01, budget_usd=Decimal(5)))
    assert later.result.changes
    second = optimizing.apply(later.row.id, range(later.row.change_count), first.number)
    with pytest.raises(EditConflict):
        optimizing.apply(kept.row.id, [], second.number)
    third = optimizing.apply(later.row.id, [], second.number)
    assert third.crew == first.crew
    assert optimizing.apply(kept.row.id, [], third.number).crew == stored.crew


def test_changes_for_a_part_that_is_gone_are_refused(crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization):
    other = build(LAUNCH)
    replaced = crewgen.crews.save_version(stored.crew_id, other, "Another crew", stored.number)
    with pytest.raises(ChangeDoesNotFit):
        crewgen.optimizing.apply(kept.row.id, range(kept.row.change_count), replaced.number)
    assert crewgen.crews.get(stored.crew_id) == replaced


def test_changes_that_would_bring_an_error_into_an_edited_crew_are_refused(crewgen: Crewgen):
    stored = crewgen.crews.save(build(CHURN), CHURN)
    limits = Limits(least_success=stored.estimate.success.p50 + 0.01, budget_usd=Decimal(10), keep_process=True)
    made = crewgen.optimizing.optimize_stored(stored.crew_id, "quality", limits)
    added = [
        (at, edit.value["key"])
        for at, change in enumerate(made.result.changes)
        for edit in change.edits
        if edit.op == "add" and edit.path == "tasks" and isinstance(edit.value, dict)
    ]
    assert added, [change.title for change in made.result.changes]
    at, key = added[0]
    same = Task(key=str(key), name="Archive", description="Archive it.", agent=stored.crew.agents[0].key)
    crew = stored.crew.model_copy(update={"tasks": (*stored.crew.tasks, same)})
    edited = crewgen.crews.save_version(stored.crew_id, crew, "A task of the same key", stored.number)
    with pytest.raises(ChangeDoesNotFit, match="would have an error"):
        crewgen.optimizing.apply(made.row.id, [at], edited.number)
    assert crewgen.crews.get(stored.crew_id) == edited


@pytest.mark.parametrize("chosen", [[99], [-1], [0, 1_000_000]])
def test_a_change_that_is_not_there_is_named(crewgen: Crewgen, kept: StoredOptimization, chosen: list[int]):
    count = kept.row.change_count
    with pytest.raises(NotFound, match=f"has no change {chosen[-1] + 1}") as fault:
        crewgen.optimizing.apply(kept.row.id, chosen, 1)
    assert fault.value.hint == f"Its changes are 1 to {count}."


def test_an_unknown_optimization_crew_or_version_is_not_found(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    optimizing = crewgen.optimizing
    for ask in (
        lambda: optimizing.get(99),
        lambda: optimizing.apply(99, [], 1),
        lambda: optimizing.apply(kept.row.id, [0], 7),
        lambda: optimizing.optimize_stored(99, "cost"),
        lambda: optimizing.optimize_stored(stored.crew_id, "cost", number=9),
    ):
        with pytest.raises(NotFound):
            ask()
    assert optimizing.list_of(99) == ()


def test_of_two_who_apply_at_once_one_is_told_of_the_other(
    crewgen: Crewgen, stored: StoredCrew, kept: StoredOptimization
):
    def apply(at: int) -> StoredCrew | EditConflict:
        try:
            return crewgen.optimizing.apply(kept.row.id, [at], stored.number)
        except EditConflict as conflict:
            return conflict

    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(apply, (0, 1)))
    saved = [one for one in ended if isinstance(one, StoredCrew)]
    assert len(saved) == 1
    assert crewgen.crews.get(stored.crew_id) == saved[0]
    assert crewgen.optimizing.get(kept.row.id).row.applied == (ended.index(saved[0]),)


def test_two_who_optimize_the_same_crew_at_once_get_the_same(crewgen: Crewgen, stored: StoredCrew):
    asked = [(goal, stored.crew_id) for goal in (*GOALS, *GOALS)]
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda one: crewgen.optimizing.optimize_stored(one[1], one[0]), asked))
    assert len({one.row.id for one in made}) == len(asked)
    for first, second in zip(made[: len(GOALS)], made[len(GOALS) :], strict=True):
        assert _without_time(first.result) == _without_time(second.result)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_an_unknown_goal_is_refused_before_anything_is_done(crewgen: Crewgen, stored: StoredCrew):
    with pytest.raises(CannotOptimize, match='There is no goal "quik"') as refused:
        crewgen.optimizing.optimize_stored(stored.crew_id, "quik")
    assert "performance, cost, speed, quality, balanced" in refused.value.hint
    with pytest.raises(CannotOptimize, match='There is no goal ""'):
        crewgen.optimizing.optimize(Crew(), "", None)
    assert crewgen.optimizing.list_of(stored.crew_id) == ()


def test_a_crew_with_errors_is_refused_with_the_error_and_nothing_is_kept(crewgen: Crewgen):
    crew = build(CHURN)
    tasks = (*crew.tasks[:-1], crew.tasks[-1].model_copy(update={"agent": "nobody"}))
    stored = crewgen.crews.save(crew.model_copy(update={"tasks": tasks}), CHURN)
    assert stored.report.errors
    with pytest.raises(CannotOptimize) as refused:
        crewgen.optimizing.optimize_stored(stored.crew_id, "cost")
    assert stored.report.errors[0].message in str(refused.value)
    assert crewgen.optimizing.list_of(stored.crew_id) == ()


def test_an_agent_to_keep_that_is_not_there_is_named(crewgen: Crewgen, stored: StoredCrew):
    with pytest.raises(CannotOptimize, match='There is no agent "nobody" to keep'):
        crewgen.optimizing.optimize_stored(stored.crew_id, "cost", Limits(fixed_agents=("nobody",)))


@pytest.mark.parametrize("providers", [("nosuch",), ("openai", "nosuch")])
def test_a_provider_without_models_is_named(crewgen: Crewgen, stored: StoredCrew, providers: tuple[str, ...]):
    with pytest.raises(CannotOptimize, match='No model of a provider "nosuch"') as refused:
        crewgen.optimizing.optimize_stored(stored.crew_id, "cost", Limits(providers=providers))
    assert "openai" in refused.value.hint


@pytest.mark.parametrize(
    ("model", "sentence", "hint"),
    [
        ("openai/gpt-5-minni", "The price of a model openai/gpt-5-minni is not known", "Did you mean "),
        ("no such model", "The price of a model no such model is not known", "Correct the name"),
        ("", "The price of a model  is not known", "Correct the name"),
        ("x" * 500, "is not known", "enter its prices under Settings"),
        ("ollama/llama3", "The model ollama/llama3 has no known score", "enter its score under Settings"),
    ],
)
def test_a_model_that_cannot_be_compared_is_named_with_what_to_do(
    crewgen: Crewgen, stored: StoredCrew, model: str, sentence: str, hint: str
):
    for ask in (
        lambda limits: crewgen.optimizing.optimize(stored.crew, "cost", limits, CHURN),
        lambda limits: next(crewgen.optimizing.find_frontier(stored.crew, limits, CHURN)),
    ):
        with pytest.raises(CannotOptimize) as refused:
            ask(Limits(models=("openai/gpt-5-mini", model)))
        assert sentence in str(refused.value)
        assert len(str(refused.value)) < 200
        assert hint in refused.value.hint


def test_a_model_whose_score_was_entered_can_be_given_to_agents(crewgen: Crewgen, stored: StoredCrew):
    limits = Limits(models=("ollama/llama3",), least_success=0.01)
    crewgen.models.correct(ModelCorrection(model="ollama/llama3", eci=140, source="Own tests"))
    made = crewgen.optimizing.optimize(stored.crew, "cost", limits, CHURN)
    assert "ollama/llama3" in str(made.changes)


def test_an_empty_choice_of_models_leaves_every_agent_its_own(crewgen: Crewgen, stored: StoredCrew):
    for limits in (Limits(models=(), least_success=0.01), Limits(providers=(), least_success=0.01)):
        made = crewgen.optimizing.optimize(stored.crew, "balanced", limits, CHURN)
        after = apply_all(stored.crew, made)
        assert {agent.model for agent in after.agents} <= {None, crewgen.settings.run_model}


@pytest.mark.parametrize("of", ["agent", "manager"])
def test_a_crew_with_a_model_without_price_is_refused_in_a_sentence(crewgen: Crewgen, of: str):
    crew = build(CHURN)
    if of == "agent":
        agents = (crew.agents[0].model_copy(update={"model": "nobody/nothing"}), *crew.agents[1:])
        crew = crew.model_copy(update={"agents": agents})
    else:
        boss = Manager(goal="Lead.", backstory="You lead.", model="nobody/nothing")
        update = {"process": "hierarchical", "coordination": "hierarchical", "oversight": "light", "manager": boss}
        update["tasks"] = tuple(task.model_copy(update={"async_execution": False}) for task in crew.tasks)
        crew = crew.model_copy(update=update)
    with pytest.raises(CannotOptimize, match="The price of nobody/nothing is not known"):
        crewgen.optimizing.optimize(crew, "cost", None, CHURN)


# --- what the objective says ------------------------------------------------------------------------------------------


def test_budget_and_deadline_of_the_objective_count_where_none_is_given(crewgen: Crewgen, stored: StoredCrew):
    objective = Objective(text=f"{CHURN.text} In under 45 minutes for less than $2.")
    assert crewgen.analyze(objective).constraints.budget_usd == Decimal(2)
    made = crewgen.optimizing.optimize(stored.crew, "performance", None, objective)
    assert (made.limits.budget_usd, made.limits.deadline_minutes) == (Decimal(2), 45)
    assert made.stated == ("budget_usd", "deadline_minutes")
    assert made.verdict.endswith("The objective itself asks for a budget of $2.00 and a deadline of 45 min.")
    assert made.after.cost_usd
    assert made.after.cost_usd.p50 <= 2
    assert made.after.duration_s.p50 <= 45 * 60


def test_limits_beside_the_text_of_the_objective_count_too(crewgen: Crewgen):
    objective = CHURN.model_copy(update={"budget_usd": Decimal("0.5"), "deadline_minutes": 12.0, "max_agents": 5})
    stored = crewgen.crews.save(build(CHURN), objective)
    result = crewgen.optimizing.optimize_stored(stored.crew_id, "speed").result
    limits = result.limits
    assert (limits.budget_usd, limits.deadline_minutes, limits.max_agents) == (Decimal("0.5"), 12, 5)
    assert result.verdict.endswith(
        "The objective itself asks for a budget of $0.50 and a deadline of 12 min and a team of at most 5 agents."
    )


def test_limits_of_the_person_go_before_those_of_the_objective(crewgen: Crewgen, stored: StoredCrew):
    objective = CHURN.model_copy(update={"budget_usd": Decimal(2), "deadline_minutes": 45.0, "max_agents": 5})
    limits = Limits(budget_usd=Decimal("0.2"), deadline_minutes=600, max_agents=9)
    made = crewgen.optimizing.optimize(stored.crew, "balanced", limits, objective)
    assert made.limits.model_copy(update={"least_success": None}) == limits
    assert made.stated == ()
    assert "objective" not in made.verdict


def test_limits_that_an_objective_states_can_be_asked_for(crewgen: Crewgen):
    objective = Objective(text=f"{CHURN.text} In under 45 minutes for less than $2.", max_agents=4)
    stated = crewgen.optimizing.read_stated(objective)
    assert stated == Limits(budget_usd=Decimal(2), deadline_minutes=45, max_agents=4)
    assert crewgen.optimizing.read_stated(CHURN) == crewgen.optimizing.read_stated(None) == Limits()


def test_limits_of_the_objective_can_be_set_aside(crewgen: Crewgen, stored: StoredCrew):
    objective = CHURN.model_copy(update={"budget_usd": Decimal(2), "deadline_minutes": 45.0, "max_agents": 5})
    made = crewgen.optimizing.optimize(stored.crew, "cost", Limits(beyond_objective=True), objective)
    assert (made.limits.budget_usd, made.limits.deadline_minutes) == (None, None)
    assert made.limits.max_agents == 5, "how large the team is belongs to the crew, not to its runs"


def test_a_budget_of_the_objective_that_no_crew_keeps_is_told(crewgen: Crewgen, stored: StoredCrew):
    objective = CHURN.model_copy(update={"budget_usd": Decimal("0.000001")})
    made = crewgen.optimizing.optimize(stored.crew, "performance", None, objective)
    assert not made.feasible
    assert made.verdict.startswith("No crew keeps a budget of ")
    assert made.verdict.endswith("The objective itself asks for a budget of less than $0.0001.")


@pytest.mark.parametrize("text", ["for $0", "in 0 minutes", "with 0 agents", "with 5000 agents", "in 9999999 minutes"])
def test_limits_that_nobody_could_keep_are_no_limits(crewgen: Crewgen, stored: StoredCrew, text: str):
    made = crewgen.optimizing.optimize(stored.crew, "cost", None, Objective(text=f"{CHURN.text} Do it {text}."))
    assert made.feasible
    assert made.stated == ()


def test_only_models_that_the_objective_allows_are_given(crewgen: Crewgen, stored: StoredCrew):
    objective = CHURN.model_copy(update={"allowed_models": ("openai/gpt-5-mini", crewgen.settings.run_model)})
    limits = Limits(least_success=0.01)
    after = apply_all(stored.crew, made := crewgen.optimizing.optimize(stored.crew, "cost", limits, objective))
    assert {agent.model for agent in after.agents} <= {None, "gpt-5-mini", *(objective.allowed_models or ())}
    assert made.proof.models_considered == 2, "however their names are spelled"
    with pytest.raises(CannotOptimize, match="The objective does not allow the model gemini/") as refused:
        crewgen.optimizing.optimize(stored.crew, "cost", Limits(models=("gemini/gemini-2.5-pro",)), objective)
    assert "openai/gpt-5-mini" in refused.value.hint
    named = crewgen.optimizing.optimize(stored.crew, "cost", Limits(models=("gpt-5-mini",)), objective)
    assert named.proof.models_considered == 2, "the one that is named, and the one that the crew has"


def test_the_team_of_the_objective_is_kept_by_the_frontier_too(crewgen: Crewgen):
    limits = Limits(models=("gpt-5-mini", "gpt-6-sol"), keep_reviews=True)
    free = [point.agents for point in crewgen.optimizing.find_frontier(SINGLE, limits, CHURN)]
    assert max(free) == 2, "a second agent with another model helps"
    alone = CHURN.model_copy(update={"max_agents": 1})
    assert {point.agents for point in crewgen.optimizing.find_frontier(SINGLE, limits, alone)} == {1}


def test_added_reviewers_count_among_the_most_agents(crewgen: Crewgen):
    limits = Limits(max_agents=1, models=(), budget_usd=Decimal(10))
    made = crewgen.optimizing.optimize(SINGLE, "performance", limits)
    assert len(apply_all(SINGLE, made).agents) == 1


def test_a_crew_that_gains_a_second_agent_is_not_called_solo_any_more(crewgen: Crewgen):
    made = crewgen.optimizing.optimize(SINGLE, "performance", Limits(models=(), budget_usd=Decimal(10)))
    after = apply_all(SINGLE, made)
    assert len(after.agents) == 2
    assert after.coordination != "solo"


def test_an_objective_that_cannot_be_understood_does_not_stand_in_the_way(crewgen: Crewgen, stored: StoredCrew):
    made = crewgen.optimizing.optimize(stored.crew, "cost", None, Objective(text="Ok!"))
    assert made.before.cost_usd == crewgen.review(stored.crew)[1].cost_usd


def test_optimizing_begins_with_the_figures_that_the_review_shows(crewgen: Crewgen, stored: StoredCrew):
    for objective in (CHURN, None):
        made = crewgen.optimizing.optimize(stored.crew, "cost", None, objective)
        estimate = crewgen.review(stored.crew, objective)[1]
        assert (made.before.cost_usd, made.before.success) == (estimate.cost_usd, estimate.success)


# --- what is kept ready -----------------------------------------------------------------------------------------------


def test_a_corrected_price_counts_at_once(crewgen: Crewgen, stored: StoredCrew):
    name = crewgen.settings.run_model
    before = crewgen.optimizing.optimize(stored.crew, "cost", Limits(models=()), CHURN)
    crewgen.models.correct(ModelCorrection(model=name, input_usd=Decimal(9), output_usd=Decimal(90), source="Contract"))
    after = crewgen.optimizing.optimize(stored.crew, "cost", Limits(models=()), CHURN)
    assert before.before.cost_usd and after.before.cost_usd
    assert after.before.cost_usd.p50 > 5 * before.before.cost_usd.p50
    crewgen.models.forget(name)
    assert crewgen.optimizing.optimize(stored.crew, "cost", Limits(models=()), CHURN).before == before.before


def test_more_crews_than_are_kept_ready_can_be_optimized_in_turn(crewgen: Crewgen):
    limits = Limits(keep_process=True)
    first = crewgen.optimizing.optimize(SINGLE, "cost", limits)
    for number in range(MOST_KEPT + 1):
        crew = SINGLE.model_copy(update={"name": f"Crew {number}"})
        assert crewgen.optimizing.optimize(crew, "cost", limits).after == first.after
    assert crewgen.optimizing.optimize(SINGLE, "cost", limits).after == first.after


# --- any part of any optimization -------------------------------------------------------------------------------------

REAL = st.tuples(
    st.sampled_from([text for text in BENCHMARKED if text.strip()]),
    st.sampled_from(GOALS),
    st.sampled_from(
        [
            Limits(),
            Limits(new_tools=True, least_success=0.01),
            Limits(new_tools=True, max_agents=2),
            Limits(keep_process=True, least_success=0.01),
            Limits(providers=("anthropic",), least_success=0.01, budget_usd=Decimal(20)),
        ]
    ),
)


@settings(max_examples=15)
@given(REAL)
def test_any_part_of_a_real_optimization_gives_a_sound_crew_or_says_that_it_does_not_fit(
    asked: tuple[str, Goal, Limits],
):
    text, goal, limits = asked
    objective = Objective(text=text)
    crew, analysis = build(objective), front_door().analyze(objective)
    made = front_door().optimizing.optimize(crew, goal, limits, objective)
    every = range(len(made.changes))
    for chosen in (part for size in range(min(len(every), 6) + 1) for part in combinations(every, size)):
        try:
            changed = apply_all(crew, made, chosen)
        except ChangeDoesNotFit as fault:
            assert str(fault).endswith(".")
            assert len(chosen) not in (1, len(every)), "each alone and all together must fit"
            continue
        errors = validate(changed, front_door().catalog, analysis).errors
        assert not errors, (errors[0].message, [made.changes[at].title for at in chosen])
