import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.constants import load_constants
from crewgen_core.estimation.estimate import estimate
from crewgen_core.estimation.success import crew_load
from crewgen_core.estimation.work import read_crew
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.estimate import Estimate
from tests.support.any_crew import crews, tasks
from tests.support.estimation import SKILLS, make_profile, small_catalog

CATALOG = small_catalog()
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def estimate_crew(crew: Crew, horizon: float = 200.0, usd_in: str | None = "1") -> Estimate:
    profiles = {name: make_profile(name, horizon, usd_in) for name in ("m", "n")}
    return estimate(crew, profiles, CATALOG, default_model="m")


def load(crew: Crew) -> float:
    profiles = {name: make_profile(name) for name in ("m", "n")}
    return crew_load(read_crew(crew, profiles, CATALOG, "m"), 1, load_constants())


@QUIET
@given(crews())
def test_any_crew_gets_an_estimate_within_its_bounds(crew: Crew) -> None:
    found = estimate_crew(crew)
    for success in [found.success, *(task.success for task in found.by_task)]:
        assert 0 <= success.p10 <= success.p50 <= success.p90 <= 1
    assert found.cost_usd is not None
    assert 0 <= found.cost_usd.p10 <= found.cost_usd.p50 <= found.cost_usd.p90
    assert 0 <= found.tokens.p10 <= found.tokens.p50 <= found.tokens.p90
    assert 0 <= found.duration_s.p10 <= found.duration_s.p50 <= found.duration_s.p90
    at_once = {task.key for task in crew.tasks if task.async_execution}
    if not any(task.key in at_once and at_once.intersection(task.depends_on) for task in crew.tasks):
        # CrewAI refuses a task that runs at once with one it builds on: nobody can wait for the chain then
        assert found.critical_path_s <= found.duration_s.p50 * 1.03  # the median of 10,000 runs is known to about 1 %
    assert len(found.by_task) == len(crew.tasks)


