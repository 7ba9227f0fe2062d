"""The frontier: for every sum of money the most successful crew, and for every time; no crew beats one of them."""

from collections.abc import Iterator
from decimal import Decimal

from crewgen_core.models.optimization import Limits, Variant
from crewgen_core.optimization.goals import WEIGHTS
from crewgen_core.optimization.optimize import EXTREMES
from crewgen_core.optimization.optimizer import Optimizer

COST_POINTS, TIME_POINTS = 14, 5
"""Limits between the extremes that are looked at, spaced evenly on a logarithmic scale."""


def find_frontier(optimizer: Optimizer) -> Iterator[Variant]:
    """Yield variants as they are found: the extremes, then what lies between; dominated ones are left out.

    Between the extremes, only the ways of working together are looked at in which today's crew or an extreme works.
    """
    yielded: list[Variant] = []
    extremes: dict[str, Variant] = {}
    styles = {optimizer.own_style}
    for kind, goal in EXTREMES:
        found = optimizer.search(WEIGHTS[goal], Limits()).found
        if found is None:
            return
        extremes[kind] = optimizer.make_variant(kind, found.crew, found.estimate)
        yielded.append(extremes[kind])
        styles.add(found.style)
        yield extremes[kind]
    for limits in _list_limits(extremes["cheapest"], extremes["fastest"], extremes["most successful"]):
        found = optimizer.sketch(WEIGHTS["performance"], limits, styles)
        if found is None:
            continue
        variant = optimizer.make_variant("frontier", found.crew, found.estimate)
        if not any(_is_beaten(variant, other) for other in yielded):
            yielded.append(variant)
            yield variant


def _list_limits(cheapest: Variant, fastest: Variant, best: Variant) -> Iterator[Limits]:
    low, high = cheapest.effect.cost_usd, best.effect.cost_usd
    if low and high and 0 < low.p50 < high.p50:
        for at in _spread(COST_POINTS):
            amount = float(low.p50) * (float(high.p50) / float(low.p50)) ** at
            yield Limits(budget_usd=Decimal(f"{amount:.6f}"))
    shortest, longest = fastest.effect.duration_s.p50, best.effect.duration_s.p50
    if 0 < shortest < longest:
        for at in _spread(TIME_POINTS):
            yield Limits(deadline_minutes=shortest * (longest / shortest) ** at / 60)


def _spread(points: int) -> Iterator[float]:
    """Yield so many shares between 0 and 1, the ones in the middle first: the picture takes shape from the start."""
    shares = [(at + 1) / (points + 1) for at in range(points)]
    yield from sorted(shares, key=lambda share: abs(share - 0.5))


def _is_beaten(variant: Variant, other: Variant) -> bool:
    """Tell whether the other is at least as good in all three figures."""
    one, two = variant.effect, other.effect
    return (
        one.cost_usd is not None
        and two.cost_usd is not None
        and two.cost_usd.p50 <= one.cost_usd.p50
        and two.duration_s.p50 <= one.duration_s.p50
        and two.success.p50 >= one.success.p50
    )
