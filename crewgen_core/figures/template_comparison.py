"""Cost and time of a template's crews beside those of crews made without a template."""

import math

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.table import Table
from crewgen_core.models.template_figures import Comparison

TITLE = "Beside crews without a template (1 = the same)"
TOO_FEW = "Too few runs and requests yet, with the template or without."

_TICKS = tuple(10.0**power * digit for power in range(-3, 4) for digit in (1, 2, 5))
"""Multiples that are named on the axis, as far as they are in sight."""


@drawn_once
def build_comparison(found: tuple[Comparison, ...]) -> go.Figure:
    """Draw the multiple of each figure with its 90% interval, on a scale where half and double are as far from 1."""
    canvas = new_canvas(TITLE, rows=len(found))
    known = [(at, it, *figures) for at, it in enumerate(found) if (figures := _figures(it))]
    if not known:
        return say(canvas, TOO_FEW)
    canvas.add_trace(
        go.Scatter(
            name="Multiple, with 90% interval",
            mode="markers",
            marker={"size": 11, "symbol": "diamond"},
            x=[ratio for _, _, ratio, _, _ in known],
            y=[at for at, _, _, _, _ in known],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - ratio for _, _, ratio, _, high in known],
                "arrayminus": [ratio - low for _, _, ratio, low, _ in known],
                "color": LINE,
                "thickness": 1.4,
            },
            hovertext=[hover_text(it.figure, _tell(it)) for _, it, *_ in known],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    same = {"type": "line", "x0": 1, "x1": 1, "yref": "paper", "y0": 0, "y1": 1}
    canvas.update_layout(shapes=[{**same, "line": {"color": LINE, "width": 1, "dash": "dot"}}])
    name_rows(canvas, [short_label(it.figure) for it in found])
    least = min(0.5, *(low for *_, low, _ in known)) * 0.9
    most = max(2.0, *(high for *_, high in known)) * 1.1
    ticks = [tick for tick in _TICKS if least <= tick <= most]
    canvas.update_xaxes(
        type="log",
        range=[math.log10(least), math.log10(most)],
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        title_text="multiple",
    )
    return canvas


def describe_comparison(found: tuple[Comparison, ...]) -> str:
    """Say in words what the figure shows."""
    return " ".join(f"{it.figure}: {_tell(it)}." for it in found) or TOO_FEW


def tabulate_comparison(found: tuple[Comparison, ...]) -> Table:
    """Return the multiples, and what is behind them; where there are too few, nothing."""
    return Table(
        title="Cost and time beside crews without a template",
        columns=("figure", "multiple", "low (90%)", "high (90%)", "values with it", "values without a template"),
        rows=tuple((it.figure, it.ratio, it.low, it.high, it.count, it.other_count) for it in found),
    )


def _figures(it: Comparison) -> tuple[float, float, float] | None:
    if it.ratio is None or it.low is None or it.high is None or min(it.ratio, it.low) <= 0:
        return None
    return it.ratio, it.low, it.high


def _tell(it: Comparison) -> str:
    behind = f"{it.count:,} with it against {it.other_count:,} without"
    if it.ratio is None or it.low is None or it.high is None:
        return f"too few to say ({behind})"
    return f"{it.ratio:.2f} times ({it.low:.2f} to {it.high:.2f}; {behind})"
