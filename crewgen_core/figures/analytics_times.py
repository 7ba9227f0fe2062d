"""How long generating took: the median and what nine of ten stay below, over time and by engine."""

import plotly.graph_objects as go

from crewgen_core.figures.analytics_axis import mark_time, name_part, space_seconds
from crewgen_core.figures.analytics_shares import engine_name
from crewgen_core.figures.canvas import BAR_WIDTH, LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.analytics import EngineTimes, Period, Times
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_count, format_seconds

NOTHING = "No crews were generated in this range."
MOST_ENGINES = 12

_LINES = (("Median", "median_s"), ("90% stay below", "p90_s"))


@drawn_once
def build_times(times: tuple[Times, ...], parts: tuple[Period, ...], whole: Period) -> go.Figure:
    """Draw median and P90 of the seconds for each part of a range, on a logarithmic axis."""
    canvas = new_canvas("Generating time (seconds)")
    found = [(at, it) for at, it in enumerate(times) if it.crews]
    if not found:
        return say(canvas, NOTHING)
    for name, field in _LINES:
        canvas.add_trace(
            go.Scatter(
                name=name,
                x=[at for at, _ in found],
                y=[getattr(it, field) for _, it in found],
                mode="lines+markers",
                marker={"size": 6},
                hovertext=[hover_text(name_part(parts[at], whole), *_facts(it)) for at, it in found],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    drawn = [value for _, it in found for value in (it.median_s, it.p90_s) if value is not None]
    canvas.update_yaxes(title_text="seconds (logarithmic)", **space_seconds(drawn))
    mark_time(canvas, list(parts), whole)
    return canvas


def describe_times(times: tuple[Times, ...], parts: tuple[Period, ...], whole: Period) -> str:
    """Say in words what the figure shows."""
    found = [(part, it) for part, it in zip(parts, times, strict=True) if it.crews]
    if not found:
        return NOTHING
    part, slowest = max(found, key=lambda one: one[1].median_s or 0)
    last_part, last = found[-1]
    return (
        f"Generating {format_count(sum(it.crews for _, it in found), 'crew')}. Last: {name_part(last_part, whole)}, "
        f"{'; '.join(_facts(last)[:2])}. Slowest: {name_part(part, whole)}, {_facts(slowest)[0]}. At most 5% off."
    )


def tabulate_times(times: tuple[Times, ...], parts: tuple[Period, ...]) -> Table:
    """Return the figures of each part."""
    rows = tuple(
        (f"{part.first}", f"{part.last}", it.crews, it.median_s, it.p90_s)
        for part, it in zip(parts, times, strict=True)
    )
    return Table(title="Generating time", columns=("from", "to", "crews", "median, s", "P90, s"), rows=rows)


@drawn_once
def build_engine_times(engines: tuple[EngineTimes, ...]) -> go.Figure:
    """Draw the median of each engine, with a line to its P90."""
    shown = engines[:MOST_ENGINES]
    canvas = new_canvas("Generating time by engine (seconds)", rows=len(shown))
    if not shown:
        return say(canvas, NOTHING)
    canvas.add_trace(
        go.Bar(
            orientation="h",
            width=BAR_WIDTH,
            x=[it.median_s for it in shown],
            y=list(range(len(shown))),
            error_x={
                "type": "data",
                "symmetric": False,
                "color": LINE,
                "array": [(it.p90_s or 0) - (it.median_s or 0) for it in shown],
                "arrayminus": [0] * len(shown),
            },
            hovertext=[hover_text(engine_name(it.model, it.fallback), *_facts(it)) for it in shown],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    name_rows(canvas, [short_label(engine_name(it.model, it.fallback)) for it in shown])
    canvas.update_layout(showlegend=False)
    canvas.update_xaxes(title_text="seconds: median, 9 in 10 to the line's end", rangemode="tozero", nticks=6)
    return canvas


def describe_engine_times(engines: tuple[EngineTimes, ...]) -> str:
    """Say in words what the figure shows."""
    if not engines:
        return NOTHING
    told = [f"{engine_name(it.model, it.fallback)}: {', '.join(_facts(it))}" for it in engines[:MOST_ENGINES]]
    return f"Generating time by engine. {'; '.join(told)}."


def tabulate_engine_times(engines: tuple[EngineTimes, ...]) -> Table:
    """Return the figures of all engines."""
    rows = tuple((engine_name(it.model, it.fallback), it.crews, it.median_s, it.p90_s) for it in engines)
    return Table(title="Generating time by engine", columns=("engine", "crews", "median, s", "P90, s"), rows=rows)


def _facts(it: Times) -> tuple[str, ...]:
    if it.median_s is None or it.p90_s is None:
        return ("no crews",)
    return (
        f"median {format_seconds(it.median_s)}",
        f"90% below {format_seconds(it.p90_s)}",
        format_count(it.crews, "crew"),
    )
