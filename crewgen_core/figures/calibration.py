"""Whether chances of success were what they said, and cost and time what was predicted."""

import math

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, new_canvas, say
from crewgen_core.figures.frontier import logarithmic_ticks
from crewgen_core.models.calibration import ForecastScore, RatioReport
from crewgen_core.models.table import Table

FEWEST = 30
"""Outcomes below which a reliability diagram is mostly chance and is not drawn."""

ROOM = 0.1
"""Powers of ten that an axis goes on beyond the farthest point."""


@drawn_once
def build_reliability(score: ForecastScore | None, count: int) -> go.Figure:
    """Draw the share that succeeded over the chance that was forecast, with 90% Wilson bars and the diagonal."""
    figure = new_canvas("Forecast and share of successes (%)", rows=8)
    if score is None or count < FEWEST:
        return say(figure, f"Drawn from {FEWEST} outcomes on; there are {count}.")
    figure.add_trace(
        go.Scatter(x=[0, 100], y=[0, 100], mode="lines", line={"color": LINE, "dash": "dot"}, hoverinfo="skip")
    )
    figure.add_trace(
        go.Scatter(
            name="Runs",
            mode="markers",
            marker={"size": 10},
            x=[it.forecast * 100 for it in score.bins],
            y=[it.rate * 100 for it in score.bins],
            error_y={
                "array": [(it.high - it.rate) * 100 for it in score.bins],
                "arrayminus": [(it.rate - it.low) * 100 for it in score.bins],
                "color": LINE,
            },
            hovertext=[f"{it.count} runs: {it.forecast:.0%} forecast, {it.rate:.0%} succeeded" for it in score.bins],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="forecast, %", range=[0, 100])
    figure.update_yaxes(title_text="succeeded, %", range=[0, 100])
    figure.update_layout(showlegend=False)
    return figure


def describe_reliability(score: ForecastScore | None, count: int) -> str:
    """Say in words what the figure shows."""
    if score is None or count < FEWEST:
        return f"There are {count} outcomes; the reliability of forecasts is shown from {FEWEST} on."
    parts = [f"{it.count} runs with {it.forecast:.0%} forecast: {it.rate:.0%} succeeded" for it in score.bins]
    return f"Reliability of forecasts. {'; '.join(parts)}."


def tabulate_reliability(score: ForecastScore | None) -> Table:
    """Return the bins of the diagram."""
    bins = score.bins if score else ()
    rows = tuple((it.count, it.forecast, it.rate, it.low, it.high) for it in bins)
    return Table(title="Reliability", columns=("runs", "forecast", "succeeded", "low", "high"), rows=rows)


@drawn_once
def build_ratio(report: RatioReport, what: str, unit: str) -> go.Figure:
    """Draw what was measured over what was predicted, both on a logarithmic scale, with the diagonal."""
    figure = new_canvas(f"Predicted and actual {what} ({unit})", rows=8)
    if not report.pairs:
        return say(figure, f"No outcome tells the {what} yet.")
    ends = [min(min(pair) for pair in report.pairs), max(max(pair) for pair in report.pairs)]
    figure.add_trace(go.Scatter(x=ends, y=ends, mode="lines", line={"color": LINE, "dash": "dot"}, hoverinfo="skip"))
    figure.add_trace(
        go.Scatter(
            name="Runs",
            mode="markers",
            marker={"size": 8},
            x=[predicted for predicted, _ in report.pairs],
            y=[actual for _, actual in report.pairs],
            hovertemplate="predicted %{x:.4g}, actual %{y:.4g}<extra></extra>",
        )
    )
    prefix = "$" if unit == "USD" else ""
    for axis, title, at in ((figure.layout.xaxis, "predicted", 0), (figure.layout.yaxis, "actual", 1)):
        powers = [math.log10(pair[at]) for pair in report.pairs if pair[at] > 0]
        low, high = min(powers, default=0.0) - ROOM, max(powers, default=1.0) + ROOM
        ticks = logarithmic_ticks(low, high, prefix)
        axis.update(title_text=f"{title}, {unit}", type="log", range=[low, high], **ticks)
    figure.update_layout(showlegend=False)
    return figure


def describe_ratio(report: RatioReport, what: str) -> str:
    """Say in words what the figure shows."""
    if not report.pairs:
        return f"No outcome tells the {what} yet."
    return (
        f"{len(report.pairs)} runs: a typical {what} is {report.factors.p50:.2f} times the prediction, 8 of 10 between "
        f"{report.factors.p10:.2f} and {report.factors.p90:.2f} times."
    )


def tabulate_ratio(report: RatioReport, what: str, unit: str) -> Table:
    """Return every pair."""
    columns = (f"predicted, {unit}", f"actual, {unit}")
    return Table(title=f"Predicted and actual {what}", columns=columns, rows=report.pairs)
