"""Predicted against actual: for each task or agent of a run, the range that was predicted and what it took."""

from collections.abc import Callable, Sequence
from typing import Literal

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.run_comparison import Compared, PartComparison
from crewgen_core.models.table import Table
from crewgen_core.numbers import UNKNOWN, format_seconds, format_tokens, format_usd

Measure = Literal["tokens", "cost", "duration"]

_TITLES: dict[Measure, str] = {"tokens": "Tokens", "cost": "Cost (USD)", "duration": "Duration (s)"}

_SHOWN: dict[Measure, Callable[[float], str]] = {
    "tokens": format_tokens,
    "cost": format_usd,
    "duration": format_seconds,
}

PREDICTED, ACTUAL = "Predicted (range of 8 in 10 runs)", "Actual"


@drawn_once
def build_run_comparison(parts: Sequence[PartComparison], measure: Measure) -> go.Figure:
    """Draw for each part the predicted figure, hollow, with its range, and the actual one, full."""
    figure = new_canvas(f"{_TITLES[measure]}: predicted and actual", rows=len(parts))
    figures = [figure_of(part, measure) for part in parts]
    if all(one.predicted is None and one.actual is None for one in figures):
        return say(figure, "Nothing was predicted or measured.")
    hovers = [_describe(part, measure) for part in parts]
    known = [(at, one.predicted) for at, one in enumerate(figures) if one.predicted is not None]
    figure.add_trace(
        go.Scatter(
            name=PREDICTED,
            mode="markers",
            cliponaxis=False,
            marker={"size": 12, "symbol": "circle-open", "line": {"width": 2}},
            x=[it.p50 for _, it in known],
            y=[at - 0.14 for at, _ in known],
            error_x={
                "array": [max(0.0, it.p90 - it.p50) for _, it in known],
                "arrayminus": [max(0.0, it.p50 - it.p10) for _, it in known],
                "color": LINE,
                "thickness": 1.4,
            },
            hovertext=[hovers[at] for at, _ in known],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    measured = [(at, one.actual) for at, one in enumerate(figures) if one.actual is not None]
    figure.add_trace(
        go.Scatter(
            name=ACTUAL,
            mode="markers",
            cliponaxis=False,
            marker={"size": 12, "symbol": "diamond"},
            x=[it for _, it in measured],
            y=[at + 0.14 for at, _ in measured],
            hovertext=[hovers[at] for at, _ in measured],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    name_rows(figure, [short_label(part.name) for part in parts])
    figure.update_xaxes(rangemode="tozero", nticks=6, tickprefix="$" if measure == "cost" else "")
    return figure


def describe_run_comparison(parts: Sequence[PartComparison], measure: Measure) -> str:
    """Say in words what the figure shows."""
    said = [f"{part.name}: {_say(figure_of(part, measure), measure)}" for part in parts]
    return f"{_TITLES[measure]}, predicted and actual. {'; '.join(said)}."


def tabulate_run_comparison(parts: Sequence[PartComparison], title: str) -> Table:
    """Return all figures of all parts; money in USD, time in seconds."""
    rows = [
        (part.name, *(cell for one in (part.tokens, part.cost_usd, part.seconds) for cell in _cells(one)))
        for part in parts
    ]
    columns = tuple(
        f"{name} {figure}"
        for figure in ("tokens", "cost, USD", "duration, seconds")
        for name in ("predicted P10", "predicted P50", "predicted P90", "actual")
    )
    return Table(title=title, columns=("part", *columns), rows=tuple(rows))


def figure_of(part: PartComparison, measure: Measure) -> Compared:
    """Return the figure of a part that a measure names."""
    return {"tokens": part.tokens, "cost": part.cost_usd, "duration": part.seconds}[measure]


def _cells(one: Compared) -> tuple[float | None, ...]:
    predicted = one.predicted
    return (*((predicted.p10, predicted.p50, predicted.p90) if predicted else (None,) * 3), one.actual)


def _say(one: Compared, measure: Measure) -> str:
    show = _SHOWN[measure]
    predicted = UNKNOWN if one.predicted is None else show(one.predicted.p50)
    return f"{predicted} predicted, {'not measured' if one.actual is None else f'{show(one.actual)} actual'}"


def _describe(part: PartComparison, measure: Measure) -> str:
    one, show = figure_of(part, measure), _SHOWN[measure]
    spread = f" ({show(one.predicted.p10)} to {show(one.predicted.p90)})" if one.predicted else ""
    return hover_text(
        part.name,
        f"Predicted: {UNKNOWN if one.predicted is None else show(one.predicted.p50)}{spread}",
        f"Actual: {'not measured' if one.actual is None else show(one.actual)}",
    )
