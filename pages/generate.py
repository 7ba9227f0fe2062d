"""Generate: an objective in, a crew out; with ``?crew=ID`` one crew, to look at, edit and take away."""

import streamlit as st

from crewgen_core.errors import CrewgenError
from pages.shared.address import leave_thing, read_number
from pages.shared.crew_presentation import present_crew
from pages.shared.editing import open_crew
from pages.shared.ending import end_page, show_last
from pages.shared.generation import follow_generation, generation_runs, start_generation
from pages.shared.objective_form import (
    begins_at_once,
    read_engine,
    read_objective,
    show_examples,
    show_form,
    wants_fresh,
)
from pages.shared.presentation import is_presenting
from pages.shared.problems import problems_shown, show_problem
from pages.shared.requests_view import show_requests
from pages.shared.session import front_door
from pages.shared.workbench import show_workbench

with problems_shown(stop=True):
    front_door()

if "crew" in st.query_params:
    if not is_presenting():
        st.button(
            "New objective", key="new_objective", icon=":material/arrow_back:", on_click=leave_thing, type="tertiary"
        )
    with problems_shown(stop=True):
        crew_id = read_number("crew", "Choose one on Home.")
        assert crew_id is not None  # noqa: S101 the address has it
        if is_presenting():
            present_crew(front_door().crews.get(crew_id))
            end_page()
        working = open_crew(crew_id)
    show_workbench(working)
    end_page()

st.title("Generate a crew", anchor=False)
asked = show_form() or begins_at_once()
if asked and not generation_runs():
    st.session_state.pop("failed_generation", None)
    with problems_shown():
        start_generation(read_objective(), read_engine(), wants_fresh())
if generation_runs():
    show_last()
    try:
        made = follow_generation()
    except CrewgenError as problem:
        st.session_state["failed_generation"] = problem
    else:
        st.query_params.from_dict({"crew": str(made.crew_id)})
        st.rerun()
if failed := st.session_state.get("failed_generation"):
    show_problem(failed)
with problems_shown():
    show_requests()
show_examples()
