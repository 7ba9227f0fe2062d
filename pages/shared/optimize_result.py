"""What an optimization came to: verdict, figures before and after, proof; where nothing fits, what there is instead."""

import streamlit as st

from crewgen_core.models.change import apply_changes
from crewgen_core.models.crew import Crew
from crewgen_core.models.difference import compare_crews
from crewgen_core.models.optimization import Limits, Optimization, Variant
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_usd,
    percent_range,
    seconds_range,
    usd_range,
)
from pages.shared.chart import show_chart
from pages.shared.difference_view import show_differences
from pages.shared.optimize_limits import admit, describe_limits
from pages.shared.plain_text import plain

_EXTREMES = ("cheapest", "fastest", "most successful")

_RANGE_HELP = "Typical value (P50) with every change applied; below, the range of 8 in 10 runs and the value before."


def show_answer(made: Optimization) -> None:
    """Say in a sentence or two what was found."""
    if made.changes:
        st.success(plain(made.verdict), icon=":material/trending_up:")
    elif made.feasible:
        st.info(plain(made.verdict), icon=":material/check_circle:")
    else:
        st.warning(plain(made.verdict), icon=":material/block:")


def show_figures(made: Optimization, then: str = "today") -> None:
    """Show success, cost and duration after the changes, with those before below; ``then`` says when that was."""
    before, after = made.before, made.after
    figures = (
        (
            "Chance of success",
            format_percent(after.success.p50),
            format_percent(before.success.p50),
            percent_range(after.success),
        ),
        (
            "Cost per run",
            format_usd(after.cost_usd.p50 if after.cost_usd else None),
            format_usd(before.cost_usd.p50 if before.cost_usd else None),
            usd_range(after.cost_usd),
        ),
        (
            "Duration",
            format_seconds(after.duration_s.p50),
            format_seconds(before.duration_s.p50),
            seconds_range(after.duration_s),
        ),
    )
    with st.grid(4 if made.break_even_runs else 3, min_column_width=200):
        for label, typical, was, spread in figures:
            st.metric(
                label,
                plain(typical),
                plain(spread),
                delta_color="off",
                delta_arrow="off",
                delta_description=plain(f"{then} {was}"),
                border=True,
                help=_RANGE_HELP,
            )
        if made.break_even_runs:
            st.metric(
                "Pays off after",
                plain(format_count(made.break_even_runs, "run")),
                plain(f"designing it cost {format_usd(made.spent_usd)}"),
                delta_color="off",
                delta_arrow="off",
                border=True,
                help="Runs after which the saving per run has paid what a model was paid for designing the crew.",
            )


def show_before_after(made: Optimization, key: str) -> None:
    """Draw the figures of today's crew and of the chosen one."""
    from crewgen_core.figures import before_after

    before, after = made.before, made.after
    with st.container(border=True):
        show_chart(
            before_after.build_before_after(before, after),
            before_after.describe_before_after(before, after),
            before_after.tabulate_before_after(before, after),
            f"{key}_before_after",
        )


def show_proof(made: Optimization, asked: Limits | None = None) -> None:
    """Say what was compared, how sure the result is, how long it took, and which limits the goal brought along."""
    proof = made.proof
    badge = ":green-badge[:material/verified: proved]" if proof.optimal else ":orange-badge[not proved]"
    brought = describe_limits(made.limits, without=asked) if asked else ""
    added = f"The goal brought its own limits along: {brought}." if brought else ""
    spent = f"Solved in {format_seconds(proof.seconds)}."
    st.markdown(f"{badge} :small[:gray[{plain(f'{proof.remark} {spent} {added}')}]]")


def show_extremes(made: Optimization, *, adjustable: bool = True) -> None:
    """Show the cheapest, the fastest and the most successful crew, each with a button that lets the limits admit it.

    Without ``adjustable`` there are no such buttons: the limits of what was kept stay.
    """
    for variant in made.variants:
        if variant.kind in _EXTREMES:
            with st.container(
                border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                made_of = f"{format_count(variant.agents, 'agent')} with {', '.join(variant.models)}"
                st.markdown(
                    f"**{variant.kind.capitalize()}**: {plain(_say_figures(variant))}\n\n"
                    f":small[:gray[{plain(made_of)}]]"
                )
                if adjustable:
                    _admit_button(variant, made.limits)


def _admit_button(variant: Variant, kept: Limits) -> None:
    st.button(
        "Set the limits to this",
        key=f"admit_{variant.kind.replace(' ', '_')}",
        icon=":material/tune:",
        on_click=admit,
        args=(variant, kept),
        help="Loosens the limits that this crew does not keep, just enough.",
    )


def _say_figures(variant: Variant) -> str:
    effect = variant.effect
    cost = format_usd(effect.cost_usd.p50 if effect.cost_usd else None)
    return f"{cost} per run, {format_seconds(effect.duration_s.p50)}, {format_percent(effect.success.p50)} success"


@st.fragment
def show_crew_difference(made: Optimization, crew: Crew, number: int) -> None:
    """Show, once somebody opens it, what all changes together make of the crew."""
    label = f"What all changes make of version {number}"
    with st.expander(label, key="optimize_difference", on_change="rerun") as difference:
        if difference.open:
            show_differences(compare_crews(crew, apply_changes(crew, made.changes)))
