"""Success of templates, or of the versions of one: shares of runs that succeeded, with their intervals."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.table import Table
from crewgen_core.models.template_figures import SuccessFigure
from crewgen_core.numbers import format_count, format_percent

NOTHING = "No crew was made yet, so nothing can be said."


@drawn_once
def build_success(title: str, found: tuple[SuccessFigure, ...]) -> go.Figure:
    """Draw a row for each: what is expected, and where runs were judged, their share with its 90% interval."""
    canvas = new_canvas(title, rows=len(found))
    if not found:
        return say(canvas, NOTHING)
    canvas.add_trace(
        go.Scatter(
            name="Expected",
            mode="markers",
            marker={"size": 9, "symbol": "circle-open", "line": {"width": 2}},
            x=[it.mean * 100 for it in found],
            y=list(range(len(found))),
            hovertext=[hover_text(it.label, f"Expected: {format_percent(it.mean)}") for it in found],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    judged = [(at, it, it.rate) for at, it in enumerate(found) if it.rate is not None]
    if judged:
        canvas.add_trace(
            go.Scatter(
                name="Succeeded, with 90% interval",
                mode="markers",
                marker={"size": 10, "symbol": "diamond"},
                x=[rate * 100 for _, _, rate in judged],
                y=[at for at, _, _ in judged],
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [(it.high - rate) * 100 for _, it, rate in judged],
                    "arrayminus": [(rate - it.low) * 100 for _, it, rate in judged],
                    "color": LINE,
                    "thickness": 1.4,
                },
                hovertext=[hover_text(it.label, _tell(it)) for _, it, _ in judged],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    name_rows(canvas, [short_label(it.label) for it in found])
    canvas.update_xaxes(title_text="success, %", range=[-2, 103])
    return canvas


def describe_success(found: tuple[SuccessFigure, ...]) -> str:
    """Say in words what the figure shows."""
    return " ".join(f"{it.label}: {_tell(it)}." for it in found) or NOTHING


def tabulate_success(title: str, found: tuple[SuccessFigure, ...]) -> Table:
    """Return the figures, shares from 0 to 1; without a judged run there is no share and no interval."""
    rows = tuple(
        (
            it.label,
            it.runs,
            it.succeeded,
            it.rate,
            it.low if it.runs else None,
            it.high if it.runs else None,
            it.mean,
        )
        for it in found
    )
    columns = ("of", "runs judged", "succeeded", "share", "low (90%)", "high (90%)", "expected")
    return Table(title=title, columns=columns, rows=rows)


def _tell(it: SuccessFigure) -> str:
    expected = f"expected {format_percent(it.mean)}"
    if it.rate is None:
        return f"no run judged yet, {expected}"
    interval = f"{format_percent(it.low)} to {format_percent(it.high)}"
    runs = format_count(it.runs, "run")
    return f"{it.succeeded:,} of {runs} succeeded, {format_percent(it.rate)} ({interval}), {expected}"
