"""The estimate: headline figures with their ranges, charts, and how each figure was computed."""

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import CALIBRATED_FROM, BasisStatus, Estimate
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
from pages.shared.plain_text import plain

_STATUS_WORDS: dict[BasisStatus, str] = {
    "published": "published figure",
    "derived": "derived from published figures",
    "measured": "measured here",
    "assumption": "assumption",
}

_RANGE_HELP = "Typical value (P50); the small line is the range of 8 in 10 simulated runs (P10 to P90)."


def show_headline(estimate: Estimate) -> None:
    """Show success, cost, duration and tokens: the typical figure, and the range of 8 in 10 runs below it."""
    figures = (
        ("Chance of success", format_percent(estimate.success.p50), percent_range(estimate.success)),
        (
            "Cost per run",
            format_usd(estimate.cost_usd.p50 if estimate.cost_usd else None),
            usd_range(estimate.cost_usd) if estimate.cost_usd else "price of a model not known",
        ),
        ("Duration", format_seconds(estimate.duration_s.p50), seconds_range(estimate.duration_s)),
        ("Tokens", format_tokens(estimate.tokens.p50, unit=""), tokens_range(estimate.tokens)),
    )
    with st.grid(4, min_column_width=150):
        for label, typical, spread in figures:
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
    """Say in a word or two whether the figures rest on own outcomes."""
    if estimate.calibrated:
        st.badge(f"calibrated with {format_count(estimate.own_outcomes, 'own outcome')}", color="green")
    else:
        st.badge(
            "estimate uncalibrated",
            color="orange",
            help=f"Behind these figures: {format_count(estimate.own_outcomes, 'recorded outcome')} of your own runs. "
            f"From {CALIBRATED_FROM} on they count as calibrated.",
        )


def show_estimate(crew: Crew, estimate: Estimate, key: str) -> None:
    """Show what is behind the headline; ``key`` keeps two estimates on one page apart."""
    for sentence in estimate.unknowns:
        st.caption(plain(sentence))
    _show_charts(crew, estimate, key)
    _show_tasks_table(crew, estimate)
    _show_basis(estimate)


def _show_charts(crew: Crew, estimate: Estimate, key: str) -> None:
    from crewgen_core.figures.cost_breakdown import build_cost_breakdown
    from crewgen_core.figures.success_interval import build_success_interval
    from crewgen_core.figures.timeline import build_timeline
    from crewgen_core.figures.token_breakdown import build_token_breakdown

    charts = (
        (
            "success",
            build_success_interval,
            "Chance of success of the whole objective and of each task, with intervals",
        ),
        ("cost", build_cost_breakdown, "Cost of each task in USD, by agent"),
        ("timeline", build_timeline, "When each task starts and ends in a typical run"),
        ("tokens", build_token_breakdown, "Tokens read and written by each task"),
    )
    with st.grid(min_column_width=420, key=f"{key}_charts"):
        for name, build, alt in charts:
            with st.container(border=True):
                figure = build(crew, estimate)
                st.plotly_chart(figure, key=f"{key}_{name}", alt=alt, config={"displayModeBar": False})


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


def _show_basis(estimate: Estimate) -> None:
    with st.expander("How was this computed?"):
        st.caption("Every figure that the estimate rests on, where it comes from, and how far it can be trusted.")
        rows = [
            {
                "Figure": item.name,
                "Value": f"{item.value} {item.unit}".strip(),
                "Status": _STATUS_WORDS[item.status],
                "Source": item.source,
            }
            for item in estimate.basis
        ]
        st.dataframe(rows, hide_index=True)
        shortest = format_seconds(estimate.critical_path_s)
        st.caption(f"Shortest possible duration, if every independent task ran at once: {shortest}.")
