"""Says in plain sentences what an optimization came to, and how sure that is."""

from collections.abc import Sequence

from crewgen_core.models.estimate import Estimate
from crewgen_core.models.optimization import Goal, Limits, Variant
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd
from crewgen_core.optimization.optimizer import Search

_GOAL_WORDS: dict[Goal, str] = {
    "performance": "more successful",
    "cost": "cheaper",
    "speed": "faster",
    "quality": "more successful with every result checked",
    "balanced": "better on balance",
}


def tell_result(goal: Goal, before: Estimate, after: Estimate, changes: int, *, kept_before: bool) -> str:
    """Say what all changes together bring."""
    opening = format_count(changes, "change")
    parts = (
        _move("a typical run costs", _usd(before), _usd(after)),
        _move("takes", format_seconds(before.duration_s.p50), format_seconds(after.duration_s.p50)),
        _move("succeeds with", format_percent(before.success.p50), format_percent(after.success.p50)),
    )
    told = f"With {opening}, {parts[0]}, {parts[1]} and {parts[2]}."
    return told if kept_before else f"Today's crew does not keep the limits. {told}"


def _move(verb: str, before: str, after: str) -> str:
    return f"{verb} {after} instead of {before}" if before != after else f"{verb} {after} as before"


def tell_no_improvement(goal: Goal, limits: Limits, search: Search) -> str:
    """Say that today's crew stays, and why."""
    within = describe_limits(limits)
    sure = "This is proved." if search.proved else "This is not proved: see the gap below."
    return (
        f"No improvement found: no crew of these agents and models is {_GOAL_WORDS[goal]} by a hundredth or more"
        f"{f' within {within}' if within else ''}. {sure}"
    )


def tell_infeasible(goal: Goal, limits: Limits, variants: Sequence[Variant]) -> str:
    """Say that nothing keeps the limits, and what the nearest crews can do."""
    found = {variant.kind: variant.effect for variant in variants}
    parts: list[str] = []
    if (cheapest := found.get("cheapest")) and cheapest.cost_usd:
        parts.append(
            f"the cheapest costs {format_usd(cheapest.cost_usd.p50)} with a chance of success of "
            f"{format_percent(cheapest.success.p50)}"
        )
    if fastest := found.get("fastest"):
        parts.append(f"the fastest takes {format_seconds(fastest.duration_s.p50)}")
    if (best := found.get("most successful")) and best.cost_usd:
        parts.append(
            f"the most successful reaches {format_percent(best.success.p50)} for {format_usd(best.cost_usd.p50)}"
        )
    listed = f" Of all crews that exist here, {', '.join(parts)}." if parts else ""
    demands = _list_limits(limits)
    if limits.max_agents is not None:
        demands.append(f"at most {format_count(limits.max_agents, 'agent')}")
    if goal == "quality":
        demands.append("a check of every final result by somebody who did not make it")
    together = f"{_join(demands) or 'these limits'}{' at once' if len(demands) > 1 else ''}"
    return f"No crew keeps {together}.{listed} Loosen a limit, or allow more."


def describe_limits(limits: Limits) -> str:
    """Return budget, deadline and least success as people say them; empty where there are none."""
    return _join(_list_limits(limits))


def _list_limits(limits: Limits) -> list[str]:
    parts: list[str] = []
    if limits.budget_usd is not None:
        parts.append(f"a budget of {format_usd(limits.budget_usd)}")
    if limits.deadline_minutes is not None:
        parts.append(f"a deadline of {format_seconds(limits.deadline_minutes * 60)}")
    if limits.least_success is not None:
        parts.append(f"a chance of success of at least {format_percent(limits.least_success)}")
    return parts


def _join(parts: Sequence[str]) -> str:
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def explain_proof(search: Search, offered: int, kept: int) -> str:
    """Say how many crews were compared, and how good the result is at least."""
    compared = (
        f"Compared {format_count(offered, 'model')} ({kept} left after dropping those that another one beats in "
        f"everything) and {format_count(len(search.styles), 'way')} of working together."
    )
    share = _share(search.gap)
    if search.proved and search.found:
        outcome = f"The solver proved that nothing within the limits is better by more than {share}."
    elif search.proved:
        outcome = "The solver proved that no crew keeps the limits."
    elif search.found:
        outcome = f"Not proved: something up to {share} better may exist that was not found in time."
    else:
        outcome = "Not proved: no crew that keeps the limits was found in time."
    return f"{compared} {outcome}"


def _share(gap: float) -> str:
    return "0.1%" if gap <= 0.001 else f"{gap * 100:.1f}%"


def _usd(estimate: Estimate) -> str:
    return format_usd(estimate.cost_usd.p50 if estimate.cost_usd else None)
