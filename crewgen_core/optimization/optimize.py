"""Optimizes a crew for a goal: the best crew within the limits as a list of changes, with what each brings."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from crewgen_core.models.change import Change, Effect
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.optimization import Goal, Limits, Optimization, Proof, Variant, VariantKind
from crewgen_core.optimization.goals import WEIGHTS, complete_limits
from crewgen_core.optimization.optimizer import Found, Optimizer, Search, is_small_enough, keeps
from crewgen_core.optimization.problem import Aim
from crewgen_core.optimization.verdict import explain_proof, tell_infeasible, tell_no_improvement, tell_result
from crewgen_core.pipeline import foresee

WORTH_IT = 0.01
"""Share by which the goal's figure must get better for anything to be suggested; for success, points of a hundred."""

EXTREMES: tuple[tuple[VariantKind, Goal], ...] = (
    ("cheapest", "cost"),
    ("fastest", "speed"),
    ("most successful", "performance"),
)


def optimize(optimizer: Optimizer, goal: Goal, limits: Limits, spent_usd: Decimal | None = None) -> Optimization:
    """Return the best crew for the goal within the limits, as changes of today's.

    ``spent_usd`` is what a model was paid for designing the crew.
    """
    complete = complete_limits(goal, limits, optimizer.today)
    search = optimizer.search(WEIGHTS[goal], complete, checked=goal == "quality")
    today, found = optimizer.today, search.found
    kept = keeps(today, complete) and is_small_enough(optimizer.crew, optimizer.limits)
    better = found is not None and (not kept or _is_better(goal, found, optimizer))
    changes = _weigh_changes(optimizer, found.changes) if found and better else ()
    after = found.estimate if found and better else today
    variants = tuple(_list_variants(optimizer, found if better else None, feasible=found is not None))
    if found is None:
        verdict = tell_infeasible(goal, complete, variants)
    elif not better:
        verdict = tell_no_improvement(goal, complete, search)
    else:
        verdict = tell_result(goal, today, after, len(changes), kept_before=kept)
    return Optimization(
        goal=goal,
        limits=complete,
        feasible=found is not None,
        before=Effect.of(today),
        after=Effect.of(after),
        changes=changes,
        verdict=verdict,
        proof=_prove(optimizer, search),
        variants=variants,
        spent_usd=spent_usd,
        break_even_runs=_break_even(spent_usd, today, after),
    )


def find_extremes(optimizer: Optimizer) -> Iterator[Variant]:
    """Yield the cheapest, the fastest and the most successful crew that exist, whatever else they are like."""
    for kind, goal in EXTREMES:
        found = optimizer.search(WEIGHTS[goal], Limits()).found
        if found:
            yield optimizer.make_variant(kind, found.crew, found.estimate)


def _list_variants(optimizer: Optimizer, chosen: Found | None, *, feasible: bool) -> Iterator[Variant]:
    yield optimizer.make_variant("today", optimizer.crew, optimizer.today)
    if chosen:
        yield optimizer.make_variant("chosen", chosen.crew, chosen.estimate)
    if len(optimizer.crew.agents) > 1:
        yield optimizer.merge()
    if not feasible:
        yield from find_extremes(optimizer)


def _weigh_changes(optimizer: Optimizer, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes with the figures that each alone leads to; each fits by itself."""
    return tuple(
        foresee(optimizer.crew, change, optimizer.knowledge, optimizer.domain, optimizer.template) for change in changes
    )


def _is_better(goal: Goal, found: Found, optimizer: Optimizer) -> bool:
    today, after = optimizer.today, found.estimate
    if not found.changes:
        return False
    if goal in ("performance", "quality"):
        return after.success.p50 - today.success.p50 >= WORTH_IT
    if goal == "speed":
        return after.duration_s.p50 <= today.duration_s.p50 * (1 - WORTH_IT)
    if goal == "cost" and after.cost_usd and today.cost_usd:
        return float(after.cost_usd.p50) <= float(today.cost_usd.p50) * (1 - WORTH_IT)
    return found.value <= Aim(WEIGHTS[goal], optimizer.figures).value(optimizer.figures) * (1 - WORTH_IT)


def _prove(optimizer: Optimizer, search: Search) -> Proof:
    return Proof(
        optimal=search.proved,
        gap=search.gap if search.found else 0.0,
        seconds=search.seconds,
        models_considered=optimizer.models_considered,
        styles_considered=search.styles,
        remark=explain_proof(search, optimizer.models_considered, optimizer.models_left),
    )


def _break_even(spent: Decimal | None, before: Estimate, after: Estimate) -> int | None:
    """Return after how many runs the saving per run has paid what designing the crew cost."""
    if not spent or before.cost_usd is None or after.cost_usd is None:
        return None
    saved = before.cost_usd.p50 - after.cost_usd.p50
    return math.ceil(spent / saved) if saved > 0 else None