@QUIET
@given(crews(least_tasks=1), st.floats(1, 960), st.floats(1, 960))
def test_a_better_model_never_lowers_success(crew: Crew, one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert estimate_crew(crew, worse).success.p50 <= estimate_crew(crew, better).success.p50 + 1e-12


@QUIET
@given(crews(least_tasks=1), st.integers(0, 7), st.floats(0, 10_000))
def test_more_human_minutes_never_raise_success_nor_lower_cost(crew: Crew, at: int, more: float) -> None:
    at %= len(crew.tasks)
    task = crew.tasks[at]
    longer = task.model_copy(update={"human_minutes": task.human_minutes + more})
    harder = crew.model_copy(update={"tasks": (*crew.tasks[:at], longer, *crew.tasks[at + 1 :])})
    before, after = estimate_crew(crew), estimate_crew(harder)
    assert after.success.p50 <= before.success.p50 + 1e-12
    assert costs(after) >= costs(before) - Decimal("0.000001")
    assert after.duration_s.p50 >= before.duration_s.p50 * (1 - 1e-9)


@QUIET
@given(crews(least_tasks=1), tasks())
def test_one_more_task_never_lowers_cost_or_duration(crew: Crew, task: Task) -> None:
    crew = crew.model_copy(update={"oversight": "none"})
    added = task.model_copy(update={"key": "another"})
    before, after = estimate_crew(crew), estimate_crew(crew.model_copy(update={"tasks": (*crew.tasks, added)}))
    assert costs(after) >= costs(before)
    assert after.duration_s.p50 >= before.duration_s.p50 * (1 - 1e-9)
    assert after.tokens.p50 >= before.tokens.p50


def costs(found: Estimate) -> Decimal:
    assert found.cost_usd is not None
    return found.cost_usd.p50


@QUIET
@given(crews(least_tasks=1))
def test_a_review_that_is_added_never_raises_the_load(crew: Crew) -> None:
    reviewed = crew.tasks[-1].key
    review = Task(key="review", name="Check it", agent="a0", skills=("fact_checking",), depends_on=(reviewed,))
    assert load(crew.model_copy(update={"tasks": (*crew.tasks, review)})) <= load(crew) + 1e-12
    asked = crew.tasks[-1].model_copy(update={"human_input": True})
    assert load(crew.model_copy(update={"tasks": (*crew.tasks[:-1], asked)})) <= load(crew) + 1e-12


@QUIET
@given(crews(least_tasks=1))
def test_more_oversight_by_a_manager_never_raises_the_load(crew: Crew) -> None:
    managed = crew.model_copy(update={"process": "hierarchical"})
    levels = ("none", "light", "moderate", "intensive")
    loads = [load(managed.model_copy(update={"oversight": level})) for level in levels]
    assert loads == sorted(loads, reverse=True)


@QUIET
@given(crews(least_tasks=1), st.floats(0, 10_000))
def test_more_human_minutes_never_lower_the_load(crew: Crew, more: float) -> None:
    tasks = tuple(task.model_copy(update={"human_minutes": task.human_minutes + more}) for task in crew.tasks)
    assert load(crew.model_copy(update={"tasks": tasks})) >= load(crew) - 1e-12


@QUIET
@given(crews(least_tasks=1))
def test_work_that_needs_no_tool_is_not_penalised_for_having_none(crew: Crew) -> None:
    bare = tuple(agent.model_copy(update={"tools": ()}) for agent in crew.agents)
    planning = tuple(task.model_copy(update={"tools": (), "skills": ("scheduling",)}) for task in crew.tasks)
    without = crew.model_copy(update={"agents": bare, "tasks": planning})
    granted = without.model_copy(
        update={"tasks": tuple(it.model_copy(update={"tools": ("web_search", "read_file")}) for it in planning)}
    )
    assert load(without) == load(granted)
    assert costs(estimate_crew(without)) <= costs(estimate_crew(granted))


@QUIET
@given(crews(least_tasks=1))
def test_giving_all_work_to_one_agent_and_back_leaves_every_figure(crew: Crew) -> None:
    everything = tuple(SkillLevel(name=name) for name in SKILLS)
    twins = tuple(Agent(key=key, role="R", skills=everything) for key in ("a0", "a1"))
    tasks = tuple(task.model_copy(update={"agent": twins[at % 2].key}) for at, task in enumerate(crew.tasks))
    plain = {"agents": twins, "tasks": tasks, "process": "sequential", "coordination": "sequential"}
    shared = crew.model_copy(update=plain)
    merged = shared.model_copy(
        update={"agents": twins[:1], "tasks": tuple(task.model_copy(update={"agent": "a0"}) for task in tasks)}
    )
    one, two = estimate_crew(merged), estimate_crew(shared)
    assert (one.success, one.cost_usd, one.duration_s, one.tokens) == (
        two.success,
        two.cost_usd,
        two.duration_s,
        two.tokens,
    )
    assert estimate_crew(merged.model_copy(update={"agents": twins, "tasks": tasks})) == two


@QUIET
@given(crews(least_tasks=1))
def test_an_unknown_price_stays_unknown(crew: Crew) -> None:
    found = estimate_crew(crew, usd_in=None)
    assert found.cost_usd is None
    assert all(task.cost_usd is None for task in found.by_task)
    assert all(agent.cost_usd is None for agent in found.by_agent)


def two_tasks(**changes: object) -> Crew:
    skilled = (SkillLevel(name="market_research"), SkillLevel(name="brief_writing"))
    return Crew(
        agents=(
            Agent(key="r", role="Researcher", skills=skilled, tools=("web_search",)),
            Agent(key="w", role="Writer", skills=skilled, model="n"),
        ),
        tasks=(
            Task(key="find", name="Find it", agent="r", skills=("market_research",), human_minutes=60),
            Task(key="tell", name="Tell it", agent="w", skills=("brief_writing",), depends_on=("find",)),
        ),
        **changes,
    )


def test_the_price_of_one_model_is_enough_to_make_the_sum_unknown() -> None:
    profiles = {"m": make_profile("m"), "n": make_profile("n", usd_in=None)}
    found = estimate(two_tasks(), profiles, CATALOG, default_model="m")
    assert found.cost_usd is None
    assert found.by_task[0].cost_usd is not None
    assert found.by_agent[1].cost_usd is None


def test_a_crew_without_tasks_costs_nothing_and_cannot_succeed() -> None:
    found = estimate_crew(Crew())
    assert found.success.p90 == found.duration_s.p90 == found.tokens.p90 == 0
    assert found.cost_usd is not None
    assert found.cost_usd.p90 == 0
    assert found.by_task == ()
    assert "no tasks" in found.unknowns[0]


def test_fifty_agents_and_five_hundred_tasks_are_estimated() -> None:
    crew = Crew(
        agents=tuple(Agent(key=f"a{at}", role="R") for at in range(50)),
        tasks=tuple(
            Task(key=f"t{at}", name="Do", agent=f"a{at % 50}", depends_on=(f"t{(at + 1) % 500}",)) for at in range(500)
        ),
    )
    found = estimate_crew(crew)
    assert len(found.by_agent) == 50
    assert len(found.by_task) == 500


def test_the_same_crew_always_gets_the_same_estimate() -> None:
    assert estimate_crew(two_tasks()) == estimate_crew(two_tasks())


def test_a_task_keeps_its_own_figures_when_another_is_added_behind_it() -> None:
    crew = two_tasks()
    assert estimate_crew(crew).by_task[0] == estimate_crew(crew.model_copy(update={"tasks": crew.tasks[:1]})).by_task[0]


def test_shares_of_agents_add_up_to_the_tokens_of_the_tasks() -> None:
    found = estimate_crew(two_tasks())
    by_task = sum(task.tokens_in.p50 + task.tokens_out.p50 for task in found.by_task)
    assert sum(agent.tokens.p50 for agent in found.by_agent) == pytest.approx(by_task)


def test_a_manager_costs_calls_of_its_own() -> None:
    alone, managed = estimate_crew(two_tasks()), estimate_crew(two_tasks(process="hierarchical", manager=Manager()))
    manager = managed.by_agent[-1]
    assert manager.agent == "manager"
    assert manager.calls >= 2 * 2
    assert managed.tokens.p50 > alone.tokens.p50
    assert managed.duration_s.p50 > alone.duration_s.p50


@pytest.mark.parametrize("key", ["manager", "nobody"])
def test_an_agent_that_goes_by_the_key_of_somebody_else_keeps_its_share(key: str) -> None:
    crew = two_tasks(process="hierarchical", manager=Manager())
    named = crew.model_copy(
        update={
            "agents": (crew.agents[0].model_copy(update={"key": key}), crew.agents[1]),
            "tasks": (crew.tasks[0].model_copy(update={"agent": key}), crew.tasks[1].model_copy(update={"agent": "x"})),
        }
    )
    found = estimate_crew(named)
    assert [share.agent for share in found.by_agent] == [key, "nobody", "manager"]
    calls = sum(task.calls for task in found.by_task)
    assert sum(share.calls for share in found.by_agent[:-1]) == pytest.approx(calls)


def test_oversight_without_a_manager_changes_nothing() -> None:
    plain, watched = estimate_crew(two_tasks()), estimate_crew(two_tasks(oversight="intensive"))
    assert plain == watched


def test_a_model_without_a_score_widens_the_interval() -> None:
    known = {"m": make_profile("m"), "n": make_profile("n")}
    unknown = {name: profile.model_copy(update={"horizon_sd": 1.67}) for name, profile in known.items()}
    narrow = estimate(two_tasks(), known, CATALOG, default_model="m").success
    wide = estimate(two_tasks(), unknown, CATALOG, default_model="m").success
    assert wide.p50 == narrow.p50
    assert wide.p10 < narrow.p10
    assert wide.p90 > narrow.p90


def test_a_harder_domain_lowers_success_and_an_unknown_one_is_named() -> None:
    profiles = {name: make_profile(name) for name in ("m", "n")}
    soft = estimate(two_tasks(), profiles, CATALOG, default_model="m", domain="software")
    law = estimate(two_tasks(), profiles, CATALOG, default_model="m", domain="legal")
    none = estimate(two_tasks(), profiles, CATALOG, default_model="m", domain="nowhere")
    assert law.success.p50 < none.success.p50 < soft.success.p50
    assert any("domain is not known" in sentence for sentence in none.unknowns)
    assert not any("domain is not known" in sentence for sentence in law.unknowns)


def test_every_figure_of_the_basis_has_a_source() -> None:
    found = estimate_crew(two_tasks(process="hierarchical", oversight="moderate"))
    names = [item.name for item in found.basis]
    assert len(names) == len(set(names)) > 20
    assert all(item.value and item.unit and item.source for item in found.basis)


def test_gaps_of_a_broken_crew_are_said_in_sentences() -> None:
    crew = Crew(tasks=(Task(key="a", name="A", agent="ghost", depends_on=("b", "a")), Task(key="b", name="B")))
    sentences = " ".join(estimate_crew(crew).unknowns)
    assert 'Task "a" depends on "b", "a"' in sentences
    assert 'Task "a" has no agent' in sentences
    assert 'Task "b" has no agent' in sentences


def test_that_no_own_outcomes_are_behind_an_estimate_is_said() -> None:
    found = estimate_crew(two_tasks())
    assert found.own_outcomes == 0
    assert not found.calibrated
    assert any("No outcomes of own runs" in sentence for sentence in found.unknowns)


def test_numpy_is_imported_only_for_the_first_estimate() -> None:
    code = "import sys, crewgen_core.estimation.estimate, crewgen_core.estimation.models; print('numpy' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "False"
