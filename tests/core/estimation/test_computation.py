"""The worked computation: every line can be redone with a calculator, and all of them say what the estimate says."""

import math
import re

import pytest
from hypothesis import HealthCheck, given, settings

from crewgen_core.catalog.constants import load_constants
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.estimation.computation.case import Case
from crewgen_core.estimation.computation.explain import explain_estimate
from crewgen_core.estimation.computation.model_lines import work_out_model
from crewgen_core.estimation.computation.writing import number
from crewgen_core.estimation.estimate import estimate
from crewgen_core.estimation.models import facts_for
from crewgen_core.models.computation import Computation, Line, Portion
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from tests.support.any_crew import crews
from tests.support.estimation import make_profile, small_catalog

CATALOG = small_catalog()
PROFILES = {
    "m": make_profile("m", hidden_tokens=800, first_answer_s=9.0),
    "n": make_profile("n", horizon=60, caching="prefix", cache_min_tokens=1_024),
}
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

UNITS = re.compile(r"\s(?:tokens/s|tokens|min(?!\()|s)(?=[\s),]|$)")


def calculate(formula: str) -> float:
    """Type a formula into a calculator: with its units left out."""
    text = UNITS.sub("", formula).replace("$", "").replace("−", "-").replace("×", "*")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text).replace("^", "**").replace("√", "sqrt")
    names = {"ln": math.log, "e": math.e, "sqrt": math.sqrt, "max": max, "min": min, "__builtins__": {}}
    return eval(text, names)  # noqa: S307 a formula of our own


def read(result: str) -> float:
    return float(re.match(r"[\d.−]+", result.replace("$", "").replace(",", ""))[0].replace("−", "-"))  # type: ignore[index]


def all_lines(made: Computation) -> list[Line]:
    lines = [*made.factors, *made.success, *made.tokens, *made.cost, *made.duration]
    lines += [line for model in made.models for line in model.lines]
    return lines + [line for task in made.tasks for line in (*task.success, *task.tokens, *task.cost, *task.duration)]


def explain(crew: Crew, **limits: float) -> Computation:
    return explain_estimate(crew, PROFILES, CATALOG, default_model="m", domain="software", **limits)


@SLOW
@given(crews())
def test_every_line_of_any_crew_can_be_redone_with_a_calculator(crew: Crew) -> None:
    for line in all_lines(explain(crew)):
        if line.formula:
            assert calculate(line.formula) == pytest.approx(read(line.result), rel=2e-3, abs=2e-4), str(line)


@SLOW
@given(crews(least_tasks=1))
def test_the_shares_of_tasks_and_of_agents_add_up_to_the_whole_and_to_the_estimate(crew: Crew) -> None:
    made = explain(crew)
    found = estimate(crew, PROFILES, CATALOG, default_model="m", domain="software")
    for kind in ("task", "agent"):
        parts = [part for part in made.portions if part.kind == kind]
        assert sum(part.of_tokens for part in parts) == pytest.approx(1)
        assert sum(part.of_seconds for part in parts) == pytest.approx(1)
        assert sum(part.of_cost or 0 for part in parts) == pytest.approx(1)
        assert sum(part.of_load for part in parts) in (0, pytest.approx(1))
    by_agent = {agent.agent: agent for agent in found.by_agent}
    for part in made.portions:
        if part.kind == "agent":
            assert part.tokens > 0
            assert by_agent[part.key].tokens.p50 >= part.tokens * 0.97  # the median of a sum lies above its parts'


