"""How the crews of a job are spread over success, cost or duration: a histogram with the middle half marked."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, new_canvas, say
from crewgen_core.figures.labels import hover_text
from crewgen_core.models.spread import Distribution, Spread
from crewgen_core.models.table import Cell, Table
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd

JobFigure = Literal["success", "cost", "duration"]

HEIGHT = 320
ROOM_ABOVE = 1.22
"""Height of the axis, in highest bars: the name of the median stands above them."""

FEW = 5

MINUTES_FROM = 180
"""Median in seconds from which the axis counts in minutes."""


@dataclass(frozen=True)
class Scale:
    """How a figure is shown."""

    title: str
    unit: str
    factor: float
    show: Callable[[float], str]


def scale_of(figure: JobFigure, median: float = 0.0) -> Scale:
    """Return how a figure with this median is shown."""
    if figure == "success":
        return Scale("Chance of success", "%", 100.0, format_percent)
    if figure == "cost":
        return Scale("Cost of one run", "USD", 1.0, format_usd)
    unit, factor = ("minutes", 1 / 60) if median >= MINUTES_FROM else ("seconds", 1.0)
    return Scale("Duration of one run", unit, factor, format_seconds)


@drawn_once
def build_job_distribution(spread: Spread, figure: JobFigure) -> go.Figure:
    """Draw how many crews have which chance of success, cost or duration."""
    found = _pick(spread, figure)
    scale = scale_of(figure, found.quartiles.median if found else 0.0)
    canvas = new_canvas(f"{scale.title} ({scale.unit})")
    if found is None:
        return say(canvas, _say_nothing(spread))
    edges = [edge * scale.factor for edge in found.edges]
    canvas.add_trace(
        go.Bar(
            name="Crews",
            x=[(left + right) / 2 for left, right in pairwise(edges)],
            y=list(found.counts),
            width=[right - left for left, right in pairwise(edges)],
            hovertext=[
                hover_text(f"{scale.show(left)} to {scale.show(right)}", format_count(count, "crew"))
                for (left, right), count in zip(pairwise(found.edges), found.counts, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    _mark_middle(canvas, found, scale)
    canvas.update_layout(height=HEIGHT, showlegend=False, bargap=0.06)
    canvas.update_xaxes(title_text=scale.unit, range=[edges[0], edges[-1]], nticks=7)
    highest = max(found.counts)
    ticks = {"dtick": 1} if highest <= FEW else {"nticks": 5}  # there are no half crews
    canvas.update_yaxes(title_text="crews", range=[0, highest * ROOM_ABOVE], tickformat=",d", **ticks)
    return canvas


def describe_job_distribution(spread: Spread, figure: JobFigure) -> str:
    """Say in words what the figure shows."""
    found = _pick(spread, figure)
    if found is None:
        return _say_nothing(spread)
    scale, middle = scale_of(figure), found.quartiles
    low, median, high = (scale.show(value) for value in (middle.q1, middle.median, middle.q3))
    said = [
        f"{scale.title} of {format_count(found.total, 'crew')}: half of them are between {low} and {high}, "
        f"with {median} in the middle."
    ]
    if found.above:
        said.append(f"{format_count(found.above, 'crew')} beyond {scale.show(found.edges[-1])} not drawn.")
    if missing := spread.crews - found.total:
        said.append(f"The cost of {format_count(missing, 'crew')} is not known.")
    return " ".join(said)


def tabulate_job_distribution(spread: Spread, figure: JobFigure) -> Table:
    """Return the bins; the last row holds what lies beyond them."""
    unit = {"success": "0 to 1", "cost": "USD", "duration": "seconds"}[figure]
    found = _pick(spread, figure)
    rows: list[tuple[Cell, ...]] = []
    if found is not None:
        rows = [(left, right, count) for (left, right), count in zip(pairwise(found.edges), found.counts, strict=True)]
        rows.append((found.edges[-1], None, found.above))
    title = f"{scale_of(figure).title} of the crews"
    return Table(title=title, columns=(f"from, {unit}", f"to, {unit}", "crews"), rows=tuple(rows))


def _pick(spread: Spread, figure: JobFigure) -> Distribution | None:
    return {"success": spread.success, "cost": spread.cost_usd, "duration": spread.duration_s}[figure]


def _say_nothing(spread: Spread) -> str:
    return "The cost is not known, because the price of a model is not." if spread.crews else "No crews yet."


def _mark_middle(canvas: go.Figure, found: Distribution, scale: Scale) -> None:
    """Draw a line at the median and one from quartile to quartile above the bars."""
    middle, top = found.quartiles, max(found.counts) * 1.06
    at = middle.median * scale.factor
    line = {"color": LINE, "width": 2}
    ends = [middle.q1 * scale.factor, middle.q3 * scale.factor]
    canvas.add_trace(go.Scatter(x=ends, y=[top, top], mode="lines", line=line | {"width": 4}, hoverinfo="skip"))
    dotted = line | {"dash": "dot"}
    canvas.add_trace(go.Scatter(x=[at, at], y=[0, top], mode="lines", line=dotted, hoverinfo="skip"))
    text = f"median {scale.show(middle.median)}"
    canvas.add_annotation(x=at, y=top, text=text, showarrow=False, yanchor="bottom", yshift=2)
