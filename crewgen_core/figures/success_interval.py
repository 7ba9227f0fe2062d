"""How likely the whole and each task are to succeed, with how sure that is."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.table import Table
from crewgen_core.models.value import Quantiles
from crewgen_core.numbers import format_percent, percent_range

Row = tuple[str, Quantiles]


@drawn_once
def build_success_interval(crew: Crew, estimate: Estimate) -> go.Figure:
    """Draw a point with its interval from P10 to P90 for the whole objective and for each task alone."""
    figure = new_canvas("Chance of success (%, with its interval)", rows=len(estimate.by_task) + 1)
    if not estimate.by_task:
        return say(figure, "No tasks.")
    whole, *each = _rows(crew, estimate)
    figure.add_trace(interval_points("Whole objective", [whole], first_row=0, size=14))
    figure.add_trace(interval_points("Each task alone", each, first_row=1, size=9))
    name_rows(figure, [short_label(name) for name, _ in (whole, *each)])
    figure.update_xaxes(title_text="%", range=[0, 100])
    return figure


def describe_success_interval(crew: Crew, estimate: Estimate) -> str:
    """Say in words what the figure shows."""
    parts = [
        f"{name}: {format_percent(success.p50)} ({percent_range(success)})" for name, success in _rows(crew, estimate)
    ]
    return f"Chance of success with its interval. {'; '.join(parts)}."


def tabulate_success_interval(crew: Crew, estimate: Estimate) -> Table:
    """Return the chances, 0 to 1, of the whole and of each task alone."""
    rows = [(name, success.p10, success.p50, success.p90) for name, success in _rows(crew, estimate)]
    return Table(title="Chance of success", columns=("what", "P10", "P50", "P90"), rows=tuple(rows))


def _rows(crew: Crew, estimate: Estimate) -> list[Row]:
    each = zip(crew.tasks, estimate.by_task, strict=False)
    return [("Whole objective", estimate.success), *((task.name, it.success) for task, it in each)]


def interval_points(name: str, rows: list[Row], first_row: int, size: int) -> go.Scatter:
    """Return a point for each chance of success, with its interval, one below the other."""
    return go.Scatter(
        name=name,
        mode="markers",
        marker={"size": size},
        x=[success.p50 * 100 for _, success in rows],
        y=list(range(first_row, first_row + len(rows))),
        error_x={
            "array": [(success.p90 - success.p50) * 100 for _, success in rows],
            "arrayminus": [(success.p50 - success.p10) * 100 for _, success in rows],
            "color": LINE,
            "thickness": 1.4,
        },
        hovertext=[
            hover_text(row, f"about {success.p50:.0%}, probably between {success.p10:.0%} and {success.p90:.0%}")
            for row, success in rows
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
