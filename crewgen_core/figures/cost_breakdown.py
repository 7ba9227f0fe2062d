"""Cost by task, coloured by agent."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import BAR_WIDTH, LINE, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import agent_name, hover_text, short_label
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.table import Table
from crewgen_core.models.value import UsdQuantiles
from crewgen_core.numbers import format_usd

Row = tuple[str, str | None, UsdQuantiles]
"""What a bar is about, the agent that it belongs to, and its cost."""


@drawn_once
def build_cost_breakdown(crew: Crew, estimate: Estimate) -> go.Figure:
    """Draw the typical cost of each task, and of a manager's own calls, with the range of 8 in 10 runs."""
    rows = _rows(crew, estimate)
    known = "" if estimate.cost_usd else ", where prices are known"
    figure = new_canvas(f"Cost by task and agent (USD per run{known})", rows=len(rows))
    if not rows:
        unknown = "The cost is not known, because the price of a model is not." if estimate.by_task else "No tasks."
        return say(figure, unknown)
    for agent in dict.fromkeys(agent for _, agent, _ in _agents_first(crew, rows)):
        own = [(at, name, cost) for at, (name, of, cost) in enumerate(rows) if of == agent]
        figure.add_trace(_bars(agent_name(crew, agent), own))
    name_rows(figure, [short_label(name) for name, _, _ in rows])
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text="USD per run", tickprefix="$", rangemode="tozero")
    return figure


def describe_cost_breakdown(crew: Crew, estimate: Estimate) -> str:
    """Say in words what the figure shows: each bar with its typical cost."""
    parts = [f"{name}: {format_usd(cost.p50)}" for name, _, cost in _rows(crew, estimate)]
    return f"Cost of each task in USD, by agent. {'; '.join(parts) or 'Not known'}."


def tabulate_cost_breakdown(crew: Crew, estimate: Estimate) -> Table:
    """Return the cost of each task, and of a manager's own calls."""
    columns = ("task", "agent", *(f"cost {rank}, USD" for rank in ("P10", "P50", "P90")))
    rows = [
        (name, agent_name(crew, agent), float(cost.p10), float(cost.p50), float(cost.p90))
        for name, agent, cost in _rows(crew, estimate)
    ]
    return Table(title="Cost by task and agent", columns=columns, rows=tuple(rows))


def _rows(crew: Crew, estimate: Estimate) -> list[Row]:
    names = [task.name for task in crew.tasks]
    rows: list[Row] = [
        (name, task.agent, task.cost_usd)
        for name, task in zip(names, estimate.by_task, strict=False)
        if task.cost_usd is not None
    ]
    workers = {task.agent for task in estimate.by_task}
    rows += [
        (f"{agent_name(crew, agent.agent)}: coordination", agent.agent, agent.cost_usd)
        for agent in estimate.by_agent
        if crew.process == "hierarchical" and agent.agent not in workers and agent.cost_usd is not None
    ]
    return rows


def _agents_first(crew: Crew, rows: list[Row]) -> list[Row]:
    """Sort by the crew's order of agents, so that an agent has the same colour on every figure."""
    order = {agent.key: at for at, agent in enumerate(crew.agents)}
    return sorted(rows, key=lambda row: order.get(row[1] or "", len(order)))


def _bars(agent: str, own: list[tuple[int, str, UsdQuantiles]]) -> go.Bar:
    middles = [float(cost.p50) for _, _, cost in own]
    return go.Bar(
        orientation="h",
        width=BAR_WIDTH,
        name=short_label(agent),
        x=middles,
        y=[at for at, _, _ in own],
        error_x={
            "array": [float(cost.p90 - cost.p50) for _, _, cost in own],
            "arrayminus": [float(cost.p50 - cost.p10) for _, _, cost in own],
            "color": LINE,
            "thickness": 1.4,
        },
        hovertext=[
            hover_text(name, f"Agent: {agent}", f"about ${cost.p50:.4f} (${cost.p10:.4f} to ${cost.p90:.4f})")
            for _, name, cost in own
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
