"""Bulk: a file of objectives in, a crew for every row out; with ``?job=ID`` one job, from its start to its results."""

import streamlit as st

from crewgen_core.errors import NotFound
from pages.shared.bulk_actions import open_started_job
from pages.shared.bulk_list import show_jobs
from pages.shared.bulk_new import show_new_job
from pages.shared.bulk_progress import show_progress
from pages.shared.bulk_results import show_results
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.session import front_door

MOST_DIGITS = 9  # digits: every database holds such a number


def read_job_id(typed: str) -> int:
    """Return the number that the address names. Raises NotFound for what is no number of a job."""
    if not typed.isdecimal() or len(typed) > MOST_DIGITS:
        raise NotFound(f"There is no job {shorten(typed, 20)}.", "Choose one of the list.")
    return int(typed)


def leave_job() -> None:
    """Go back to the list of jobs."""
    st.query_params.pop("job", None)


with problems_shown(stop=True):
    bulk = front_door().bulk

open_started_job()
typed = st.query_params.get("job")
if typed is not None:
    st.button("All jobs", key="all_jobs", icon=":material/arrow_back:", on_click=leave_job, type="tertiary")
    with problems_shown(stop=True):
        job = bulk.get(read_job_id(typed))
    st.title(plain(shorten(job.name, 120)), anchor=False)
    with problems_shown():
        show_progress(job)
    with problems_shown():
        show_results(job)
    st.stop()

st.title("Bulk", anchor=False)
st.markdown(
    "Give a file of objectives and get a crew for every row: checked, priced, and ready to take away. The work goes on "
    "by itself when you leave this page, also after a restart; a row that fails holds none back and can be tried again."
)
with problems_shown():
    show_new_job()
with problems_shown():
    show_jobs()
