"""The estimate: headline figures with their ranges, charts, and what is behind them."""

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import CALIBRATED_FROM, Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_tokens,
    format_usd,
    percent_range,
    seconds_range,
    tokens_range,
    usd_range,
)
from pages.shared.chart import show_chart
from pages.shared.computation_view import (
    get_computation,
    show_computation,
    show_sensitivity,
    show_spread,
    tell_uncorrected,
)
from pages.shared.plain_text import plain

_RANGE_HELP = "Typical value (P50); the small line is the range of 8 in 10 simulated runs (P10 to P90)."

_TIMELINE_HELP = (
    "Full colour: decides how long the run takes. Pale: has time to spare. Hatched: could start, but waits in CrewAI's "
    "order. Dotted line: shortest possible, if each task started as soon as it could."
)


def list_figures(estimate: Estimate) -> tuple[tuple[str, str, str], ...]:
    """Return success, cost, duration and tokens: the name, the typical figure, and the range of 8 in 10 runs."""
    return (
        ("Chance of success", format_percent(estimate.success.p50), percent_range(estimate.success)),
        (
            "Cost per run",
            format_usd(estimate.cost_usd.p50 if estimate.cost_usd else None),
            usd_range(estimate.cost_usd) if estimate.cost_usd else "price of a model not known",
        ),
        ("Duration", format_seconds(estimate.duration_s.p50), seconds_range(estimate.duration_s)),
        ("Tokens", format_tokens(estimate.tokens.p50, unit=""), tokens_range(estimate.tokens)),
    )


def show_headline(estimate: Estimate) -> None:
    """Show the figures, the range of each below it."""
    with st.grid(4, min_column_width=150):
        for label, typical, spread in list_figures(estimate):
            delta = plain(spread)
            st.metric(
                label,
                plain(typical),
                delta,
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=_RANGE_HELP,
            )


def show_calibration_badge(estimate: Estimate) -> None:
    """Say in a few words on how many own outcomes the figures rest, and whether these are enough."""
    counted = format_count(estimate.own_outcomes, "own outcome")
    if estimate.calibrated:
        st.badge(f"calibrated, {counted}", color="green")
    else:
        st.badge(
            f"estimate uncalibrated, {counted}",
            color="orange",
            help=f"Your outcomes correct these figures: from {CALIBRATED_FROM} on they are called calibrated.",
        )


def show_estimate(crew: Crew, estimate: Estimate, key: str, objective: Objective | None = None) -> None:
    """Show what is behind the headline; ``key`` keeps two estimates on one page apart.

    ``objective`` is the one that the estimate was made for: from it come the domain, the budget and the deadline.
    """
    for sentence in estimate.unknowns:
        st.caption(plain(sentence))
    _show_charts(crew, estimate, key)
    if not estimate.by_task:
        return
    with st.spinner("Working it out", show_time=False):
        computation = get_computation(crew, objective)
    show_spread(computation, key)
    tell_uncorrected(estimate, computation)
    _show_tasks_table(crew, estimate)
    with st.expander("What moves these figures most?", key=f"{key}_moves", on_change="rerun") as moves:
        if moves.open:
            tell_uncorrected(estimate, computation)
            show_sensitivity(computation.sensitivity, key)
    with st.expander("How was this computed?", key=f"{key}_computed", on_change="rerun") as computed:
        if computed.open:
            show_computation(estimate, computation, key)


def _show_charts(crew: Crew, estimate: Estimate, key: str) -> None:
    from crewgen_core.figures import cost_breakdown, success_interval, timeline, token_breakdown

    charts = (
        (
            "success",
            success_interval.build_success_interval,
            success_interval.describe_success_interval,
            success_interval.tabulate_success_interval,
        ),
        (
            "cost",
            cost_breakdown.build_cost_breakdown,
            cost_breakdown.describe_cost_breakdown,
            cost_breakdown.tabulate_cost_breakdown,
        ),
        ("timeline", timeline.build_timeline, timeline.describe_timeline, timeline.tabulate_timeline),
        (
            "tokens",
            token_breakdown.build_token_breakdown,
            token_breakdown.describe_token_breakdown,
            token_breakdown.tabulate_token_breakdown,
        ),
    )
    with st.grid(min_column_width=420, key=f"{key}_charts"):
        for name, build, describe, tabulate in charts:
            with st.container(border=True):
                show_chart(build(crew, estimate), describe(crew, estimate), tabulate(crew, estimate), f"{key}_{name}")
                if name == "timeline" and estimate.by_task:
                    st.caption(_TIMELINE_HELP)


def _show_tasks_table(crew: Crew, estimate: Estimate) -> None:
    with st.expander("Figures by task"):
        rows = [
            {
                "Task": task.name,
                "Model": share.model,
                "Model calls": f"{share.calls:.1f}",
                "Success alone": format_percent(share.success.p50),
                "Cost": format_usd(share.cost_usd.p50 if share.cost_usd else None),
                "Duration": format_seconds(share.duration_s.p50),
                "Tokens read": format_tokens(share.tokens_in.p50),
                "Tokens written": format_tokens(share.tokens_out.p50),
            }
            for task, share in zip(crew.tasks, estimate.by_task, strict=False)
        ]
        st.dataframe(rows, hide_index=True)
