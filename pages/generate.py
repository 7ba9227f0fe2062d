"""Generate: an objective in, a crew out."""

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.numbers import format_count
from pages.shared.ending import show_last
from pages.shared.generation import follow_generation, generation_runs, start_generation
from pages.shared.handover import open_crew
from pages.shared.objective_form import (
    begins_at_once,
    read_engine,
    read_objective,
    show_examples,
    show_form,
    wants_fresh,
)
from pages.shared.problems import problems_shown, show_problem
from pages.shared.requests_view import show_requests
from pages.shared.session import front_door
from pages.shared.top import show_top

with problems_shown(stop=True):
    crewgen = front_door()

show_top(
    "Generate a crew",
    "Say what should exist in the end. A crew of AI agents is designed for it, checked and priced; nothing runs yet.",
    [
        f"designs come from {crewgen.settings.model or 'the built-in engine'}",
        f"checked by {format_count(len(crewgen.rules()), 'rule')}",
    ],
)
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
        open_crew(made.crew_id)
if failed := st.session_state.get("failed_generation"):
    show_problem(failed)
with problems_shown():
    show_requests()
show_examples()
