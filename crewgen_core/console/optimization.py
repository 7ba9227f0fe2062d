"""Writes optimizations as text for a terminal."""

from collections.abc import Sequence
from textwrap import fill

from crewgen_core.models.change import Effect
from crewgen_core.models.optimization import Optimization, Variant
from crewgen_core.numbers import format_percent, format_seconds, format_usd, percent_range, seconds_range, usd_range

WIDTH = 100


def describe_optimization(made: Optimization, frontier: Sequence[Variant] = ()) -> str:
    """Return the verdict, before and after with intervals, each change with its reason and effect, and the proof."""
    lines = [fill(made.verdict, WIDTH)]
    if made.changes:
        lines += ["", f"{'':12}{'before':>34}{'after':>34}"]
        before, after = _figures(made.before), _figures(made.after)
        lines += [f"  {name:<10}{before[name]:>34}{after[name]:>34}" for name in before]
        lines += ["", "Changes (figures: each alone)"]
    for number, change in enumerate(made.changes, start=1):
        lines.append(f"{number:>3}. {fill(change.title, WIDTH, subsequent_indent=' ' * 5)}")
        lines.append(fill(change.reason, WIDTH, initial_indent=" " * 5, subsequent_indent=" " * 5))
        if change.effect:
            lines.append(f"     alone: {_line(change.effect)}")
    if others := [variant for variant in made.variants if variant.kind not in ("today", "chosen")]:
        lines += ["", "To compare", *(f"  {variant.kind:<16}{_line(variant.effect)}" for variant in others)]
    if frontier:
        lines += ["", "Frontier: crews that no other one beats in cost, duration and success at once"]
        lines += [f"  {_line(point.effect)}  {', '.join(point.models)}" for point in _by_cost(frontier)]
    lines += ["", fill(made.proof.remark, WIDTH)]
    if made.break_even_runs is not None and made.spent_usd is not None:
        runs = f"{made.break_even_runs:,} {'run' if made.break_even_runs == 1 else 'runs'}"
        lines.append(
            fill(f"Designing the crew cost {format_usd(made.spent_usd)}; the saving pays that in {runs}.", WIDTH)
        )
    return "\n".join(lines)


def _figures(effect: Effect) -> dict[str, str]:
    cost = f"{format_usd(effect.cost_usd.p50)} ({usd_range(effect.cost_usd)})" if effect.cost_usd else "unknown"
    return {
        "Success": f"{format_percent(effect.success.p50)} ({percent_range(effect.success)})",
        "Cost": cost,
        "Duration": f"{format_seconds(effect.duration_s.p50)} ({seconds_range(effect.duration_s)})",
    }


def _line(effect: Effect) -> str:
    cost = format_usd(effect.cost_usd.p50 if effect.cost_usd else None)
    return (
        f"success {format_percent(effect.success.p50):>5}   cost {cost:>8}   "
        f"duration {format_seconds(effect.duration_s.p50):>8}"
    )


def _by_cost(frontier: Sequence[Variant]) -> list[Variant]:
    return sorted(frontier, key=lambda point: point.effect.cost_usd.p50 if point.effect.cost_usd else 0)
