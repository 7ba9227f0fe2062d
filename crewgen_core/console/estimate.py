"""Writes estimates as text for a terminal."""

from crewgen_core.console.figures import show_chance, show_cost, show_duration, show_time, show_tokens, show_usd
from crewgen_core.console.terminal import cut, wrap
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.numbers import format_count


def describe_estimate(estimate: Estimate, crew: Crew) -> str:
    """Return what one run will probably cost, take and achieve, with the interval of each figure, and by task."""
    models = ", ".join(dict.fromkeys(task.model for task in estimate.by_task))
    lines = [
        "Estimate of one run (in brackets: 8 of 10 runs fall between)",
        f"  Success   {show_chance(estimate.success)}",
        f"  Cost      {show_cost(estimate.cost_usd)}",
        f"  Duration  {show_duration(estimate.duration_s)}",
        f"  Tokens    {show_tokens(estimate.tokens)}",
        *([wrap(f"Model     {models}", 2, 12)] if models else []),
        wrap(f"Rests on  {_calibration(estimate.own_outcomes)}", 2, 12),
        *(wrap(unknown, 2, 4) for unknown in estimate.unknowns),
    ]
    names = {task.key: task.name or task.key for task in crew.tasks}
    if estimate.by_task:
        lines += ["", f"By task{'success':>51}{'cost':>11}{'time':>11}"]
    for share in estimate.by_task:
        cost = show_usd(float(share.cost_usd.p50)) if share.cost_usd else "unknown"
        name = cut(names.get(share.task, share.task), 48)
        lines.append(f"  {name:<49}{share.success.p50:>6.0%} {cost:>10} {show_time(share.duration_s.p50):>10}")
    return "\n".join(lines)


def _calibration(own_outcomes: int) -> str:
    if not own_outcomes:
        return "published figures; no own runs are recorded yet"
    return f"published figures and {format_count(own_outcomes, 'own run')}"
