"""Puts a computation together: the same steps as the estimate, told instead of only taken."""

from collections.abc import Callable, Mapping, Sequence

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.estimation.basis import difficulty_of
from crewgen_core.estimation.computation.case import Case
from crewgen_core.estimation.computation.cost_lines import work_out_cost, work_out_crew_cost
from crewgen_core.estimation.computation.model_lines import work_out_model
from crewgen_core.estimation.computation.portions import share_whole
from crewgen_core.estimation.computation.sensitivity import measure_sensitivity
from crewgen_core.estimation.computation.success_lines import (
    work_out_crew_success,
    work_out_factors,
    work_out_task_success,
)
from crewgen_core.estimation.computation.time_lines import work_out_crew_duration, work_out_duration, work_out_slots
from crewgen_core.estimation.computation.token_lines import work_out_crew_tokens, work_out_tokens
from crewgen_core.estimation.computation.writing import number, told, usd
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.schedule import schedule
from crewgen_core.estimation.shares import Share
from crewgen_core.models.computation import (
    Computation,
    Histogram,
    Line,
    ModelComputation,
    Outcome,
    Sensitivity,
    TaskComputation,
)
from crewgen_core.models.crew import Crew
from crewgen_core.models.value import Quantiles

RANKS = (
    "10 %, 50 % and 90 % of 10,000 simulated runs are at most that; a sum of skewed parts lies above its typical parts"
)


def explain_estimate(
    crew: Crew,
    profiles: Mapping[str, ModelProfile],
    catalog: Catalog,
    *,
    default_model: str,
    domain: str | None = None,
    budget_usd: float | None = None,
    deadline_s: float | None = None,
    constants: Constants | None = None,
) -> Computation:
    """Return how ``estimate`` comes to its figures for the same crew, with what moves them most.

    ``budget_usd`` and ``deadline_s`` are limits whose chance is wanted. Raises KeyError for a model without profile.
    """
    constants = constants or load_constants()
    difficulty = difficulty_of(domain, catalog, constants)
    if not crew.tasks:
        return _explain_nothing()
    case = Case(crew, profiles, default_model, catalog, difficulty, constants)
    works = case.read()
    shares = case.share_out(works)
    spans = schedule(
        [work.task.async_execution for work in works],
        [work.sources for work in works],
        [share.seconds for share in shares],
    )
    cost_runs, duration_runs, tokens = _simulate(shares, constants, budget_usd, deadline_s)
    return Computation(
        models=tuple(_models(case, shares)),
        tasks=tuple(_task(case, share, shares) for share in shares),
        factors=tuple(work_out_factors(works, constants)),
        success=tuple(work_out_crew_success(crew, works, difficulty, constants)),
        tokens=(*work_out_crew_tokens(shares), _runs_line("tokens", tokens, number)),
        cost=(*work_out_crew_cost(shares), *([_runs_line("cost", cost_runs[0], usd)] if cost_runs else [])),
        duration=(*work_out_crew_duration(shares, spans), _runs_line("seconds", duration_runs[0], number)),
        portions=share_whole(crew, shares, difficulty, constants),
        slots=work_out_slots(shares, spans),
        sensitivity=measure_sensitivity(case, works),
        cost_runs=cost_runs[1] if cost_runs else None,
        duration_runs=duration_runs[1],
    )


def _models(case: Case, shares: Sequence[Share]) -> list[ModelComputation]:
    used = {share.work.profile.name: share.work.profile for share in shares}
    if any(share.manager for share in shares):
        used[case.manager.name] = case.manager
    return [work_out_model(profile, case.constants) for profile in used.values()]


def _task(case: Case, share: Share, shares: Sequence[Share]) -> TaskComputation:
    work, constants = share.work, case.constants
    return TaskComputation(
        task=work.task.key,
        name=work.task.name,
        agent=work.agent.key if work.agent else None,
        model=work.profile.name,
        success=tuple(work_out_task_success(work, case.difficulty, constants)),
        tokens=tuple(work_out_tokens(case.crew, share, shares, case.difficulty, constants)),
        cost=tuple(work_out_cost(share, case.manager)),
        duration=tuple(work_out_duration(share, case.manager, constants.speed.tool_seconds.value)),
    )


Spread = tuple[Quantiles, Histogram | None]


def _simulate(
    shares: Sequence[Share], constants: Constants, budget_usd: float | None, deadline_s: float | None
) -> tuple[Spread | None, Spread, Quantiles]:
    """Return cost, where it is known, duration and tokens of the same runs that the estimate simulates."""
    # here, because they import numpy (0.2 s)
    from crewgen_core.estimation.computation.histogram import sort_runs
    from crewgen_core.estimation.simulation import (
        draw_factors,
        run_durations,
        run_sums,
        simulate_duration,
        simulate_sums,
    )

    factors = draw_factors(len(shares), constants.spread)
    costs = [share.cost for share in shares]
    known = [cost or 0.0 for cost in costs]
    rows = [[share.tokens for share in shares], known]
    tokens, cost = simulate_sums(rows, factors.of_tokens, factors.token_ranks)
    asynchronous = [share.work.task.async_execution for share in shares]
    seconds = [share.seconds for share in shares]
    duration = simulate_duration(asynchronous, seconds, factors)
    durations = sort_runs(run_durations(asynchronous, seconds, factors), "seconds", duration, deadline_s)
    spread = None if None in costs else (cost, sort_runs(run_sums(known, factors.of_tokens), "USD", cost, budget_usd))
    return spread, (duration, durations), tokens


def _runs_line(unit: str, quantiles: Quantiles, show: Callable[[float], str]) -> Line:
    low, middle, high = (show(it) for it in (quantiles.p10, quantiles.p50, quantiles.p90))
    return told("P10, P50, P90", f"{low}, {middle}, {high}" + ("" if unit == "cost" else f" {unit}"), RANKS)


def _explain_nothing() -> Computation:
    nothing = (told("Nothing to run", "the crew has no tasks"),)
    base = Outcome(success=0, cost_usd=0, duration_s=0)
    return Computation(
        models=(),
        tasks=(),
        factors=(),
        success=nothing,
        tokens=nothing,
        cost=nothing,
        duration=nothing,
        portions=(),
        slots=(),
        sensitivity=Sensitivity(base=base, swings=(), levers=()),
        cost_runs=None,
        duration_runs=None,
    )
