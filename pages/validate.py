"""Validate: check any crew, or many at once, mend them, price them, keep them."""

import streamlit as st

from crewgen_core.numbers import format_count
from pages.shared.batch_view import show_batch
from pages.shared.check_result import show_result
from pages.shared.checked_crew import check, keep, kept, stored_crew, take_stored_crew
from pages.shared.crew_actions import show_crew_actions
from pages.shared.crew_input import MANY, ask_for_crew, choose_source, load_example
from pages.shared.ending import end_page
from pages.shared.problems import problems_shown
from pages.shared.session import front_door
from pages.shared.top import show_top

with problems_shown(stop=True):
    crewgen = front_door()

rules = crewgen.rules()
stopping = sum(rule.severity == "error" for rule in rules)
show_top(
    "Validate",
    "Check a crew that you have, or many at once: paste it or upload its files. crewgen reads its own files, designs "
    "from the command line, and CrewAI projects in JSON or YAML.",
    [format_count(len(rules), "rule"), f"{stopping} keep a crew from running"],
)

with problems_shown():
    take_stored_crew(crewgen)
source = choose_source()
if source == MANY:
    show_batch(crewgen)
    end_page()

given = ask_for_crew(source)
if (crew_id := stored_crew()) is not None:
    show_crew_actions(crew_id, without=("Validate",))
with st.container(horizontal=True):
    asked = st.button("Check the crew", type="primary", icon=":material/fact_check:")
    example = st.button("Load an example", icon=":material/bug_report:", on_click=load_example)

if asked or example:
    keep(None)
    with problems_shown(stop=True):
        keep(check(crewgen, given))

checked = kept()
if checked and checked.row is None:
    show_result(crewgen, checked, given)
