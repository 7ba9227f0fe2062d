"""The axes of charts of analytics: days, weeks and months; whole numbers; seconds over several orders of magnitude."""

import math
from collections.abc import Iterable
from typing import Any

import plotly.graph_objects as go

from crewgen_core.models.analytics import Period

HEIGHT = 320

MOST_TICKS = 6
"""Names that a phone has room for beside each other."""


def name_part(part: Period, whole: Period) -> str:
    """Return "3 Mar", "week of 2 Mar" or "Mar 2026"; a year where the range has several."""
    year = f" {part.first.year}" if whole.first.year != whole.last.year else ""
    if whole.grain == "month":
        return f"{part.first:%b} {part.first.year}"
    day = f"{part.first.day} {part.first:%b}{year}"
    return day if whole.grain == "day" else f"week of {day}"


def name_period(period: Period) -> str:
    """Return "3 Mar 2026" or "3 Mar 2026 to 5 Apr 2026"."""
    ends = [f"{day.day} {day:%b} {day.year}" for day in (period.first, period.last)]
    return ends[0] if period.days == 1 else f"{ends[0]} to {ends[1]}"


def mark_time(canvas: go.Figure, parts: list[Period], whole: Period) -> None:
    """Name some of the positions 0, 1, 2 … of a chart over time."""
    step = max(1, -(-len(parts) // MOST_TICKS))
    shown = range(0, len(parts), step)
    names = [name_part(parts[at], whole).removeprefix("week of ") for at in shown]
    canvas.update_layout(height=HEIGHT)
    canvas.update_xaxes(
        tickmode="array",
        tickvals=list(shown),
        ticktext=names,
        range=[-0.6, len(parts) - 0.4],
        showgrid=False,
        title_text={"day": "day, UTC", "week": "weeks, by their first day, UTC", "month": "month, UTC"}[whole.grain],
    )


def space_counts(highest: int) -> dict[str, Any]:
    """Return what an axis of counts up to ``highest`` needs: whole numbers, each once, at most six of them."""
    return {"tick0": 0, "dtick": _round_up(highest / 5), "tickformat": ",d", "rangemode": "tozero"}


def space_seconds(seconds: Iterable[float]) -> dict[str, Any]:
    """Return what a logarithmic axis needs that holds these: an end beyond each, and names at most six in all."""
    known = [it for it in seconds if it > 0] or [1.0]
    low, high = _below(min(known)), _above(max(known))
    high = max(high, low + 1)
    step = max(1, 3 * -(-(high - low) // 15)) if high - low > 5 else 1  # beyond that: 1, 10, 100 …, or each 100th
    marks = [at for at in range(low, high + 1) if at % step == 0]
    return {
        "type": "log",
        "range": [math.log10(_mark(low)), math.log10(_mark(high))],
        "tickmode": "array",
        "tickvals": [_mark(at) for at in marks],
        "ticktext": [f"{_mark(at):,g}" for at in marks],
        "minor": {"ticks": "", "showgrid": False},
    }


_STEPS = (1, 2, 5)


def _round_up(value: float) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50 …"""
    return max(1, round(_mark(_above(value)))) if value > 1 else 1


def _mark(position: int) -> float:
    """Return a number of the series … 0.5, 1, 2, 5, 10 …; 1 is at 0."""
    power, step = divmod(position, 3)
    return float(f"{_STEPS[step]}e{power}")


def _below(value: float) -> int:
    """Return the position of the last number of the series that is not above a value."""
    at = 3 * math.floor(math.log10(value))
    return max(it for it in range(at - 1, at + 4) if _mark(it) <= value)


def _above(value: float) -> int:
    """Return the position of the first number of the series that is not below a value."""
    at = _below(value)
    return at if _mark(at) >= value else at + 1
