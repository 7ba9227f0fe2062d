"""Bulk: a file of objectives in, a crew for every row out; with ``?job=ID`` one job, from its start to its results."""

import streamlit as st

from pages.shared.address import leave_thing, read_number
from pages.shared.bulk_actions import open_started_job
from pages.shared.bulk_list import show_jobs
from pages.shared.bulk_new import show_new_job
from pages.shared.bulk_progress import show_progress
from pages.shared.bulk_results import show_results
from pages.shared.ending import end_page
from pages.shared.job_presentation import present_job
from pages.shared.plain_text import plain, shorten
from pages.shared.presentation import is_presenting
from pages.shared.problems import problems_shown
from pages.shared.session import front_door
from pages.shared.starring import note_opened

with problems_shown(stop=True):
    bulk = front_door().bulk

open_started_job()
if "job" in st.query_params and is_presenting():
    with problems_shown(stop=True):
        presented_id = read_number("job")
        assert presented_id is not None  # noqa: S101 the address has it
        present_job(presented_id)
    end_page()
if "job" in st.query_params:
    st.button("All jobs", key="all_jobs", icon=":material/arrow_back:", on_click=leave_thing, type="tertiary")
    with problems_shown(stop=True):
        job_id = read_number("job")
        assert job_id is not None  # noqa: S101 the address has it
        job = bulk.get(job_id)
    st.title(plain(shorten(job.name, 120)), anchor=False)
    with problems_shown():
        show_progress(job)
    with problems_shown():
        show_results(job)
    note_opened("job", job.id)
    end_page()

st.title("Bulk", anchor=False)
st.markdown(
    "Give a file of objectives and get a crew for every row: checked, priced, and ready to take away. The work goes on "
    "by itself when you leave this page, also after a restart; a row that fails holds none back and can be tried again."
)
with problems_shown():
    show_new_job()
with problems_shown():
    show_jobs()
