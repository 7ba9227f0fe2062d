"""Success or cost of the crews of a job by domain: a box from quartile to quartile for each."""

from typing import Literal

import plotly.graph_objects as go

from crewgen_core.figures.canvas import drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.job_distribution import scale_of
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.spread import DomainSpread, Quartiles, Spread
from crewgen_core.models.table import Cell, Table
from crewgen_core.numbers import format_count

DomainFigure = Literal["success", "cost"]

MOST_DOMAINS = 12
"""Boxes that one figure has room for; the largest domains are drawn, and the rest is said."""

NO_DOMAIN = "(no domain)"

_RANKS = ("low", "q1", "median", "q3", "high")


@drawn_once
def build_job_domains(spread: Spread, figure: DomainFigure) -> go.Figure:
    """Draw a box with its median for each domain, the largest at the top; whiskers end at the last usual crew."""
    rows = _rows(spread, figure)[:MOST_DOMAINS]
    scale = scale_of(figure)
    canvas = new_canvas(f"{scale.title} by domain ({scale.unit})", rows=len(rows))
    if not rows:
        return say(canvas, "No crews yet." if not spread.crews else "No cost is known.")
    ranks = {rank: [getattr(found, rank) * scale.factor for _, found in rows] for rank in _RANKS}
    canvas.add_trace(
        go.Box(
            orientation="h",
            y=list(range(len(rows))),
            lowerfence=ranks["low"],
            q1=ranks["q1"],
            median=ranks["median"],
            q3=ranks["q3"],
            upperfence=ranks["high"],
            width=0.55,
            hoverinfo="skip",
        )
    )
    canvas.add_trace(  # a box has no text of its own to hover
        go.Scatter(
            x=ranks["median"],
            y=list(range(len(rows))),
            mode="markers",
            marker={"size": 9},
            hovertext=[_hover(domain, found, figure) for domain, found in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    name_rows(canvas, [f"{short_label(it.domain or NO_DOMAIN)} ({it.count:,})" for it, _ in rows])
    canvas.update_layout(showlegend=False)
    canvas.update_xaxes(title_text=scale.unit, rangemode="tozero", nticks=6)
    if figure == "success":
        canvas.update_xaxes(range=[0, 100])
    return canvas


def describe_job_domains(spread: Spread, figure: DomainFigure) -> str:
    """Say in words what the figure shows."""
    rows, scale = _rows(spread, figure), scale_of(figure)
    if not rows:
        return "No crews yet." if not spread.crews else "No cost is known."
    parts = [
        f"{it.domain or NO_DOMAIN}: {scale.show(found.median)} in the middle, half between {scale.show(found.q1)} and "
        f"{scale.show(found.q3)} ({format_count(it.count, 'crew')})"
        for it, found in rows[:MOST_DOMAINS]
    ]
    more = len(rows) - MOST_DOMAINS
    rest = f" {format_count(more, 'smaller domain')} not drawn." if more > 0 else ""
    return f"{scale.title} by domain. {'; '.join(parts)}.{rest}"


def tabulate_job_domains(spread: Spread) -> Table:
    """Return the figures of all domains."""
    columns = ("domain", "crews", *(f"success {rank}" for rank in _RANKS), *(f"cost {rank}, USD" for rank in _RANKS))
    rows: list[tuple[Cell, ...]] = []
    for it in spread.domains:
        costs = [getattr(it.cost_usd, rank) for rank in _RANKS] if it.cost_usd else [None] * len(_RANKS)
        rows.append((it.domain, it.count, *(getattr(it.success, rank) for rank in _RANKS), *costs))
    return Table(title="Success and cost by domain", columns=columns, rows=tuple(rows))


def _rows(spread: Spread, figure: DomainFigure) -> list[tuple[DomainSpread, Quartiles]]:
    found = ((it, it.success if figure == "success" else it.cost_usd) for it in spread.domains)
    return [(it, quartiles) for it, quartiles in found if quartiles is not None]


def _hover(it: DomainSpread, found: Quartiles, figure: DomainFigure) -> str:
    show = scale_of(figure).show
    return hover_text(
        it.domain or NO_DOMAIN,
        format_count(it.count, "crew"),
        f"median {show(found.median)}",
        f"half between {show(found.q1)} and {show(found.q3)}",
        f"usual from {show(found.low)} to {show(found.high)}",
    )
