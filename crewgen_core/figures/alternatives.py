"""How likely the alternatives are to succeed, side by side: where their intervals overlap, chance does not choose."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import short_label
from crewgen_core.figures.success_interval import Row, interval_points
from crewgen_core.models.alternative import Comparison
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_percent, percent_range


@drawn_once
def build_alternatives(comparison: Comparison) -> go.Figure:
    """Draw the chance of success of each alternative with its interval from P10 to P90, the best bet at the top."""
    figure = new_canvas("Chance of success (%, with its interval)", rows=len(comparison.alternatives))
    if not comparison.alternatives:
        return say(figure, "No crews to compare.")
    rows: list[Row] = [(alternative.title, alternative.estimate.success) for alternative in comparison.alternatives]
    figure.add_trace(interval_points("Whole objective", rows, first_row=0, size=12))
    name_rows(figure, [short_label(name) for name, _ in rows])
    figure.update_xaxes(title_text="%", range=[0, 100])
    return figure


def describe_alternatives(comparison: Comparison) -> str:
    """Say in words what the figure shows."""
    parts = [
        f"{it.title}: {format_percent(it.estimate.success.p50)} ({percent_range(it.estimate.success)})"
        for it in comparison.alternatives
    ]
    return f"Chance of success of each crew, with its interval. {'; '.join(parts) or 'No crews'}."


def tabulate_alternatives(comparison: Comparison) -> Table:
    """Return the figures of each crew, the best bet first."""
    ranks = ("P10", "P50", "P90")
    columns = (
        "crew",
        *(f"success {rank}" for rank in ranks),
        *(f"cost {rank}, USD" for rank in ranks),
        *(f"duration {rank}, seconds" for rank in ranks),
    )
    rows: list[tuple[str | float | None, ...]] = []
    for it in comparison.alternatives:
        success, cost, took = it.estimate.success, it.estimate.cost_usd, it.estimate.duration_s
        costs = (None, None, None) if cost is None else (float(cost.p10), float(cost.p50), float(cost.p90))
        rows.append((it.title, success.p10, success.p50, success.p90, *costs, took.p10, took.p50, took.p90))
    return Table(title="Alternatives", columns=columns, rows=tuple(rows))
