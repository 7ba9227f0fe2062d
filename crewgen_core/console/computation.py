"""Writes how an estimate was computed as text for a terminal."""

from collections.abc import Sequence

from crewgen_core.console.figures import show_time, show_usd
from crewgen_core.console.terminal import cut, join, list_items, wrap
from crewgen_core.models.computation import Computation, Line, Portion, Sensitivity

MOST_LEVERS = 6
"""Levers that are worth reading on a terminal."""


def describe_computation(computation: Computation) -> str:
    """Return how an estimate was computed: models, tasks, crew, shares, and what moves the figures most."""
    return join(
        "How this was computed",
        *(_lines(f"Model {it.model}", it.lines) for it in computation.models),
        _lines("For all tasks", computation.factors),
        *(
            _lines(f"Task: {task.name or task.task}", (*task.success, *task.tokens, *task.cost, *task.duration))
            for task in computation.tasks
        ),
        _lines("Success of the crew", computation.success),
        _lines("Tokens of the crew", computation.tokens),
        _lines("Cost of the crew", computation.cost),
        _lines("Duration of the crew", computation.duration),
        _describe_portions(computation.portions),
        _describe_swings(computation.sensitivity),
        _describe_levers(computation.sensitivity),
    )


def _lines(title: str, lines: Sequence[Line]) -> str:
    shown = [wrap(f"{line} ({line.why})" if line.why else str(line), 2, 6) for line in lines]
    return "\n".join([wrap(title), *shown]) if shown else ""


def _describe_portions(portions: Sequence[Portion]) -> str:
    if not portions:
        return ""
    lines = [f"Shares of the whole{'load':>27}{'cost':>11}{'tokens':>11}{'time':>11}"]
    for portion in portions:
        cost = "unknown" if portion.of_cost is None else f"{portion.of_cost:.0%}"
        name = cut(f"{portion.kind} {portion.name or portion.key}", 38)
        figures = f"{portion.of_load:>5.0%} {cost:>10} {portion.of_tokens:>10.0%} {portion.of_seconds:>10.0%}"
        lines.append(f"  {name:<39}{figures}")
    return "\n".join(lines)


def _describe_swings(sensitivity: Sensitivity) -> str:
    lines: list[str] = []
    for swing in sensitivity.swings:
        low, high = swing.low, swing.high
        cost = "unknown" if low.cost_usd is None or high.cost_usd is None else ""
        cost = cost or f"{show_usd(low.cost_usd or 0)} to {show_usd(high.cost_usd or 0)}"
        figures = (
            f"success {low.success:.0%} to {high.success:.0%}, cost {cost}, "
            f"time {show_time(low.duration_s)} to {show_time(high.duration_s)}"
        )
        lines.append(f"{swing.name}, {swing.low_setting} to {swing.high_setting} ({swing.status}): {figures}")
    return list_items("What moves the figures most, success first", lines)


def _describe_levers(sensitivity: Sensitivity) -> str:
    gains = (
        f"{lever.name or lever.task}. {lever.change}: success {lever.outcome.success:.0%}"
        for lever in sensitivity.levers[:MOST_LEVERS]
    )
    return list_items(f"What one task can do (success now {sensitivity.base.success:.0%})", gains)
