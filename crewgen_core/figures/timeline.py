"""The timeline of a typical run: when each task starts and ends as CrewAI runs them, what decides, and what waits."""

from collections.abc import Sequence

import plotly.graph_objects as go

from crewgen_core.estimation.schedule import Span, schedule
from crewgen_core.estimation.work import sources_of
from crewgen_core.figures.canvas import BAR_WIDTH, FAINT, LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import agent_name, hover_text, interval, short_label
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate, TaskEstimate
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_seconds

MINUTES_FROM = 180
"""Seconds from which the axis counts in minutes."""

LEAST_WAIT_S = 0.5
"""Seconds of waiting that can be seen and are worth telling."""


@drawn_once
def build_timeline(crew: Crew, estimate: Estimate) -> go.Figure:
    """Draw one bar for each task from its start to its end, with the typical durations.

    Tasks that decide how long the run takes are full in colour, those with time to spare are pale. A faint bar in
    front is waiting: all that the task works from is there, but CrewAI's order does not let it start. The dotted line
    is the shortest possible duration, if every task started as soon as it could.
    """
    tasks = estimate.by_task
    spans = _spans(crew, estimate)
    total = max((span.end for span in spans), default=0.0)
    unit, divisor = ("min", 60.0) if total >= MINUTES_FROM else ("s", 1.0)
    figure = new_canvas(f"Timeline of a typical run ({unit})", rows=len(tasks))
    if not tasks:
        return say(figure, "No tasks.")
    names = [task.name for task in crew.tasks]
    order = {agent.key: at for at, agent in enumerate(crew.agents)}
    for agent in sorted({task.agent for task in tasks}, key=lambda key: order.get(key or "", len(order))):
        own = [at for at, task in enumerate(tasks) if task.agent == agent]
        figure.add_trace(
            go.Bar(
                orientation="h",
                width=BAR_WIDTH,
                name=short_label(agent_name(crew, agent)),
                base=[spans[at].start / divisor for at in own],
                x=[(spans[at].end - spans[at].start) / divisor for at in own],
                y=own,
                marker={
                    "opacity": [1 if spans[at].decides else 0.45 for at in own],
                    "line": {"color": LINE, "width": [2 if spans[at].decides else 0 for at in own]},
                },
                hovertext=[_describe(crew, names, tasks[at], spans[at]) for at in own],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    _draw_waits(figure, names, spans, divisor)
    _draw_bound(figure, estimate.critical_path_s / divisor, len(tasks))
    name_rows(figure, [short_label(name) for name in names])
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text=f"{unit} since the start", rangemode="tozero", nticks=7)
    return figure


def describe_timeline(crew: Crew, estimate: Estimate) -> str:
    """Say in words what the figure shows: the chain that decides, who waits, and the shortest possible duration."""
    spans = _spans(crew, estimate)
    if not spans:
        return "No tasks."
    names = [task.name for task in crew.tasks]
    chain = ", then ".join(name for name, span in zip(names, spans, strict=False) if span.decides)
    waiting = [
        f"{name} waits {format_seconds(span.waits)}"
        for name, span in zip(names, spans, strict=False)
        if span.waits >= LEAST_WAIT_S
    ]
    end = format_seconds(max(span.end for span in spans))
    said = f"Timeline of a typical run of {end}. These tasks decide how long it takes: {chain}."
    waits = f" In CrewAI's order {', '.join(waiting)}." if waiting else ""
    return f"{said}{waits} Shortest possible: {format_seconds(estimate.critical_path_s)}."


def tabulate_timeline(crew: Crew, estimate: Estimate) -> Table:
    """Return start, end and waiting of each task, in seconds."""
    names = [task.name for task in crew.tasks]
    rows = [
        (
            name,
            agent_name(crew, task.agent),
            span.ready,
            span.start,
            span.end,
            span.waits,
            "" if span.after is None else names[span.after],
            "yes" if span.decides else "no",
        )
        for name, task, span in zip(names, estimate.by_task, _spans(crew, estimate), strict=False)
    ]
    columns = (
        "task",
        "agent",
        "ready, seconds",
        "start, seconds",
        "end, seconds",
        "waits, seconds",
        "starts after",
        "decides the duration",
    )
    return Table(title="Timeline of a typical run", columns=columns, rows=tuple(rows))


def _spans(crew: Crew, estimate: Estimate) -> tuple[Span, ...]:
    typical = [task.duration_s.p50 for task in estimate.by_task]
    if not typical:
        return ()
    return schedule([task.async_execution for task in crew.tasks], sources_of(crew), typical)


def _draw_waits(figure: go.Figure, names: Sequence[str], spans: Sequence[Span], divisor: float) -> None:
    waiting = [at for at, span in enumerate(spans) if span.waits >= LEAST_WAIT_S]
    if not waiting:
        return
    figure.add_trace(
        go.Bar(
            orientation="h",
            width=BAR_WIDTH,
            name="Waits for others",
            base=[spans[at].ready / divisor for at in waiting],
            x=[spans[at].waits / divisor for at in waiting],
            y=waiting,
            marker={"color": FAINT, "pattern": {"shape": "/", "size": 6, "fgcolor": LINE, "bgcolor": FAINT}},
            hovertext=[hover_text(names[at], _say_wait(names, spans[at])) for at in waiting],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _draw_bound(figure: go.Figure, shortest: float, rows: int) -> None:
    figure.add_trace(
        go.Scatter(
            name="Shortest possible",
            x=[shortest, shortest],
            y=[-0.6, rows - 0.4],
            mode="lines",
            line={"color": LINE, "width": 2, "dash": "dot"},
            hovertext=["If every task started as soon as it could"] * 2,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _say_wait(names: Sequence[str], span: Span) -> str:
    cause = f", until {names[span.after]} has ended" if span.after is not None else ""
    return f"Could start after {span.ready:,.0f} s, waits {span.waits:,.0f} s{cause}"


def _describe(crew: Crew, names: Sequence[str], task: TaskEstimate, span: Span) -> str:
    at = next((at for at, own in enumerate(crew.tasks) if own.key == task.task), 0)
    return hover_text(
        names[at],
        f"Agent: {agent_name(crew, task.agent)}",
        f"From {span.start:,.0f} s to {span.end:,.0f} s",
        f"Takes {interval(task.duration_s, 's')}",
        _say_wait(names, span) if span.waits >= LEAST_WAIT_S else "",
        "Decides how long the run takes" if span.decides else "Has time to spare",
    )
