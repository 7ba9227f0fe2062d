"""Going on with the crews of a job: checking or optimizing all of them, or some, as a further job."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from crewgen_core.models.job import Item, ItemQuery, Job, JobKind, JobSettings, NewJob
from crewgen_core.models.optimization import Goal, Limits
from pages.shared.bulk_actions import act
from pages.shared.bulk_scope import choose_scope
from pages.shared.handover import open_job
from pages.shared.optimize_goals import GOALS
from pages.shared.plain_text import shorten
from pages.shared.session import front_door

_STARTED = "follow_up_started"
"""Key of the session's state: the id of the job that was started by the click that this run answers."""

_WORK: dict[str, JobKind] = {"Check": "validate", "Optimize": "optimize"}


def show_follow_up(job: Job, query: ItemQuery, chosen: Sequence[Item]) -> None:
    """Show what else can be done with the crews of a job, once there are any."""
    if not job.completed:
        return
    with st.expander("Check or optimize these crews", icon=":material/speed:", key=f"bulk_follow_up_{job.id}"):
        work = st.segmented_control("Work", list(_WORK), default="Check", required=True, key="follow_up_work")
        kind = _WORK[work or "Check"]
        settings = _read_optimizing() if kind == "optimize" else _read_checking()
        wanted = choose_scope(query, chosen, f"follow_up_scope_{job.id}")
        name = st.text_input(
            "Name of the new job",
            shorten(f"{work}: {job.name}", 200),
            max_chars=300,
            key=f"follow_up_name_{job.id}_{kind}",
        )
        new = NewJob(
            name=name.strip() or f"{work}: job {job.id}",
            kind=kind,
            priority=job.priority,
            settings=settings,
            source_job_id=job.id,
        )
        if st.button(
            f"{work} the crews",
            key="start_follow_up",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(job.id, new, wanted),
        ):
            if started := st.session_state.pop(_STARTED, None):
                open_job(started)
            st.rerun()  # the whole page: it says what is wrong


def _start(job_id: int, new: NewJob, wanted: ItemQuery) -> None:
    """Start the job, as a callback; a second click that comes meanwhile starts nothing."""
    if st.session_state.get(_STARTED) is None:
        act(lambda: st.session_state.update({_STARTED: front_door().bulk.follow_up(job_id, new, wanted).id}))


def _read_checking() -> JobSettings:
    st.caption("Every crew is checked against all rules and priced once more, with what is known about models today.")
    apply = st.checkbox(
        "Apply all fixes, as a new version of each crew",
        key="follow_up_mend",
        help="Otherwise it is only said what would change. Every version stays, so nothing is lost.",
    )
    return JobSettings(apply=apply)


def _read_optimizing() -> JobSettings:
    chosen: Goal | None = st.segmented_control(
        "Goal",
        list(GOALS),
        format_func=lambda one: GOALS[one][0],
        default="cost",
        required=True,
        key="follow_up_goal",
    )
    goal: Goal = chosen or "cost"
    st.caption(GOALS[goal][1])
    with st.grid(3, min_column_width=200):
        budget = st.number_input(
            "Most that a run may cost (USD)",
            min_value=0.0,
            max_value=1_000_000.0,
            value=None,
            step=0.05,
            format="%g",
            key="follow_up_budget",
            placeholder="No limit",
        )
        deadline = st.number_input(
            "Longest that a run may take (minutes)",
            min_value=0.1,
            max_value=525_600.0,
            value=None,
            step=1.0,
            format="%g",
            key="follow_up_deadline",
            placeholder="No limit",
        )
        success = st.number_input(
            "Least chance of success (%)",
            min_value=1,
            max_value=99,
            value=None,
            step=5,
            key="follow_up_success",
            placeholder="None",
        )
    apply = st.checkbox(
        "Apply the changes, as a new version of each crew",
        key="follow_up_apply",
        help="Otherwise it is only said what would change. Limits that an objective states are kept, too.",
    )
    limits = Limits(
        budget_usd=None if budget is None else Decimal(str(budget)),
        deadline_minutes=deadline,
        least_success=None if success is None else success / 100,
    )
    return JobSettings(goal=goal, limits=limits, apply=apply)
