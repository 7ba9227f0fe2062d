from decimal import Decimal
from functools import cache

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.errors import CannotOptimize
from crewgen_core.models.change import apply_change, apply_changes
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import GOALS, Goal, Limits, Optimization
from crewgen_core.optimization.frontier import find_frontier
from crewgen_core.optimization.goals import check_goal
from crewgen_core.optimization.optimize import optimize
from crewgen_core.optimization.optimizer import Optimizer, keeps
from crewgen_core.settings import Settings
from crewgen_core.validation.validate import validate

OBJECTIVES = (
    "Find out why churn rose in Q3 from our subscription exports and write a two-page brief with recommendations.",
    "Compare the pricing of three competitors and recommend a price for our new analytics plan.",
    "Write a product launch plan with a press release, a blog post and five social media posts.",
    "Build a REST API for booking rooms, with tests and documentation.",
    "Translate our privacy policy into Spanish.",
    "Research solar subsidies in Spain, Italy and Portugal and write a report.",
)


@cache
def crewgen() -> Crewgen:
    return Crewgen(Settings(), {})


@cache
def optimizer(text: str, limits: Limits = Limits(), model: str = "gpt-5.6-luna") -> Optimizer:  # noqa: B008 frozen
    objective = Objective(text=text)
    crew = CatalogComposer(crewgen().catalog).build(crewgen().analyze(objective))
    agents = tuple(agent.model_copy(update={"model": model}) for agent in crew.agents)
    crew = crew.model_copy(update={"agents": agents})
    return Optimizer(crew, objective, crewgen().models.find_candidates(), limits, crewgen().knowledge)


@cache
def optimized(text: str, goal: Goal) -> Optimization:
    return optimize(optimizer(text), goal, Limits())


EVERY = [(text, goal) for text in OBJECTIVES for goal in GOALS]


@pytest.mark.parametrize(("text", "goal"), EVERY)
def test_all_changes_together_lead_to_the_figures_that_are_promised(text: str, goal: Goal) -> None:
    made = optimized(text, goal)
    crew = apply_changes(optimizer(text).crew, made.changes)
    estimate = optimizer(text).estimate(crew)
    assert made.after.success == estimate.success
    assert made.after.cost_usd == estimate.cost_usd
    assert made.after.duration_s == estimate.duration_s
    assert keeps(estimate, made.limits)


@pytest.mark.parametrize(("text", "goal"), EVERY)
def test_an_optimized_crew_has_no_finding_that_it_had_not_before(text: str, goal: Goal) -> None:
    before, made = optimizer(text).crew, optimized(text, goal)
    crew = apply_changes(before, made.changes)
    analysis = optimizer(text).analysis

    def grave(crew: Crew) -> set[str]:
        report = validate(crew, crewgen().catalog, analysis)
        return {finding.code for finding in report.findings if finding.severity != "advice"}

    assert grave(crew) <= grave(before)


@pytest.mark.parametrize(("text", "goal"), EVERY)
def test_each_change_fits_by_itself_and_leads_to_a_crew_that_crewai_builds(text: str, goal: Goal) -> None:
    crew = optimizer(text).crew
    for change in optimized(text, goal).changes:
        alone = apply_change(crew, change)
        assert not validate(alone, crewgen().catalog).errors, change.title
        assert change.reason
        estimate = optimizer(text).estimate(alone)
        assert change.effect is not None
        assert change.effect.cost_usd == estimate.cost_usd


@pytest.mark.parametrize("text", OBJECTIVES)
def test_each_goal_is_served_and_its_price_is_limited(text: str) -> None:
    made = {goal: optimized(text, goal) for goal in GOALS}
    today = optimizer(text).today
    assert today.cost_usd is not None
    cost = made["cost"]
    assert cost.after.cost_usd is not None
    assert cost.after.cost_usd.p50 <= today.cost_usd.p50
    assert cost.after.success.p50 >= today.success.p50 - 0.02 - 1e-9
    assert made["speed"].after.duration_s.p50 <= today.duration_s.p50
    best = made["performance"].after
    assert best.success.p50 >= today.success.p50
    assert best.cost_usd is not None
    assert best.cost_usd.p50 <= today.cost_usd.p50
    assert all(one.proof.optimal for one in made.values())


