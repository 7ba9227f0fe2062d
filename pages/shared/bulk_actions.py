"""What can be done with a job as a whole: pause, resume, cancel, try failed rows again, raise its budget."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.job import OPEN_STATES, Job
from crewgen_core.numbers import format_usd
from pages.shared.bulk_words import count_rows
from pages.shared.deleting import delete
from pages.shared.handover import BULK
from pages.shared.plain_text import plain
from pages.shared.presentation import show_present_button
from pages.shared.session import front_door
from pages.shared.starring import show_star
from pages.shared.whose import show_sharing

_PROBLEM, _ACTED_AT = "bulk_problem", "bulk_acted_at"


def act(what: Callable[[], object]) -> None:
    """Do something as a callback; a problem is kept for ``take_problem``, since nothing can be shown there."""
    st.session_state[_ACTED_AT] = datetime.now(UTC)
    try:
        what()
    except CrewgenError as problem:
        keep_problem(problem)


def last_action() -> datetime | None:
    """Return when this person did something with a job last; None when nothing yet."""
    return st.session_state.get(_ACTED_AT)


def keep_problem(problem: CrewgenError) -> None:
    """Keep a problem for ``take_problem``."""
    st.session_state[_PROBLEM] = problem


def take_problem() -> CrewgenError | None:
    """Return the problem of the last action, once."""
    return st.session_state.pop(_PROBLEM, None)


def show_actions(job: Job) -> None:
    """Show the buttons that a job in this state has; those who may not change it can present it."""
    bulk = front_door().bulk
    if not job.may_change:
        show_present_button("job")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if job.state == "running":
            _button("Pause", ":material/pause:", lambda: bulk.pause(job.id), "Rows in hand are still finished.")
        if job.state == "paused":
            _button("Resume", ":material/play_arrow:", lambda: bulk.resume(job.id))
        if again := job.failed + (job.cancelled if job.state == "cancelled" else 0):
            what = "failed" if again == job.failed else "failed or cancelled" if job.failed else "cancelled"
            _button(f"Try {count_rows(again, f'{what} row')} again", ":material/replay:", lambda: bulk.retry(job.id))
        if job.state in OPEN_STATES:
            with st.popover("Cancel", icon=":material/cancel:", key="cancel_job"):
                st.markdown(
                    f"Leave {count_rows(job.pending)} undone? What is finished stays, and cancelled rows can be tried "
                    "again later."
                )
                _button("Cancel the job", ":material/cancel:", lambda: bulk.cancel(job.id))
        show_present_button("job")
        show_star("job", job.id)
        show_sharing(job, "job", lambda shared: bulk.share(job.id, shared))
        if job.state not in OPEN_STATES:
            _offer_delete(job)


def _offer_delete(job: Job) -> None:
    with st.popover("Delete", icon=":material/delete:", key="delete_job_choice"):
        st.markdown("The job goes with its rows. It can be brought back for 30 days.")
        with_crews = job.kind == "generate" and st.checkbox(
            "Delete the crews that it made, too", key="delete_job_crews", help="With their runs and outcomes."
        )
        st.button(
            "Delete the job",
            key="delete_job",
            icon=":material/delete:",
            on_click=delete,
            args=("job", job.id, BULK, with_crews),
        )


def show_pause_reason(job: Job) -> None:
    """Say why a job is not at work; where its budget is used up, offer another one."""
    if not job.state_reason or job.state not in ("paused", "cancelled"):
        return
    st.warning(plain(job.state_reason), icon=":material/pause_circle:")
    can_raise = job.may_change and job.budget_usd is not None and job.resumes_at is None
    if job.state != "paused" or job.budget_usd is None or not can_raise:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        raised = st.number_input(
            "Budget of the whole job (USD)",
            min_value=0.0,
            max_value=1_000_000.0,
            value=float(max(job.budget_usd, job.spent_usd) * 2) or 1.0,
            step=1.0,
            format="%g",
            key=f"raised_budget_{job.id}",
            help=plain(f"{format_usd(job.spent_usd)} of {format_usd(job.budget_usd)} are spent."),
            width=240,
        )
        _button(
            "Set the budget and resume",
            ":material/play_arrow:",
            lambda: _raise_budget(job.id, raised),
            primary=True,
        )


def _raise_budget(job_id: int, amount: float) -> None:
    bulk = front_door().bulk
    bulk.set_budget(job_id, Decimal(str(amount)))
    bulk.resume(job_id)


def _button(
    label: str, icon: str, what: Callable[[], object], help_text: str | None = None, *, primary: bool = False
) -> None:
    st.button(
        label,
        key=f"bulk_{label.partition(' ')[0].lower()}",
        icon=icon,
        help=help_text,
        type="primary" if primary else "secondary",
        on_click=act,
        args=(what,),
    )
