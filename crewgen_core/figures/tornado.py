"""The tornado: what moves a figure of the estimate most, one input at a time, the widest swing at the top."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from crewgen_core.figures.canvas import BAR_WIDTH, LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.computation import Outcome, Sensitivity, Swing
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_percent, format_seconds, format_usd

Figure = Literal["success", "cost", "duration"]

MOST_BARS = 12
"""Inputs that a chart has room for; the table has all of them."""

LEAST_SWING = 0.005
"""Swing, as a share of the figure, below which a bar could not be seen."""


@dataclass(frozen=True)
class _Measure:
    title: str
    axis: str
    read: Callable[[Outcome], float | None]
    show: Callable[[float], str]
    factor: float = 1.0


MEASURES: Mapping[Figure, _Measure] = {
    "success": _Measure("the chance of success", "success, %", lambda it: it.success, format_percent, 100),
    "cost": _Measure("the cost", "USD per run", lambda it: it.cost_usd, format_usd),
    "duration": _Measure("the duration", "minutes", lambda it: it.duration_s, format_seconds, 1 / 60),
}


@drawn_once
def build_tornado(sensitivity: Sensitivity, figure: Figure) -> go.Figure:
    """Draw a bar for each input, from the figure at one end of what the input may be to the figure at the other end."""
    measure = MEASURES[figure]
    base = measure.read(sensitivity.base)
    rows = _rows(sensitivity, figure)[:MOST_BARS]
    drawn = new_canvas(f"What moves {measure.title} most", rows=len(rows))
    if base is None or not rows:
        nothing = "Nothing that may be off moves it."
        return say(drawn, "The cost is not known, because the price of a model is not." if base is None else nothing)
    low = [(swing.low_setting, measure.read(swing.low) or 0.0) for swing in rows]
    high = [(swing.high_setting, measure.read(swing.high) or 0.0) for swing in rows]
    drawn.add_trace(_bars("Input at its low end", rows, low, base, measure))
    drawn.add_trace(_bars("Input at its high end", rows, high, base, measure))
    name_rows(drawn, [short_label(swing.name) for swing in rows])
    drawn.update_layout(barmode="overlay")
    drawn.update_xaxes(title_text=measure.axis, nticks=6)
    drawn.add_annotation(**_base_line(base * measure.factor, len(rows)))
    return drawn


def describe_tornado(sensitivity: Sensitivity, figure: Figure) -> str:
    """Say in words which inputs move the figure most."""
    measure = MEASURES[figure]
    base = measure.read(sensitivity.base)
    if base is None:
        return "The cost is not known, because the price of a model is not."
    parts = [
        f"{swing.name} ({swing.low_setting} to {swing.high_setting}): "
        f"{measure.show(measure.read(swing.low) or 0)} to {measure.show(measure.read(swing.high) or 0)}"
        for swing in _rows(sensitivity, figure)[:3]
    ]
    return f"What moves {measure.title} most, from {measure.show(base)}. {'; '.join(parts)}."


def tabulate_tornado(sensitivity: Sensitivity) -> Table:
    """Return every input with all three figures at both ends."""
    names = ("success", "cost, USD", "duration, seconds")
    columns = (
        "input",
        "low setting",
        "high setting",
        *(f"{name} at {end}" for end in ("low", "high") for name in names),
        "status",
        "source",
    )
    base = sensitivity.base
    rows = [("as estimated", "", "", *_figures(base), *_figures(base), "", "")]
    rows += [
        (it.name, it.low_setting, it.high_setting, *_figures(it.low), *_figures(it.high), it.status, it.source)
        for it in sensitivity.swings
    ]
    return Table(title="What moves the estimate most", columns=columns, rows=tuple(rows))


def _figures(outcome: Outcome) -> tuple[float, float | None, float]:
    return outcome.success, outcome.cost_usd, outcome.duration_s


def _rows(sensitivity: Sensitivity, figure: Figure) -> list[Swing]:
    """Return the inputs that move this figure, the widest swing first."""
    measure = MEASURES[figure]
    base = measure.read(sensitivity.base)
    if base is None:
        return []

    def width(swing: Swing) -> float:
        ends = [measure.read(swing.low) or 0.0, measure.read(swing.high) or 0.0, base]
        return max(ends) - min(ends)

    moving = [swing for swing in sensitivity.swings if width(swing) > LEAST_SWING * base]
    return sorted(moving, key=width, reverse=True)


def _bars(
    name: str, rows: Sequence[Swing], ends: Sequence[tuple[str, float]], base: float, measure: _Measure
) -> go.Bar:
    """Return the bars of one end of all inputs; ``ends`` are the settings with what the figure becomes."""
    return go.Bar(
        orientation="h",
        width=BAR_WIDTH,
        name=name,
        base=[base * measure.factor] * len(rows),
        x=[(end - base) * measure.factor for _, end in ends],
        y=list(range(len(rows))),
        hovertext=[
            hover_text(
                swing.name,
                f"At {setting}: {measure.show(end)}",
                f"As estimated: {measure.show(base)}",
                f"{swing.status}: {swing.source}",
            )
            for swing, (setting, end) in zip(rows, ends, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _base_line(value: float, rows: int) -> dict[str, object]:
    """Return a thin line at the figure as estimated, from the first row to the last."""
    return {
        "x": value,
        "ax": value,
        "y": -0.6,
        "ay": rows - 0.4,
        "xref": "x",
        "axref": "x",
        "yref": "y",
        "ayref": "y",
        "text": "",
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1.4,
        "arrowcolor": LINE,
    }
