"""One run, ``?run=ID``, live and afterwards."""

import streamlit as st

from pages.shared.address import RUN, read_number, show_way_back
from pages.shared.handover import RUNS
from pages.shared.problems import problems_shown
from pages.shared.run_view import show_run
from pages.shared.session import front_door

with problems_shown(stop=True):
    try:
        run_id = read_number(RUN)
        if run_id is None:
            st.switch_page(RUNS)
        run = front_door().running.get(run_id)
    finally:  # the page begins once it can go on: what comes in two pieces is drawn twice
        show_way_back(RUNS, "All runs")
    show_run(run)
