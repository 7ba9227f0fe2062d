"""Looking for a better crew: goal and limits are moved, and the answer follows; nothing is stored until it is kept."""

from collections.abc import Sequence
from functools import partial
from zlib import crc32

import streamlit as st

from crewgen_core.errors import CannotOptimize, CrewgenError
from crewgen_core.models.optimization import Goal, Limits, Optimization
from pages.shared.handover import open_crew
from pages.shared.optimize_changes import Offer, show_changes
from pages.shared.optimize_frontier import show_frontier
from pages.shared.optimize_goals import choose_goal
from pages.shared.optimize_limits import read_allowed, read_limits
from pages.shared.optimize_result import (
    show_answer,
    show_before_after,
    show_crew_difference,
    show_extremes,
    show_figures,
    show_proof,
)
from pages.shared.optimize_study import Study, follow, move_on, refuse
from pages.shared.problems import show_problem
from pages.shared.session import front_door

OPTIMIZATION = "optimization"
"""Part of the address that names a kept optimization."""


@st.fragment
def show_live(study: Study) -> None:
    """Show goal, limits and the answer; only this part of the page runs again when one of them moves."""
    follow()
    goal = choose_goal()
    sliders = st.container()
    allowed = read_allowed(study.stored.crew)
    try:
        with st.spinner("Reading the crew in every way of working together", show_time=False):
            frontier = study.frontier(allowed)
        with sliders:
            limits = read_limits(allowed, study, frontier.variants)
        made = study.optimize(goal, limits)
    except CannotOptimize as problem:
        _show_refusal(study, problem)
        return
    show_answer(made)
    if not made.feasible:
        show_extremes(made)
    else:
        show_figures(made)
    with st.grid(2 if made.changes else 1, min_column_width=380):
        with st.container(border=True, key="optimize_frontier"):
            show_frontier(frontier, made)
        if made.changes:
            show_before_after(made, "optimize")
    show_proof(made, limits)
    if made.feasible:
        _show_offer(study, goal, limits, made)


def _show_refusal(study: Study, problem: CannotOptimize) -> None:
    show_problem(problem)
    if st.button("Open its Check tab", key="optimize_check", icon=":material/fact_check:"):
        open_crew(study.stored.crew_id, "Check")


def _show_offer(study: Study, goal: Goal, limits: Limits, made: Optimization) -> None:
    stored = study.stored
    asked = crc32(limits.model_dump_json().encode())
    apply = partial(_keep, study, goal, limits, made)
    show_changes(
        Offer(
            made=made,
            crew=stored.crew,
            objective=stored.objective,
            apply=apply,
            key=f"{stored.crew_id}_{stored.number}_{goal}_{asked}",
            keep=partial(apply, ()),
        )
    )
    if made.changes:
        show_crew_difference(made, stored.crew, stored.number)


def _keep(study: Study, goal: Goal, limits: Limits, made: Optimization, wanted: Sequence[int]) -> None:
    """Store the result and open it, with the wanted changes applied.

    It is solved again to be stored: where that comes to other changes than those shown, none is applied unseen.
    """
    stored, optimizing = study.stored, front_door().optimizing
    try:
        kept = optimizing.optimize_stored(stored.crew_id, goal, limits, stored.number)
        st.query_params[OPTIMIZATION] = str(kept.row.id)
        if [change.edits for change in kept.result.changes] != [change.edits for change in made.changes]:
            raise CannotOptimize(
                "What is known about models changed since this was shown, and with it the result: nothing was applied.",
                "Look at the new result, then apply what you want of it.",
            )
        if wanted:
            optimizing.apply(kept.row.id, wanted, stored.number)
    except CrewgenError as problem:
        refuse(problem)
    move_on()
