"""What models cost: over time by model, and by the role of the agents that used them."""

from collections.abc import Sequence

import plotly.graph_objects as go

from crewgen_core.figures.analytics_axis import mark_time, name_part
from crewgen_core.figures.canvas import BAR_WIDTH, drawn_once, name_rows, new_canvas, say
from crewgen_core.figures.labels import hover_text, short_label
from crewgen_core.models.analytics import ModelSpend, Period, RoleSpend, Spending
from crewgen_core.models.table import Cell, Table
from crewgen_core.numbers import format_count, format_spent, format_tokens, format_usd

MOST_MODELS = 8
"""Models with a colour of their own; the rest is one more."""

NOTHING = "Nothing was spent on models in this range, as far as it is known."
NO_RUNS = "No run of this range has used a model."


@drawn_once
def build_spend(spending: Spending, whole: Period) -> go.Figure:
    """Draw what each model cost in each part of a range, for generating and for running."""
    canvas = new_canvas("Spend by model (USD)")
    if not any(one.total.usd for one in spending.models):
        return say(canvas, NOTHING)
    for name, amounts in _series(spending.models):
        canvas.add_trace(
            go.Bar(
                name=short_label(name),
                x=list(range(len(amounts))),
                y=amounts,
                hovertext=[
                    hover_text(name, name_part(part, whole), format_usd(amount))
                    for part, amount in zip(spending.parts, amounts, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    canvas.update_layout(barmode="stack", bargap=0.25, showlegend=True)
    canvas.update_yaxes(title_text="USD", rangemode="tozero", tickprefix="$", nticks=5)
    mark_time(canvas, list(spending.parts), whole)
    return canvas


def describe_spend(spending: Spending) -> str:
    """Say in words what the figure shows."""
    if not spending.models:
        return NOTHING
    told = [f"{_name(it)}: {format_spent(it.total.usd, it.total.unknown)}" for it in spending.models[:MOST_MODELS]]
    return (
        f"Spent on generating {format_spent(spending.generating.usd, spending.generating.unknown)}, on running "
        f"{format_spent(spending.running.usd, spending.running.unknown)}. {'; '.join(told)}."
    )


def tabulate_spend(spending: Spending) -> Table:
    """Return the amounts of each model in each part, and how often its price was not known, in all."""
    rows: list[tuple[Cell, ...]] = [
        (it.model, it.purpose, f"{part.first}", f"{part.last}", float(amount))
        for it in spending.models
        for part, amount in zip(spending.parts, it.by_bucket, strict=True)
        if amount
    ]
    rows += [(it.model, it.purpose, "of unknown price", None, None) for it in spending.models if it.total.unknown]
    columns = ("model", "for", "from", "to", "spent, USD")
    return Table(title="Spend by model", columns=columns, rows=tuple(rows))


@drawn_once
def build_roles(roles: Sequence[RoleSpend]) -> go.Figure:
    """Draw what agents of each role cost, the dearest at the top."""
    canvas = new_canvas("Spend of runs by role of the agent (USD)", rows=len(roles))
    if not roles:
        return say(canvas, NO_RUNS)
    canvas.add_trace(
        go.Bar(
            orientation="h",
            width=BAR_WIDTH,
            x=[float(it.total.usd) for it in roles],
            y=list(range(len(roles))),
            hovertext=[hover_text(it.role, *_facts(it)) for it in roles],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    name_rows(canvas, [short_label(it.role) for it in roles])
    canvas.update_layout(showlegend=False)
    canvas.update_xaxes(title_text="USD", rangemode="tozero", tickprefix="$", nticks=5)
    return canvas


def describe_roles(roles: Sequence[RoleSpend]) -> str:
    """Say in words what the figure shows."""
    if not roles:
        return NO_RUNS
    return f"Spend of runs by role. {'; '.join(f'{it.role}: {_facts(it)[0]}' for it in roles)}."


def tabulate_roles(roles: Sequence[RoleSpend]) -> Table:
    """Return the figures of each role."""
    rows = tuple((it.role, it.runs, it.calls, it.tokens, float(it.total.usd), it.total.unknown) for it in roles)
    columns = ("role", "runs", "calls", "tokens", "spent, USD", "parts of unknown price")
    return Table(title="Spend by role", columns=columns, rows=rows)


def _name(it: ModelSpend) -> str:
    return f"{it.model}, {it.purpose}"


def _series(models: Sequence[ModelSpend]) -> list[tuple[str, list[float]]]:
    spent = [it for it in models if it.total.usd]
    series = [(_name(it), [float(amount) for amount in it.by_bucket]) for it in spent[:MOST_MODELS]]
    if rest := spent[MOST_MODELS:]:
        sums = [float(sum(amounts)) for amounts in zip(*(it.by_bucket for it in rest), strict=True)]
        series.append((format_count(len(rest), "other"), sums))
    return series


def _facts(it: RoleSpend) -> tuple[str, ...]:
    return (
        format_spent(it.total.usd, it.total.unknown),
        format_count(it.runs, "run"),
        format_count(it.calls, "model call"),
        format_tokens(it.tokens),
    )
