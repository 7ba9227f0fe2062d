"""Tokens by task: what agents read and what they write."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import BAR_WIDTH, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import agent_name, hover_text, interval, short_label
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_tokens


@drawn_once
def build_token_breakdown(crew: Crew, estimate: Estimate) -> go.Figure:
    """Draw the typical tokens of each task, read and written, one after the other on a bar."""
    figure = new_canvas("Tokens by task (per run)", rows=len(estimate.by_task))
    if not estimate.by_task:
        return say(figure, "No tasks.")
    names = [task.name for task in crew.tasks]
    for label, kind in (("Read (input)", "tokens_in"), ("Written (output, thinking included)", "tokens_out")):
        amounts = [getattr(task, kind) for task in estimate.by_task]
        figure.add_trace(
            go.Bar(
                orientation="h",
                width=BAR_WIDTH,
                name=label,
                x=[amount.p50 for amount in amounts],
                y=list(range(len(amounts))),
                hovertext=[
                    hover_text(
                        name,
                        f"Agent: {agent_name(crew, task.agent)}",
                        f"{label}: {interval(amount, 'tokens')}",
                        f"Model calls: about {task.calls:.1f}",
                    )
                    for name, task, amount in zip(names, estimate.by_task, amounts, strict=False)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    name_rows(figure, [short_label(name) for name in names])
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title_text="tokens per run", rangemode="tozero")
    return figure


def describe_token_breakdown(crew: Crew, estimate: Estimate) -> str:
    """Say in words what the figure shows."""
    parts = [
        f"{task.name}: {format_tokens(it.tokens_in.p50)} read, {format_tokens(it.tokens_out.p50)} written"
        for task, it in zip(crew.tasks, estimate.by_task, strict=False)
    ]
    return f"Tokens of each task. {'; '.join(parts) or 'No tasks'}."


def tabulate_token_breakdown(crew: Crew, estimate: Estimate) -> Table:
    """Return calls and tokens of each task."""
    ranks = ("P10", "P50", "P90")
    columns = (
        "task",
        "agent",
        "calls",
        *(f"read {rank}, tokens" for rank in ranks),
        *(f"written {rank}, tokens" for rank in ranks),
    )
    rows = [
        (
            name,
            agent_name(crew, it.agent),
            it.calls,
            *(it.tokens_in.p10, it.tokens_in.p50, it.tokens_in.p90),
            *(it.tokens_out.p10, it.tokens_out.p50, it.tokens_out.p90),
        )
        for name, it in zip((task.name for task in crew.tasks), estimate.by_task, strict=False)
    ]
    return Table(title="Tokens by task", columns=columns, rows=tuple(rows))
