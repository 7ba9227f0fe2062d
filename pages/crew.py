"""One crew, ``?crew=ID``: to look at, edit and take away."""

import streamlit as st

from pages.shared.address import CREW, read_number
from pages.shared.crew_presentation import present_crew
from pages.shared.editing import open_crew
from pages.shared.ending import end_page
from pages.shared.handover import GENERATE, HOME
from pages.shared.presentation import is_presenting
from pages.shared.problems import problems_shown
from pages.shared.session import front_door
from pages.shared.workbench import show_workbench

with problems_shown(stop=True):
    try:
        crew_id = read_number(CREW, "Choose one on Home.")
        if crew_id is None:
            st.switch_page(HOME)
        if is_presenting():
            present_crew(front_door().crews.get(crew_id))
            end_page()
        working = open_crew(crew_id)
    finally:  # the page begins once it can go on: what comes in two pieces is drawn twice
        if not is_presenting():
            st.page_link(GENERATE, label="New objective", icon=":material/arrow_back:")
show_workbench(working)
