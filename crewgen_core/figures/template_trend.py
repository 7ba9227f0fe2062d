"""How a template went over time: crews made from it, and runs judged, week by week."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, new_canvas, say
from crewgen_core.figures.labels import hover_text
from crewgen_core.models.table import Table
from crewgen_core.models.template_figures import TrendPart
from crewgen_core.numbers import format_count, format_percent

TITLE = "Over time, by weeks"
NOTHING = "No crew was made from it yet."
HEIGHT = 320
MOST_TICKS = 6


@drawn_once
def build_trend(found: tuple[TrendPart, ...]) -> go.Figure:
    """Draw crews made as bars, and the share of runs that succeeded with its 90% interval as points."""
    canvas = new_canvas(TITLE)
    canvas.update_layout(height=HEIGHT)
    if not found:
        return say(canvas, NOTHING)
    canvas.update_yaxes(title_text="crews", rangemode="tozero", nticks=5)
    places = list(range(len(found)))
    canvas.add_trace(
        go.Bar(
            name="Crews made",
            x=places,
            y=[it.uses for it in found],
            opacity=0.55,
            width=0.65,
            hovertext=[hover_text(_name(it), format_count(it.uses, "crew")) for it in found],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    _draw_judged(canvas, found)
    step = -(-len(found) // MOST_TICKS)
    shown = places[::step]
    canvas.update_xaxes(
        tickmode="array",
        tickvals=shown,
        ticktext=[f"{found[at].first.day} {found[at].first:%b %Y}" for at in shown],
        range=[-0.6, len(found) - 0.4],
        showgrid=False,
        title_text="weeks, by their first day, UTC",
    )
    return canvas


def _draw_judged(canvas: go.Figure, found: tuple[TrendPart, ...]) -> None:
    """Draw the share of runs that succeeded on an axis of its own, for weeks that have some."""
    judged = [(at, it, it.succeeded / it.runs) for at, it in enumerate(found) if it.runs]
    if not judged:
        return
    canvas.add_trace(
        go.Scatter(
            name="Succeeded, with 90% interval",
            mode="markers",
            yaxis="y2",
            marker={"size": 10, "symbol": "diamond"},
            x=[at for at, _, _ in judged],
            y=[rate * 100 for _, _, rate in judged],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [(it.high - rate) * 100 for _, it, rate in judged],
                "arrayminus": [(rate - it.low) * 100 for _, it, rate in judged],
                "color": LINE,
                "thickness": 1.4,
            },
            hovertext=[hover_text(_name(it), _tell(it)) for _, it, _ in judged],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    canvas.update_layout(
        yaxis2={
            "title": {"text": "success, %"},
            "overlaying": "y",
            "side": "right",
            "range": [0, 104],
            "tickmode": "array",
            "tickvals": [0, 25, 50, 75, 100],
            "showgrid": False,
            "automargin": True,
        }
    )


def describe_trend(found: tuple[TrendPart, ...]) -> str:
    """Say in words what the figure shows: all of it, and the newest week."""
    if not found:
        return NOTHING
    crews, runs, newest = sum(it.uses for it in found), sum(it.runs for it in found), found[-1]
    weeks = format_count(len(found), "week")
    made = f"{format_count(crews, 'crew')} made and {format_count(runs, 'run')} judged in {weeks}."
    if len(found) == 1:
        return f"{made} {_tell(newest).capitalize()}."
    return f"{made} The newest, the {_name(newest)}: {format_count(newest.uses, 'crew')}, {_tell(newest)}."


def tabulate_trend(found: tuple[TrendPart, ...]) -> Table:
    """Return the figures of each week."""
    return Table(
        title="Template over time",
        columns=("week from", "crews made", "runs judged", "succeeded", "low (90%)", "high (90%)"),
        rows=tuple(
            (
                f"{it.first}",
                it.uses,
                it.runs,
                it.succeeded,
                it.low if it.runs else None,
                it.high if it.runs else None,
            )
            for it in found
        ),
    )


def _name(it: TrendPart) -> str:
    return f"week of {it.first.day} {it.first:%b %Y}"


def _tell(it: TrendPart) -> str:
    if not it.runs:
        return "no run judged"
    interval = f"{format_percent(it.low)} to {format_percent(it.high)}"
    return f"{it.succeeded:,} of {format_count(it.runs, 'run')} succeeded ({interval})"