@SLOW
@given(crews(least_tasks=1))
def test_what_is_worked_out_is_what_the_estimate_says(crew: Crew) -> None:
    made = explain(crew)
    found = estimate(crew, PROFILES, CATALOG, default_model="m", domain="software")
    lines = {line.name: line for line in made.success}
    for name, value in (("P50", found.success.p50), ("P10", found.success.p10), ("P90", found.success.p90)):
        assert read(lines[f"Chance of success ({name})"].result) == pytest.approx(value, rel=1e-4, abs=1e-8)
    assert found.cost_usd is not None
    base = made.sensitivity.base
    assert base.success == found.success.p50
    assert base.duration_s == found.duration_s.p50
    assert base.cost_usd == pytest.approx(float(found.cost_usd.p50), abs=1e-6)
    assert made.tokens[-1].result.startswith(", ".join(map(number, found.tokens.model_dump().values())))
    for task, own in zip(found.by_task, made.tasks, strict=True):
        (chance,) = (line for line in own.success if line.name.startswith("Chance of this task"))
        assert read(chance.result) == pytest.approx(task.success.p50, rel=1e-4, abs=1e-8)
    if made.duration_runs:
        assert made.duration_runs.quantiles == found.duration_s


def pair(**changes: object) -> Crew:
    skilled = (SkillLevel(name="market_research"),)
    first = Task(key="find", name="Find it", agent="r", skills=("market_research",), human_minutes=60)
    second = Task(key="tell", name="Tell it", agent="w", skills=("brief_writing",), depends_on=("find",))
    fields = {
        "agents": (
            Agent(key="r", role="Researcher", skills=skilled, tools=("web_search",)),
            Agent(key="w", role="Writer", model="n"),
        ),
        "tasks": (first, second.model_copy(update={"human_minutes": 30.0})),
    }
    return Crew.model_validate(fields | changes)


def line_of(lines: tuple[Line, ...], name: str) -> Line:
    return next(line for line in lines if line.name == name)


def test_the_load_of_a_task_is_told_with_its_numbers() -> None:
    made = explain(pair())
    assert str(line_of(made.tasks[0].success, "Load")) == "Load: 60 min × 1 / 200 min = 0.3"
    assert line_of(made.tasks[0].success, "Load that is left").why == "load × 1 helpful tool"
    assert "its agent is good at none of its skills" in line_of(made.tasks[1].success, "Load that is left").why


def test_a_manager_has_lines_and_a_share_of_its_own() -> None:
    made = explain(pair(process="hierarchical", oversight="intensive", manager=Manager(role="Boss")))
    assert line_of(made.tasks[0].tokens, "Runs").formula.startswith("1 + 0.3 × ")
    assert line_of(made.tasks[0].duration, "Time of the manager")
    assert made.portions[-1].name == "Boss"
    assert made.portions[-1].load == 0


def test_cached_prompts_are_told_and_priced_apart() -> None:
    price = PROFILES["n"].price
    assert price is not None
    cached = PROFILES["n"].model_copy(
        update={"price": price.model_copy(update={"cache_read_usd": price.input_usd / 10})}  # type: ignore[operator]
    )
    crew = pair()
    crew = crew.model_copy(update={"agents": (crew.agents[0].model_copy(update={"model": "n"}), crew.agents[1])})
    made = explain_estimate(crew, {"m": PROFILES["m"], "n": cached}, CATALOG, default_model="m")
    assert line_of(made.tasks[0].cost, "Read from the provider's cache")
    assert "read from the provider's cache" in line_of(made.tasks[0].cost, "Cost").why


def test_who_starts_when_and_the_critical_path_stand_beside_each_other() -> None:
    first, second = pair().tasks
    beside = Task(key="more", name="More", agent="r", human_minutes=200, async_execution=True)
    crew = pair(tasks=(first.model_copy(update={"async_execution": True}), beside, second))
    made = explain(crew)
    assert [slot.start_s for slot in made.slots][:2] == [0, 0]
    last = made.slots[2]
    assert last.after == max(made.slots[:2], key=lambda slot: slot.end_s).task
    assert last.start_s > last.ready_s or last.after == "find"
    shortest = read(line_of(made.duration, "Shortest possible, typical").result)
    assert shortest <= read(line_of(made.duration, "Duration, typical").result)


