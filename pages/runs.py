"""Runs: crews at work on CrewAI; with ``?crew=ID`` a crew to run."""

import streamlit as st

from crewgen_core.numbers import format_count
from pages.shared.address import CREW, leave_thing, read_number
from pages.shared.crew_list import show_crews
from pages.shared.ending import end_page
from pages.shared.handover import GENERATE, RUNS, VALIDATE
from pages.shared.outcome_form import show_outcome_upload
from pages.shared.plain_text import plain_hint
from pages.shared.problems import problems_shown
from pages.shared.run_list import show_runs, show_runs_of_crew
from pages.shared.run_start import show_start
from pages.shared.session import front_door
from pages.shared.top import show_top

with problems_shown(stop=True):
    crewgen = front_door()

if CREW in st.query_params:
    st.button("All runs", key="all_runs", icon=":material/arrow_back:", on_click=leave_thing, type="tertiary")
    with problems_shown(stop=True):
        crew_id, number = read_number(CREW), read_number("version")
        assert crew_id is not None  # noqa: S101 the address has it
        show_start(crewgen.crews.get(crew_id, number))
        show_runs_of_crew(crew_id)
    end_page()

with problems_shown(stop=True):
    runs, at_work = crewgen.running.count_runs(), crewgen.running.count_runs(states=("starting", "running"))
show_top(
    "Runs",
    "Run a crew on CrewAI and watch it: who is at which task, what came of it, and what it has cost so far. A run goes "
    "on by itself when you leave this page, and can be stopped at any moment.",
    [format_count(runs, "run"), f"{at_work} at work"],
)
with problems_shown():
    if missing := crewgen.running.available():
        st.warning(f"{plain_hint(missing)}\n\nEarlier runs stay readable below.", icon=":material/build:")
with problems_shown(stop=True):
    if crewgen.crews.count():
        choosing = st.expander(
            "Run a crew", icon=":material/play_arrow:", key="choose_crew", expanded=not runs, on_change="rerun"
        )
        if choosing.open:
            with choosing:
                show_crews("Choose a crew to run", RUNS)
    else:
        st.info("There is no crew yet to run: design one first, or check one of yours and keep it.")
        st.page_link(GENERATE, label="Design a crew", icon=":material/auto_awesome:")
        st.page_link(VALIDATE, label="Check a crew", icon=":material/fact_check:")
elsewhere = st.expander("Runs made elsewhere: record what came of them", key="outcome_upload", on_change="rerun")
if elsewhere.open:
    with elsewhere, problems_shown():
        show_outcome_upload()
with problems_shown():
    show_runs()
