"""Optimize: the best crew for a goal within limits, proved, as changes to apply and undo one by one."""

import streamlit as st

from crewgen_core.errors import NotFound
from crewgen_core.numbers import format_count
from pages.shared.address import leave_thing, read_number
from pages.shared.crew_actions import show_crew_actions
from pages.shared.crew_list import show_crews
from pages.shared.draft import own_draft
from pages.shared.ending import end_page, show_last
from pages.shared.handover import GENERATE, OPTIMIZE
from pages.shared.optimize_goals import GOALS
from pages.shared.optimize_kept import show_history, show_kept
from pages.shared.optimize_live import OPTIMIZATION, show_live
from pages.shared.optimize_study import open_study, take_problem
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown, show_problem
from pages.shared.session import front_door
from pages.shared.top import show_top

with problems_shown(stop=True):
    crewgen = front_door()

if "crew" not in st.query_params:
    with problems_shown(stop=True):
        crews = crewgen.crews.count()
    show_top(
        "Optimize",
        "Find the best crew for the same objective: cheaper, faster or more successful, within a budget, a deadline "
        "and a least chance of success. The answer is exact, says how sure it is, and comes as changes that you apply "
        "and undo one by one.",
        [format_count(crews, "crew"), format_count(len(GOALS), "goal")],
    )
    with problems_shown(stop=True):
        if crews:
            show_crews("Choose a crew", OPTIMIZE)
        else:
            st.info("There is no crew yet to optimize: design one first, or check one of yours and keep it.")
            st.page_link(GENERATE, label="Design a crew", icon=":material/auto_awesome:")
            st.page_link(GENERATE.with_name("validate.py"), label="Check a crew", icon=":material/fact_check:")
    end_page()

st.button("Another crew", key="another_crew", icon=":material/arrow_back:", on_click=leave_thing, type="tertiary")
with problems_shown(stop=True):
    crew_id = read_number("crew", "Choose one of the list.")
    assert crew_id is not None  # noqa: S101 the address has it
    optimization_id = read_number(OPTIMIZATION, "Choose one of the list.")
    study = open_study(crew_id)

stored = study.stored
st.header(f"Optimize {plain(stored.crew.name)}", anchor=False)
with st.container(horizontal=True, vertical_alignment="center"):
    st.badge(f"version {stored.number}", color="gray")
    st.badge(format_count(len(stored.crew.agents), "agent"), color="gray")
    st.badge(format_count(len(stored.crew.tasks), "task"), color="gray")
show_crew_actions(crew_id, without=("Optimize",))
working = own_draft().crews.get(crew_id)
if working is not None and working.changed:
    st.warning(
        "You have unsaved changes of this crew. They are not part of what is optimized here: save them on the crew's "
        "page first.",
        icon=":material/edit_note:",
    )
if problem := take_problem():
    show_problem(problem)

show_last()
answer, history = st.container(), st.container()
with history, problems_shown():
    show_history(crew_id, optimization_id)
with answer, problems_shown():  # last: reading a crew for the first time takes seconds
    if optimization_id is None:
        show_live(study)
    else:
        kept = crewgen.optimizing.get(optimization_id)
        if kept.row.crew_id != crew_id:
            raise NotFound(f"Crew {crew_id} has no optimization {optimization_id}.", "Choose one of the list.")
        show_kept(kept, stored)