def test_the_horizon_of_a_model_is_worked_out_from_its_published_figure() -> None:
    for name in ("gpt-5.6-luna", "gpt-5", "gpt-4o-mini", "claude-opus-5-5", "nobody/knows"):
        profile = facts_for(name, load_model_facts(), lambda _: None)
        horizon = work_out_model(profile, load_constants()).lines[0]
        assert calculate(horizon.formula) == pytest.approx(profile.horizon_minutes, rel=2e-3)


def swing(made: Computation, name: str) -> tuple[float, float]:
    found = next(it for it in made.sensitivity.swings if it.name == name)
    return found.low.success, found.high.success


def test_each_input_moves_the_figures_the_way_it_must() -> None:
    made = explain(pair())
    base = made.sensitivity.base.success
    assert swing(made, "Human minutes of all tasks")[0] > base > swing(made, "Human minutes of all tasks")[1]
    assert swing(made, "Difficulty of the domain")[0] > base > swing(made, "Difficulty of the domain")[1]
    assert swing(made, "Discount for real use")[0] < base < swing(made, "Discount for real use")[1]
    assert swing(made, "Horizon of m")[0] < base < swing(made, "Horizon of m")[1]
    longer = next(it for it in made.sensitivity.swings if it.name == "Length of results")
    assert longer.low.success == longer.high.success == base
    assert (longer.low.cost_usd or 0) < (made.sensitivity.base.cost_usd or 0) < (longer.high.cost_usd or 0)


def test_inputs_that_take_no_part_are_not_told() -> None:
    names = {it.name for it in explain(pair()).sensitivity.swings}
    assert names.isdisjoint({"What a review by a model removes", "Questions to coworkers", "Correct work sent back"})
    assert all(it.low != it.high for it in explain(pair()).sensitivity.swings)


def test_swings_come_in_order_and_the_widest_is_of_success() -> None:
    found = explain(pair()).sensitivity.swings
    widths = [abs(it.high.success - it.low.success) for it in found]
    assert widths[0] == max(widths)
    assert all(it.source and it.status for it in found)


def test_levers_raise_success_and_a_certain_task_is_the_bound() -> None:
    sensitivity = explain(pair()).sensitivity
    assert all(lever.outcome.success > sensitivity.base.success for lever in sensitivity.levers)
    for key in ("find", "tell"):
        own = [lever for lever in sensitivity.levers if lever.task == key]
        assert max(own, key=lambda it: it.outcome.success).possible is False


def test_the_histogram_holds_all_runs_and_the_chance_to_keep_a_limit() -> None:
    free = explain(pair())
    assert free.cost_runs is not None
    assert free.duration_runs is not None
    for runs in (free.cost_runs, free.duration_runs):
        assert sum(runs.counts) + runs.above == 10_000
        assert len(runs.edges) == len(runs.counts) + 1
        assert runs.within is None
    middle = free.cost_runs.quantiles.p50
    limited = explain(pair(), budget_usd=middle, deadline_s=1e9)
    assert limited.cost_runs is not None
    assert limited.cost_runs.within == pytest.approx(0.5, abs=0.001)
    assert limited.duration_runs is not None
    assert limited.duration_runs.within == 1


def test_a_crew_without_tasks_has_nothing_to_work_out() -> None:
    made = explain(Crew())
    assert made.success[0].result == "the crew has no tasks"
    assert made.cost_runs is made.duration_runs is None
    assert made.portions == ()


def test_an_unknown_price_is_told_and_never_zero() -> None:
    profiles = {"m": make_profile("m", usd_in=None)}
    made = explain_estimate(pair(agents=()), profiles, CATALOG, default_model="m")
    assert "not known" in line_of(made.cost, "Cost of the crew").result
    assert made.cost_runs is None
    assert all(part.cost_usd is None and part.of_cost is None for part in made.portions)
    assert made.sensitivity.base.cost_usd is None


def test_a_case_knows_its_manager() -> None:
    crew = pair(manager=Manager(model="n"))
    case = Case(crew, PROFILES, "m", CATALOG, 1.0, load_constants())
    assert case.manager.name == "n"
    assert isinstance(explain(crew).portions[0], Portion)
