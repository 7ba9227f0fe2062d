"""Success over time: what estimates said of the crews that were generated, and what came of runs."""

import plotly.graph_objects as go

from crewgen_core.figures.analytics_axis import mark_time, name_part
from crewgen_core.figures.canvas import drawn_once, new_canvas, say
from crewgen_core.figures.labels import hover_text
from crewgen_core.models.analytics import Actual, Bucket, Period, Predicted
from crewgen_core.models.table import Cell, Table
from crewgen_core.numbers import format_count, format_percent

NOTHING = "No crews and no outcomes in this range."
NO_OUTCOMES = "No run of this range has an outcome yet."
BAND = "rgba(128,128,128,0.22)"


@drawn_once
def build_success(buckets: tuple[Bucket, ...], whole: Period) -> go.Figure:
    """Draw the mean prediction with its mean interval as a band, and actual shares with their intervals as points."""
    canvas = new_canvas("Success, predicted and actual (%)")
    predicted = [(at, it.period, it.predicted) for at, it in enumerate(buckets) if it.predicted]
    actual = [(at, it.period, it.actual) for at, it in enumerate(buckets) if it.actual]
    if not predicted and not actual:
        return say(canvas, NOTHING)
    if predicted:
        _draw_predicted(canvas, predicted, whole)
    if actual:
        _draw_actual(canvas, actual, whole)
    canvas.update_yaxes(title_text="success, %", range=[0, 103], nticks=6)
    mark_time(canvas, [it.period for it in buckets], whole)
    return canvas


def describe_success(buckets: tuple[Bucket, ...]) -> str:
    """Say in words what the figure shows."""
    predicted = [it.predicted for it in buckets if it.predicted]
    actual = [it.actual for it in buckets if it.actual]
    if not predicted and not actual:
        return NOTHING
    said: list[str] = []
    if predicted:
        crews = sum(it.crews for it in predicted)
        mean, low, high = (
            format_percent(sum(getattr(it, name) * it.crews for it in predicted) / crews)
            for name in ("mean", "p10", "p90")
        )
        said.append(f"Predicted for {format_count(crews, 'crew')}: {mean} on average, mean interval {low} to {high}.")
    if actual:
        runs, succeeded = sum(it.runs for it in actual), sum(it.succeeded for it in actual)
        said.append(
            f"Actual: {succeeded:,} of {format_count(runs, 'run')} succeeded ({format_percent(succeeded / runs)})."
        )
    else:
        said.append(NO_OUTCOMES)
    return " ".join(said)


def tabulate_success(buckets: tuple[Bucket, ...]) -> Table:
    """Return the figures of each part; what is not known is empty."""
    rows: list[tuple[Cell, ...]] = []
    for it in buckets:
        predicted = (
            (it.predicted.crews, it.predicted.mean, it.predicted.p10, it.predicted.p90) if it.predicted else None
        )
        actual = (
            (it.actual.runs, it.actual.succeeded, it.actual.rate, it.actual.low, it.actual.high, it.actual.expected)
            if it.actual
            else None
        )
        rows.append(
            (f"{it.period.first}", f"{it.period.last}", *(predicted or (0, None, None, None)))
            + (actual or (0, None, None, None, None, None))
        )
    columns = (
        *("from", "to", "crews", "predicted mean", "predicted P10", "predicted P90"),
        *("runs with an outcome", "succeeded", "actual share", "actual low (90%)", "actual high (90%)"),
        "predicted for these runs",
    )
    return Table(title="Success over time", columns=columns, rows=tuple(rows))


def _draw_predicted(canvas: go.Figure, found: list[tuple[int, Period, Predicted]], whole: Period) -> None:
    at = [one[0] for one in found]
    ends = [one[2].p90 * 100 for one in found] + [one[2].p10 * 100 for one in reversed(found)]
    canvas.add_trace(
        go.Scatter(
            name="Predicted, range of 8 in 10",
            x=at + at[::-1],
            y=ends,
            fill="toself",
            fillcolor=BAND,
            mode="lines",
            line={"width": 0, "color": BAND},
            hoverinfo="skip",
        )
    )
    canvas.add_trace(
        go.Scatter(
            name="Predicted, mean",
            x=at,
            y=[one[2].mean * 100 for one in found],
            mode="lines+markers",
            marker={"size": 5},
            hovertext=[
                hover_text(
                    name_part(part, whole),
                    f"Predicted: {format_percent(it.mean)}",
                    f"Mean interval: {format_percent(it.p10)} to {format_percent(it.p90)}",
                    format_count(it.crews, "crew"),
                )
                for _, part, it in found
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _draw_actual(canvas: go.Figure, found: list[tuple[int, Period, Actual]], whole: Period) -> None:
    canvas.add_trace(
        go.Scatter(
            name="Actual, with 90% interval",
            x=[at for at, _, _ in found],
            y=[it.rate * 100 for _, _, it in found],
            mode="markers",
            marker={"size": 10, "symbol": "diamond"},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [(it.high - it.rate) * 100 for _, _, it in found],
                "arrayminus": [(it.rate - it.low) * 100 for _, _, it in found],
                "width": 4,
            },
            hovertext=[
                hover_text(
                    name_part(part, whole),
                    f"Actual: {it.succeeded:,} of {format_count(it.runs, 'run')}, {format_percent(it.rate)}",
                    f"90% interval: {format_percent(it.low)} to {format_percent(it.high)}",
                    f"Predicted for these runs: {format_percent(it.expected)}",
                )
                for _, part, it in found
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
