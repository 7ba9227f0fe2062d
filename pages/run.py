"""One run, ``?run=ID``, live and afterwards."""

import streamlit as st

from pages.shared.address import RUN, read_number, show_way_back
from pages.shared.handover import RUNS
from pages.shared.problems import problems_shown
from pages.shared.run_view import show_run

show_way_back(RUNS, "All runs")
with problems_shown(stop=True):
    run_id = read_number(RUN)
    if run_id is None:
        st.switch_page(RUNS)
    show_run(run_id)
