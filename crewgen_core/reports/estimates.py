"""Estimates in a report: the figures that matter, whose they are, and what they rest on."""

from collections.abc import Iterator

from crewgen_core.models.crew import Crew
from crewgen_core.models.document import Block, Figure, Figures, Grid, Point, Points, Prose, Section
from crewgen_core.models.estimate import AgentEstimate, Estimate
from crewgen_core.numbers import (
    format_percent,
    format_seconds,
    format_tokens,
    format_usd,
    percent_range,
    seconds_range,
    tokens_range,
    usd_range,
)

EIGHT_IN_TEN = "in 8 of 10 runs"


def list_figures(estimate: Estimate) -> Figures:
    """Return success, cost, duration and tokens, each with its interval."""
    cost = estimate.cost_usd
    return Figures(
        figures=(
            Figure(
                label="Chance of success",
                value=format_percent(estimate.success.p50),
                note=f"likely {percent_range(estimate.success)}",
            ),
            Figure(
                label="Cost per run",
                value=format_usd(cost.p50 if cost else None),
                note=f"{usd_range(cost)} {EIGHT_IN_TEN}" if cost else "the price of a model is not known",
            ),
            Figure(
                label="Duration",
                value=format_seconds(estimate.duration_s.p50),
                note=f"{seconds_range(estimate.duration_s)} {EIGHT_IN_TEN}",
            ),
            Figure(
                label="Tokens",
                value=format_tokens(estimate.tokens.p50, unit=""),
                note=f"{tokens_range(estimate.tokens)} {EIGHT_IN_TEN}",
            ),
        )
    )


def describe_shares(estimate: Estimate, crew: Crew) -> Section:
    """Return what each agent costs and takes."""
    return Section(title="What it costs and takes", blocks=tuple(_share_out(estimate, crew)), new_page=True)


def describe_basis(estimate: Estimate) -> Section:
    """Return every figure that the estimate rests on, with its source."""
    basis = Grid(
        columns=("What", "Value", "Kind", "Source"),
        rows=tuple((one.name, f"{one.value} {one.unit}".strip(), one.status, one.source) for one in estimate.basis),
        widths=(3, 2.2, 1.8, 5),
    )
    return Section(title="What the figures rest on", blocks=(basis,), new_page=True)


def _share_out(estimate: Estimate, crew: Crew) -> Iterator[Block]:
    roles = {agent.key: agent.role for agent in crew.agents}
    if crew.manager:
        roles[crew.manager.key] = crew.manager.role
    yield Grid(
        columns=("Agent", "Model", "Model calls", "Cost", "Tokens", "Time at work"),
        rows=tuple(_describe(one, roles.get(one.agent, one.agent)) for one in estimate.by_agent),
        widths=(3, 2.5, 1.2, 2.4, 2.4, 2.4),
        numbers=(2,),
    )
    if estimate.unknowns:
        yield Prose(text="Not known, and counted with a wider range:")
        yield Points(points=tuple(Point(text=unknown) for unknown in estimate.unknowns))


def _describe(one: AgentEstimate, role: str) -> tuple[str, ...]:
    return (
        role,
        one.model,
        f"{one.calls:.1f}",
        usd_range(one.cost_usd),
        tokens_range(one.tokens),
        seconds_range(one.duration_s),
    )
