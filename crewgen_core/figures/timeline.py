"""The timeline of a typical run: when each task starts and ends, as CrewAI runs them."""

import plotly.graph_objects as go

from crewgen_core.estimation.duration import replay
from crewgen_core.figures.canvas import BAR_WIDTH, name_rows, new_canvas, say
from crewgen_core.figures.labels import agent_name, hover_text, interval, short_label
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate, TaskEstimate

MINUTES_FROM = 180
"""Seconds from which the axis counts in minutes."""


def build_timeline(crew: Crew, estimate: Estimate) -> go.Figure:
    """Draw one bar for each task from its start to its end, with the typical durations."""
    tasks = estimate.by_task
    spans = replay([task.async_execution for task in crew.tasks], [task.duration_s.p50 for task in tasks], max)
    total = max((end for _, end in spans), default=0.0)
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
                base=[spans[at][0] / divisor for at in own],
                x=[(spans[at][1] - spans[at][0]) / divisor for at in own],
                y=own,
                hovertext=[_describe(crew, names[at], tasks[at], spans[at]) for at in own],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    name_rows(figure, [short_label(name) for name in names])
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text=f"{unit} since the start", rangemode="tozero")
    return figure


def _describe(crew: Crew, name: str, task: TaskEstimate, span: tuple[float, float]) -> str:
    return hover_text(
        name,
        f"Agent: {agent_name(crew, task.agent)}",
        f"From {span[0]:,.0f} s to {span[1]:,.0f} s",
        f"Takes {interval(task.duration_s, 's')}",
    )
