"""Days, weeks and months along the axis of a chart."""

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
