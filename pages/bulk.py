"""Bulk: a file of objectives in, a crew for every row out."""

import streamlit as st

from pages.shared.bulk_list import show_jobs
from pages.shared.bulk_new import show_new_job
from pages.shared.problems import problems_shown
from pages.shared.session import front_door
from pages.shared.top import show_top

with problems_shown(stop=True):
    front_door()

show_top(
    "Bulk",
    "Give a file of objectives and get a crew for every row: checked, priced, and ready to take away. The work goes on "
    "by itself when you leave this page, also after a restart; a row that fails holds none back and can be tried "
    "again.",
    ["CSV, TSV, TXT or XLSX", f"up to {st.get_option('server.maxUploadSize')} MB", "or one objective a line"],
)
with problems_shown():
    show_new_job()
with problems_shown():
    show_jobs()
