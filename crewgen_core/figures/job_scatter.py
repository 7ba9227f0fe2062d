"""The crews of a job by cost and success, with those that cost or take unusually much or little marked."""

import math

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, new_canvas, say
from crewgen_core.figures.frontier import WIDE_RANGE, logarithmic_ticks
from crewgen_core.figures.labels import hover_text
from crewgen_core.models.spread import CrewPoint, Outlier, Spread
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd

HEIGHT = 420


@drawn_once
def build_job_scatter(spread: Spread) -> go.Figure:
    """Draw a point for each crew whose cost is known, or for a part of many; outliers are diamonds on top.

    The axis of cost is logarithmic where the dearest costs many times more than the cheapest.
    """
    canvas = new_canvas("Cost and success by crew")
    if not spread.points:
        return say(canvas, "No crews yet." if not spread.crews else "No cost is known.")
    logarithmic = _is_wide(spread)
    odd = {it.item_id: it for it in reversed(spread.outliers)}
    usual = [point for point in spread.points if not point.outlier]
    _draw(canvas, "Crews", usual, [_hover(point, None) for point in usual], size=6, opacity=0.5)
    marked = [point for point in spread.points if point.outlier]
    if marked:
        texts = [_hover(point, odd.get(point.item_id)) for point in marked]
        _draw(canvas, "Outliers", marked, texts, size=11, symbol="diamond", line={"color": LINE, "width": 1.4})
    canvas.update_layout(height=HEIGHT)
    canvas.update_yaxes(title_text="success, %", range=[-2, 102], nticks=6)
    canvas.update_xaxes(title_text="USD per run" + (" (logarithmic)" if logarithmic else ""))
    if logarithmic:
        low, high = (math.log10(end([point.cost_usd for point in spread.points])) for end in (min, max))
        low, high = low - 0.05 * (high - low), high + 0.05 * (high - low)
        canvas.update_xaxes(type="log", range=[low, high], **logarithmic_ticks(low, high))
    else:
        canvas.update_xaxes(tickprefix="$", nticks=6, rangemode="tozero")
    return canvas


def describe_job_scatter(spread: Spread) -> str:
    """Say in words what the figure shows, how many crews are drawn and which are outliers."""
    if not spread.points:
        return "No crews yet." if not spread.crews else "No cost is known."
    drawn = len(spread.points)
    said = [f"Cost and chance of success of {format_count(spread.priced, 'crew')}."]
    if drawn < spread.priced:
        said.append(f"{drawn:,} of them are drawn, evenly chosen over the rows, and every listed outlier.")
    if spread.outliers:
        listed = "; ".join(f"{it.name}: {describe_outlier(it)}" for it in spread.outliers[:5])
        said.append(f"{format_count(spread.outlier_count, 'outlier')}, the farthest: {listed}.")
    else:
        said.append("None costs or takes unusually much or little.")
    return " ".join(said)


def describe_outlier(outlier: Outlier) -> str:
    """Return "costs $5.10, where up to $0.45 is usual"."""
    verb, show = ("costs", format_usd) if outlier.figure == "cost" else ("takes", format_seconds)
    if outlier.value > outlier.usual_high:
        return f"{verb} {show(outlier.value)}, where up to {show(outlier.usual_high)} is usual"
    return f"{verb} {show(outlier.value)}, where {show(outlier.usual_low)} or more is usual"


def tabulate_job_scatter(spread: Spread) -> Table:
    """Return the crews that are drawn."""
    rows = tuple((it.name, it.cost_usd, it.success, "yes" if it.outlier else "no") for it in spread.points)
    return Table(title="Cost and success of the crews", columns=("crew", "cost, USD", "success", "outlier"), rows=rows)


def tabulate_outliers(spread: Spread) -> Table:
    """Return the listed outliers, the farthest first."""
    rows = tuple((it.line or None, it.name, it.figure, it.value, it.usual_low, it.usual_high) for it in spread.outliers)
    columns = ("row", "crew", "figure", "USD or seconds", "usual from", "usual to")
    return Table(title="Outliers", columns=columns, rows=rows)


def _is_wide(spread: Spread) -> bool:
    costs = [point.cost_usd for point in spread.points]
    return min(costs) > 0 and max(costs) / min(costs) > WIDE_RANGE


def _draw(canvas: go.Figure, name: str, points: list[CrewPoint], texts: list[str], **marker: object) -> None:
    canvas.add_trace(
        go.Scatter(
            name=name,
            x=[point.cost_usd for point in points],
            y=[point.success * 100 for point in points],
            mode="markers",
            marker=marker,
            hovertext=texts,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _hover(point: CrewPoint, outlier: Outlier | None) -> str:
    said = describe_outlier(outlier) if outlier else ""
    return hover_text(
        point.name,
        f"Cost: {format_usd(point.cost_usd)}",
        f"Success: {format_percent(point.success)}",
        said[:1].upper() + said[1:],
    )
