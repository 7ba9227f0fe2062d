"""Shares: who made crews, which templates they came from, and why requests failed; a bar for each."""

from collections.abc import Sequence

import plotly.graph_objects as go

from crewgen_core.figures.analytics_axis import space_counts
from crewgen_core.figures.canvas import BAR_WIDTH, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.analytics import EngineShare, Problem, TemplateShare
from crewgen_core.models.design import BUILT_IN
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_count, format_percent

MOST_BARS = 12
NO_TEMPLATE = "Without a template"

Share = tuple[str, int]


def engine_name(model: str, fallback: bool) -> str:
    """Return "Built-in", the model's name, or "Built-in because … failed"."""
    return f"{BUILT_IN} because {model or 'a model'} failed" if fallback else model or BUILT_IN


def list_engines(engines: Sequence[EngineShare]) -> list[Share]:
    """Return who made how many crews."""
    return [(engine_name(it.model, it.fallback), it.crews) for it in engines]


def list_templates(templates: Sequence[TemplateShare]) -> list[Share]:
    """Return how many crews came from which template."""
    return [(it.name or NO_TEMPLATE, it.crews) for it in templates]


def list_problems(problems: Sequence[Problem]) -> list[Share]:
    """Return how often what went wrong."""
    return [(f"{it.reason} (Built-in took over)" if it.fell_back else it.reason, it.count) for it in problems]


@drawn_once
def build_shares(title: str, shares: Sequence[Share], noun: str = "crew") -> go.Figure:
    """Draw a bar for each, the longest first; ``noun`` is what is counted."""
    shown, total = shares[:MOST_BARS], sum(count for _, count in shares)
    canvas = new_canvas(title, rows=len(shown))
    if not shown:
        return say(canvas, _say_nothing(noun))
    canvas.add_trace(
        go.Bar(
            orientation="h",
            width=BAR_WIDTH,
            x=[count for _, count in shown],
            y=list(range(len(shown))),
            hovertext=[
                hover_text(name, format_count(count, noun), f"{format_percent(count / total)} of {total:,}")
                for name, count in shown
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    name_rows(canvas, [short_label(name) for name, _ in shown])
    canvas.update_layout(showlegend=False)
    canvas.update_xaxes(title_text=f"{noun}s", **space_counts(max(count for _, count in shown)))
    return canvas


def describe_shares(title: str, shares: Sequence[Share], noun: str = "crew") -> str:
    """Say in words what the figure shows."""
    if not shares:
        return _say_nothing(noun)
    shown, total = shares[:MOST_BARS], sum(count for _, count in shares)
    told = [
        f"{name.rstrip('.')}: {format_count(count, noun)} ({format_percent(count / total)})" for name, count in shown
    ]
    more = len(shares) - MOST_BARS
    return f"{title}. {'; '.join(told)}." + (f" {more:,} smaller ones not drawn." if more > 0 else "")


def tabulate_shares(title: str, shares: Sequence[Share], noun: str = "crew") -> Table:
    """Return all of them."""
    total = sum(count for _, count in shares)
    rows = tuple((name, count, count / total) for name, count in shares)
    return Table(title=title, columns=("what", f"{noun}s", "share"), rows=rows)


def _say_nothing(noun: str) -> str:
    return f"No {noun}s in this range."
