"""The jobs, the newest first, a page of them at a time; those that are open are followed."""

import streamlit as st

from crewgen_core.models.job import OPEN_STATES, Job
from pages.shared.address import JOB, note_list, read_passed, write_passed
from pages.shared.bulk_words import badge, describe_job
from pages.shared.handover import BULK, ONE_JOB
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.session import front_door

PAGE = 8
"""Jobs on a page."""

RECENT = 3
"""Jobs on Home."""

_PASSED = "jobs"
"""The name in the address of the pages passed."""


def show_jobs() -> None:
    """Show all jobs; while one of them is open, their states follow."""
    passed = read_passed(_PASSED)
    shown = front_door().bulk.list_jobs(PAGE + 1, passed[-1] if passed else None)
    if not shown:
        return
    st.subheader("Jobs", anchor=False)
    some_open = any(job.state in OPEN_STATES for job in shown)
    st.fragment(_show_page, run_every="3s" if some_open else None)()


def show_recent_jobs() -> None:
    """Show the latest jobs on another page, with a way to all of them; nothing where there are none."""
    jobs = front_door().bulk.list_jobs(RECENT)
    if not jobs:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Bulk jobs", anchor=False, width="content")
        st.page_link(BULK, label="All jobs", icon=":material/arrow_forward:", icon_position="right")
    _show_cards(jobs, "recent_jobs")


def _show_page() -> None:
    note_list(BULK)
    passed = read_passed(_PASSED)
    with problems_shown():
        found = front_door().bulk.list_jobs(PAGE + 1, passed[-1] if passed else None)
        jobs = found[:PAGE]
        _show_cards(jobs, "jobs")
        if passed or len(found) > PAGE:
            _show_turning(jobs, more=len(found) > PAGE)


def _show_cards(jobs: tuple[Job, ...], key: str) -> None:
    with st.grid(2, min_column_width=320, border=True, key=key) as grid:
        for job in jobs:
            with grid.cell():
                _link(job, f"**{plain(shorten(job.name, 90))}**")
                st.markdown(f"{badge(job)} :small[:gray[{plain(describe_job(job))}]]")
                if job.state in OPEN_STATES:
                    st.progress(min(1.0, max(0.0, job.share_done)))


def _link(job: Job, label: str) -> None:
    st.page_link(ONE_JOB, label=label, icon="", query_params={JOB: str(job.id)}, help=f"Open job {job.id}")


def _show_turning(jobs: tuple[Job, ...], *, more: bool) -> None:
    with st.container(horizontal=True):
        st.button(
            "Newer",
            icon=":material/chevron_left:",
            key="jobs_newer",
            disabled=not read_passed(_PASSED),
            on_click=_newer,
        )
        st.button(
            "Older",
            icon=":material/chevron_right:",
            icon_position="right",
            key="jobs_older",
            disabled=not more,
            on_click=_older,
            args=(jobs[-1].id if jobs else 0,),
        )


def _older(last: int) -> None:
    write_passed(_PASSED, [*read_passed(_PASSED), last])


def _newer() -> None:
    write_passed(_PASSED, read_passed(_PASSED)[:-1])
