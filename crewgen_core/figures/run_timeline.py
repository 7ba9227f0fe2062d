"""The timeline of a run: when each task really started and ended, by agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import plotly.graph_objects as go

from crewgen_core.figures.canvas import BAR_WIDTH, LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import agent_name, hover_text, short_label
from crewgen_core.figures.timeline import MINUTES_FROM
from crewgen_core.models.crew import Crew
from crewgen_core.models.run import Run, TaskRun
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_seconds

LEAST_BAR = 0.004
"""Share of the whole that a bar has at least, so that a short task can be seen."""


@dataclass(frozen=True)
class _Span:
    task: TaskRun
    start: float
    """Seconds since the start of the run, as is the end."""
    end: float


@drawn_once
def build_run_timeline(crew: Crew, run: Run, tasks: Sequence[TaskRun], now: datetime) -> go.Figure:
    """Draw a bar for each task that began, from its start to its end, or to ``now``; waiting for people is in it."""
    spans = _spans(run, tasks, now)
    total = max((span.end for span in spans), default=0.0)
    unit, divisor = ("min", 60.0) if total >= MINUTES_FROM else ("s", 1.0)
    figure = new_canvas(f"When each task ran ({unit})", rows=len(tasks))
    if not spans:
        return say(figure, "No task has begun.")
    rows = {task.key: at for at, task in enumerate(tasks)}
    order = {agent.key: at for at, agent in enumerate(crew.agents)}
    for agent in sorted({span.task.agent or "" for span in spans}, key=lambda key: order.get(key, len(order))):
        own = [span for span in spans if (span.task.agent or "") == agent]
        figure.add_trace(
            go.Bar(
                orientation="h",
                width=BAR_WIDTH,
                name=short_label(agent_name(crew, agent or None)),
                base=[span.start / divisor for span in own],
                x=[max(span.end - span.start, LEAST_BAR * total) / divisor for span in own],
                y=[rows[span.task.key] for span in own],
                marker={
                    "opacity": [1 if span.task.state == "completed" else 0.45 for span in own],
                    "line": {"color": LINE, "width": 1},
                },
                hovertext=[_describe(crew, span) for span in own],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    name_rows(figure, [short_label(task.name or task.key) for task in tasks])
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text=f"{unit} since the start", rangemode="tozero", nticks=7)
    return figure


def describe_run_timeline(crew: Crew, run: Run, tasks: Sequence[TaskRun], now: datetime) -> str:
    """Say in words what the figure shows."""
    parts = [
        f"{span.task.name or span.task.key} from {format_seconds(span.start)} to {format_seconds(span.end)} "
        f"({agent_name(crew, span.task.agent)}, {span.task.state})"
        for span in _spans(run, tasks, now)
    ]
    return f"When each task ran, since the start. {'; '.join(parts) or 'No task has begun'}."


def tabulate_run_timeline(crew: Crew, run: Run, tasks: Sequence[TaskRun], now: datetime) -> Table:
    """Return start and end of each task that began, in seconds since the start of the run."""
    rows = [
        (span.task.name, agent_name(crew, span.task.agent), span.task.state, span.start, span.end, span.task.seconds)
        for span in _spans(run, tasks, now)
    ]
    columns = ("task", "agent", "state", "start, seconds", "end, seconds", "took without waiting, seconds")
    return Table(title=f"When each task of run {run.id} ran", columns=columns, rows=tuple(rows))


def _spans(run: Run, tasks: Sequence[TaskRun], now: datetime) -> list[_Span]:
    """Return the tasks that began within this run; those whose results an earlier run left have no start."""
    begun = run.started_at
    if begun is None:
        return []
    spans: list[_Span] = []
    for task in tasks:
        if task.started_at is not None:
            start = max(0.0, (task.started_at - begun).total_seconds())
            end = ((task.finished_at or run.finished_at or now) - begun).total_seconds()
            spans.append(_Span(task, start, max(start, end)))
    return spans


def _describe(crew: Crew, span: _Span) -> str:
    return hover_text(
        span.task.name or span.task.key,
        f"Agent: {agent_name(crew, span.task.agent)}",
        f"From {span.start:,.1f} s to {span.end:,.1f} s",
        "" if span.task.seconds is None else f"Took {format_seconds(span.task.seconds)} without waiting for people",
        f"State: {span.task.state}",
    )