def test_a_budget_that_nothing_keeps_is_answered_with_the_extremes() -> None:
    made = optimize(optimizer(OBJECTIVES[0]), "performance", Limits(budget_usd=Decimal("0.000001")))
    assert not made.feasible
    assert made.changes == ()
    assert {"cheapest", "fastest", "most successful"} <= {variant.kind for variant in made.variants}
    assert made.verdict.startswith("No crew keeps a budget of ")
    assert "the cheapest costs" in made.verdict


def test_a_crew_that_is_the_best_already_is_left_as_it_is() -> None:
    first = optimizer(OBJECTIVES[4])
    best = apply_changes(first.crew, optimized(OBJECTIVES[4], "cost").changes)
    again = Optimizer(
        best, Objective(text=OBJECTIVES[4]), crewgen().models.find_candidates(), Limits(), crewgen().knowledge
    )
    made = optimize(again, "cost", Limits(least_success=optimized(OBJECTIVES[4], "cost").limits.least_success))
    assert made.changes == ()
    assert made.verdict.startswith("No improvement found")
    assert made.before == made.after


def test_limits_are_kept_by_a_typical_run() -> None:
    today = optimizer(OBJECTIVES[0]).today
    assert today.cost_usd is not None
    limits = Limits(
        budget_usd=today.cost_usd.p50 * 4, deadline_minutes=today.duration_s.p50 / 60 * 0.95, least_success=0.35
    )
    made = optimize(optimizer(OBJECTIVES[0]), "cost", limits)
    assert made.feasible
    assert made.after.success.p50 >= 0.35
    assert made.after.duration_s.p50 <= today.duration_s.p50 * 0.95 + 1e-6


def test_an_agent_that_is_fixed_keeps_model_and_tasks() -> None:
    crew = optimizer(OBJECTIVES[0]).crew
    fixed = crew.agents[0]
    own = optimizer(OBJECTIVES[0], Limits(fixed_agents=(fixed.key,)))
    after = apply_changes(crew, optimize(own, "cost", Limits()).changes)
    assert after.agent(fixed.key) == fixed
    assert {task.key for task in after.tasks_of(fixed.key)} == {task.key for task in crew.tasks_of(fixed.key)}


def test_a_reviewer_is_never_given_a_clearly_weaker_model() -> None:
    own = optimizer(OBJECTIVES[0])
    after = apply_changes(own.crew, optimized(OBJECTIVES[0], "cost").changes)
    reviewing = [task for task in own.crew.tasks if "review" in " ".join(task.skills)]
    assert reviewing
    for task in reviewing:
        agent = after.agent(after.task(task.key).agent)  # type: ignore[union-attr]
        model = crewgen().models.profile_of((agent and agent.model) or "")
        assert model.horizon_minutes >= 0.7 * crewgen().models.profile_of("gpt-5.6-luna").horizon_minutes


def test_agents_are_merged_where_fewer_are_allowed() -> None:
    text = OBJECTIVES[2]
    own = optimizer(text, Limits(max_agents=2, new_tools=True, keep_reviews=True))
    assert len(own.crew.agents) > 2
    made = optimize(own, "balanced", Limits())
    if made.feasible:
        assert len(apply_changes(own.crew, made.changes).agents) <= 2


