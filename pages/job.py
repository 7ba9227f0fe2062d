"""One job, ``?job=ID``, from its start to its results."""

import streamlit as st

from pages.shared.address import JOB, read_number, show_way_back
from pages.shared.bulk_progress import show_progress
from pages.shared.bulk_results import show_results
from pages.shared.ending import end_page
from pages.shared.handover import BULK
from pages.shared.job_presentation import present_job
from pages.shared.plain_text import plain, shorten
from pages.shared.presentation import is_presenting
from pages.shared.problems import problems_shown
from pages.shared.session import front_door
from pages.shared.starring import note_opened

with problems_shown(stop=True):
    try:
        job_id = read_number(JOB)
        if job_id is None:
            st.switch_page(BULK)
        if is_presenting():
            present_job(job_id)
            end_page()
        progress = front_door().bulk.progress(job_id)
    finally:  # the page begins once it can go on: what comes in two pieces is drawn twice
        if not is_presenting():
            show_way_back(BULK, "All jobs")
st.title(plain(shorten(progress.job.name, 120)), anchor=False)
with problems_shown():
    show_progress(progress)
with problems_shown():
    show_results(progress.job)
note_opened("job", job_id)
