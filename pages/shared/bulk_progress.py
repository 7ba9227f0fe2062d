"""How far a job is: looked at again and again while it is open, until it ends by itself."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from crewgen_core.models.job import OPEN_STATES, FailureCount, Item, Job, Progress
from crewgen_core.numbers import format_percent, format_usd
from pages.shared.bulk_actions import last_action, show_actions, show_pause_reason, take_problem
from pages.shared.bulk_filters import show_only_failures
from pages.shared.bulk_words import count_rows, describe_job, say_rate, say_time, tell_colour
from pages.shared.facts import show_state
from pages.shared.handover import ONE_CREW, open_job
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown, show_problem
from pages.shared.session import front_door
from pages.shared.top import send_ahead

WORKERS_START_WITHIN = timedelta(seconds=30)
"""Workers end when there is nothing to do, and take some seconds to start again, more on a busy machine."""

MANY_ROWS = 10_000
"""From here on a job is looked at less often."""

_SHOWN = "bulk_rows_shown"
"""Key of the session's state: rows that were finished when the results on the page were drawn."""

MOST_RECENT = 5
MOST_REASONS = 8


def show_progress(now: Progress) -> None:
    """Show where a job stands, follow it while it is open, and offer what can be done with it."""
    job = now.job
    is_open = job.state in OPEN_STATES
    st.session_state[_SHOWN] = job.completed + job.failed
    pace = ("1s" if job.total <= MANY_ROWS and job.state == "running" else "3s") if is_open else None
    st.fragment(_follow, run_every=pace)(job, [now])


def _follow(before: Job, just_read: list[Progress]) -> None:
    """Show the progress as it is now; the whole page runs again when the job begins, pauses, goes on or ends.

    The first time, with the page, it is what the page ``just_read``.
    """
    if problem := take_problem():
        show_problem(problem)
    with problems_shown():
        progress = just_read.pop() if just_read else front_door().bulk.progress(before.id)
        if progress.job.state != before.state:
            st.rerun()  # another pace, and the results when it ended
        _show(progress)


def _show(progress: Progress) -> None:
    job = progress.job
    show_state(job.state, tell_colour(job), ["demo"] if job.demo else [], describe_job(job))
    worked_on = job.completed + job.failed
    told = [f"{worked_on:,} of {count_rows(job.total)}"]
    if job.state == "running":
        told += [f"{say_rate(progress.rate)} by {count_rows(progress.workers, 'worker')}"] if progress.rate else []
    send_ahead()
    source = job.source_job_id
    if source is not None and st.button(
        f"Crews of job {source}", key="source_job", icon=":material/arrow_upward:", type="tertiary"
    ):
        open_job(source)
    st.progress(min(1.0, worked_on / max(1, job.total)), plain(" · ".join(told)))
    _show_figures(progress)
    show_pause_reason(job)
    if job.state == "running" and not progress.workers:
        _show_wait(job)
    show_actions(job)
    if job.state in OPEN_STATES:
        _show_recent(progress.recent[:MOST_RECENT])
    _show_reasons(job, progress.failures)
    fresh = job.completed + job.failed - st.session_state.get(_SHOWN, 0)
    if (
        fresh > 0
        and job.state in OPEN_STATES
        and st.button(f"Show {count_rows(fresh, 'new row')} below", key="refresh_results", icon=":material/refresh:")
    ):
        st.rerun()


def _show_wait(job: Job) -> None:
    """Say that workers start, or, when they should be there by now, that there are none."""
    since = max(job.created_at, last_action() or job.created_at)
    if datetime.now(UTC) - since < WORKERS_START_WITHIN:
        st.info("Workers are starting; the first rows come in a few seconds.", icon=":material/hourglass_top:")
        return
    st.warning(
        "No worker is alive, so the rows wait. Workers start with the dashboard; on this or another machine, start "
        "some with `python -m crewgen_core worker`.",
        icon=":material/hourglass_disabled:",
    )


def _show_figures(progress: Progress) -> None:
    figures = list_figures(progress)
    with st.grid(len(figures), min_column_width=165):
        for label, value, below in figures:
            st.metric(label, plain(value), plain(below) or None, delta_color="off", delta_arrow="off", border=True)


def list_figures(progress: Progress) -> list[tuple[str, str, str]]:
    """Return what a job is counted by: for each figure its label, its value, and what stands below it or nothing."""
    job = progress.job
    figures = [("Completed", f"{job.completed:,}", ""), ("Failed", f"{job.failed:,}", "")]
    figures += [("Cancelled", f"{job.cancelled:,}", "")] if job.cancelled else []
    if job.state in OPEN_STATES:
        figures += [("Pending", f"{job.pending:,}", ""), ("Time left", say_time(progress.seconds_left), "")]
    elif job.started_at and job.finished_at:
        figures.append(("Took", say_time((job.finished_at - job.started_at).total_seconds()), ""))
    if job.budget_usd is not None or job.spent_usd or job.model:
        budget = "" if job.budget_usd is None else f"of {format_usd(job.budget_usd)}"
        figures.append(("Spent on models", format_usd(job.spent_usd), budget))
    return figures


def _show_recent(items: tuple[Item, ...]) -> None:
    if not items:
        return
    st.caption("Finished last")
    with st.container(gap="xxsmall"):
        for item in items:
            _show_recent_item(item)


def _show_recent_item(item: Item) -> None:
    name = plain(shorten(item.crew_name or item.name or item.objective, 70))
    if item.crew_id is None:
        st.markdown(f":small[:red[✗] {name}: :gray[{plain(shorten(item.failure_reason, 140))}]]")
        return
    figures = item.figures
    told = (
        ""
        if figures is None
        else (f" :gray[{plain(f'{format_percent(figures.success)} success, {format_usd(figures.cost_usd)} per run')}]")
    )
    st.page_link(ONE_CREW, label=f":small[{name}{told}]", icon="", query_params={"crew": str(item.crew_id)})


def _show_reasons(job: Job, failures: tuple[FailureCount, ...]) -> None:
    if not failures:
        return
    with st.expander(
        f"Why {count_rows(job.failed)} failed", icon=":material/error:", key=f"reasons_{job.id}", expanded=True
    ):
        for at, failure in enumerate(failures[:MOST_REASONS]):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"**{failure.count:,}** × {plain(shorten(failure.reason, 300))}")
                if st.button("Show rows", key=f"reason_{at}", type="tertiary"):
                    show_only_failures(job.id, failure.reason)
                    st.rerun()
        if len(failures) > MOST_REASONS:
            st.caption(f"And {len(failures) - MOST_REASONS} other reasons: see the failed rows below.")