def test_tasks_that_need_not_wait_run_at_the_same_time() -> None:
    skills = (SkillLevel(name="market research"),)
    agents = (Agent(key="a", role="Market Analyst", goal="Find.", backstory="Dates all.", skills=skills),)
    tasks = tuple(
        Task(
            key=key, name=f"Describe the market {key}", description="Describe it.", expected_output="A page.", agent="a"
        )
        for key in "abc"
    )
    last = Task(
        key="d", name="Join the three pages", description="Join.", expected_output="Three pages.", agent="a",
        depends_on=("a", "b", "c"),
    )  # fmt: skip
    crew = Crew(coordination="solo", agents=agents, tasks=(*tasks, last))
    own = Optimizer(crew, None, crewgen().models.find_candidates(), Limits(keep_reviews=True), crewgen().knowledge)
    made = optimize(own, "speed", Limits())
    assert any("at the same time" in change.title for change in made.changes)
    assert made.after.duration_s.p50 < 0.65 * made.before.duration_s.p50


def test_a_crew_with_errors_is_not_optimized() -> None:
    crew = Crew(agents=(), tasks=(Task(key="t", name="Do it"),))
    with pytest.raises(CannotOptimize, match="The crew has an error: "):
        Optimizer(crew, None, (), Limits(), crewgen().knowledge)
    with pytest.raises(CannotOptimize, match="no tasks"):
        Optimizer(Crew(), None, (), Limits(), crewgen().knowledge)


def test_an_unknown_goal_is_refused_with_the_known_ones() -> None:
    assert check_goal(" Cost ") == "cost"
    with pytest.raises(CannotOptimize, match='There is no goal "sped"') as refused:
        check_goal("sped")
    assert 'Did you mean "speed"?' in refused.value.hint


def test_no_point_of_the_frontier_is_beaten_by_another() -> None:
    points = list(find_frontier(optimizer(OBJECTIVES[1])))
    assert len(points) >= 5
    figures = [
        (float(point.effect.cost_usd.p50), point.effect.duration_s.p50, -point.effect.success.p50)  # type: ignore[union-attr]
        for point in points
        if point.kind == "frontier"
    ]
    for one in figures:
        assert not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in figures)


def test_an_optimization_tells_when_it_has_paid_for_the_design() -> None:
    made = optimize(optimizer(OBJECTIVES[0]), "cost", Limits(), Decimal("0.05"))
    assert made.before.cost_usd is not None
    assert made.after.cost_usd is not None
    saved = made.before.cost_usd.p50 - made.after.cost_usd.p50
    assert made.break_even_runs is not None
    assert (made.break_even_runs - 1) * saved < Decimal("0.05") <= made.break_even_runs * saved


def test_a_crew_whose_manager_decides_gets_agents_for_its_tasks_where_it_can_do_without_the_manager() -> None:
    crew = optimizer(OBJECTIVES[2]).crew
    managed = crew.model_copy(
        update={
            "process": "hierarchical",
            "coordination": "hierarchical",
            "oversight": "intensive",
            "manager": Manager(role="Launch Coordinator", goal="Bring the launch about.", backstory="You led ten."),
            "tasks": tuple(task.model_copy(update={"agent": None, "async_execution": False}) for task in crew.tasks),
        }
    )
    own = Optimizer(
        managed, Objective(text=OBJECTIVES[2]), crewgen().models.find_candidates(), Limits(), crewgen().knowledge
    )
    made = optimize(own, "cost", Limits(least_success=0.01))
    after = apply_changes(managed, made.changes)
    assert after.process == "sequential"
    assert all(task.agent for task in after.tasks)
    assert not validate(after, crewgen().catalog).errors
    for change in made.changes:
        assert not validate(apply_change(managed, change), crewgen().catalog).errors


def test_a_crew_that_is_larger_than_its_objective_allows_is_made_smaller() -> None:
    objective = Objective(text=OBJECTIVES[2], max_agents=2)
    own = Optimizer(
        optimizer(OBJECTIVES[2]).crew, objective, crewgen().models.find_candidates(),
        Limits(max_agents=2, new_tools=True), crewgen().knowledge,
    )  # fmt: skip
    made = optimize(own, "balanced", Limits(least_success=0.01))
    after = apply_changes(own.crew, made.changes)
    assert made.feasible
    assert len(own.crew.agents) > 2 >= len(after.agents)
    assert made.verdict.startswith("Today's crew does not keep the limits.")
