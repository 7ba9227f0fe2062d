"""A kept optimization: its result again, and each of its changes to be applied or undone."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from crewgen_core.errors import CrewgenError, EditConflict
from crewgen_core.models.stored import OptimizationRow, StoredCrew, StoredOptimization
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd, format_when
from pages.shared.optimize_changes import Offer, say_estimate, show_changes
from pages.shared.optimize_goals import GOALS
from pages.shared.optimize_limits import describe_limits
from pages.shared.optimize_live import OPTIMIZATION
from pages.shared.optimize_result import (
    show_answer,
    show_before_after,
    show_crew_difference,
    show_extremes,
    show_figures,
    show_proof,
)
from pages.shared.optimize_study import follow, move_on, refuse
from pages.shared.plain_text import plain
from pages.shared.session import front_door

MOST_ROWS = 10
"""Optimizations in the list at once."""


@st.fragment
def show_kept(kept: StoredOptimization, newest: StoredCrew) -> None:
    """Show what was found for an earlier or the newest version, and how much of it the newest one has."""
    follow()
    row, made = kept.row, kept.result
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**{GOALS[row.goal][0]}**, for version {row.number}, {format_when(row.created_at)} {_say_state(row)}"
        )
        st.button("Optimize anew", key="optimize_anew", icon=":material/tune:", on_click=_leave)
    show_answer(made)
    if not made.feasible:
        show_extremes(made, adjustable=False)
        return
    show_figures(made, "before")
    base = newest if newest.number == row.number else front_door().crews.get(row.crew_id, row.number)
    stacked = newest.number != (row.applied_number or row.number)
    if stacked and made.changes:
        st.info(
            f"The crew was edited since: it is at version {newest.number} ({plain(newest.note)}). Changes are applied "
            "to that version.",
            icon=":material/call_split:",
        )
    if row.applied:
        st.markdown(f"**Version {newest.number} as it is now:** {say_estimate(newest.estimate)}")
    show_changes(
        Offer(
            made=made,
            crew=newest.crew if stacked else base.crew,
            objective=newest.objective,
            apply=partial(_apply, row.id, expected=newest.number),
            key=f"kept_{row.id}",
            applied=row.applied,
            stacked=stacked,
        )
    )
    if made.changes:
        show_before_after(made, "kept")
    show_proof(made)
    if made.changes:
        show_crew_difference(made, base.crew, row.number)


def show_history(crew_id: int, opened: int | None) -> None:
    """List the optimizations that were kept of a crew, the newest first, each with a way to open it again."""
    rows = front_door().optimizing.list_of(crew_id, limit=MOST_ROWS + 1)
    if not rows:
        return
    st.subheader("Kept optimizations", anchor=False)
    for row in rows[:MOST_ROWS]:
        with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(_say_row(row))
            if row.id == opened:
                st.badge("shown", color="green")
            else:
                st.button("Open", key=f"open_{row.id}", icon=":material/history:", on_click=_open, args=(row.id,))
    if len(rows) > MOST_ROWS:
        st.caption(f"These are the newest {MOST_ROWS}.")


def _say_row(row: OptimizationRow) -> str:
    figures = (
        f"cost {format_usd(row.cost_before_usd)} → {format_usd(row.cost_after_usd)}",
        f"success {format_percent(row.success_before)} → {format_percent(row.success_after)}",
        f"duration {format_seconds(row.duration_before_s)} → {format_seconds(row.duration_after_s)}",
        "proved" if row.optimal else "not proved",
        f"version {row.number}",
        format_when(row.created_at),
    )
    limits = describe_limits(row.limits)
    return f"**{GOALS[row.goal][0]}** {plain(limits)} {_say_state(row)}\n\n:small[:gray[{plain(' · '.join(figures))}]]"


def _say_state(row: OptimizationRow) -> str:
    if not row.change_count:
        return ":gray-badge[no changes]"
    colour = "green" if row.applied else "gray"
    return f":{colour}-badge[{len(row.applied)} of {format_count(row.change_count, 'change')} applied]"


def _apply(optimization_id: int, wanted: Sequence[int], expected: int) -> None:
    """Make a version with just these changes applied; where somebody saved one in between, say so and do nothing."""
    try:
        front_door().optimizing.apply(optimization_id, wanted, expected)
    except EditConflict as problem:
        refuse(EditConflict(str(problem), "Nothing was changed. Look at the newer version, then apply or undo again."))
    except CrewgenError as problem:
        refuse(problem)
    move_on()


def _open(optimization_id: int) -> None:
    st.query_params[OPTIMIZATION] = str(optimization_id)


def _leave() -> None:
    st.query_params.pop(OPTIMIZATION, None)
    move_on()
