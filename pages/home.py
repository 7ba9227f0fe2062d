"""Home: begin with an objective, or go on with what is there."""

import streamlit as st

from crewgen_core.models.objective import read_objective
from crewgen_core.models.stored import Counts
from crewgen_core.numbers import format_count, format_spent
from pages.shared.bulk_list import show_recent_jobs
from pages.shared.crew_list import show_crews
from pages.shared.demo_view import offer_demo, show_demo
from pages.shared.draft import keep_typed, restore_typed
from pages.shared.ending import end_page
from pages.shared.failed_requests import show_failed_requests
from pages.shared.handover import design_at_once
from pages.shared.objective_form import EXAMPLES
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.run_list import show_open_runs
from pages.shared.search_view import show_bookmarks
from pages.shared.session import front_door, may_write
from pages.shared.top import show_top

with problems_shown(stop=True):
    crewgen = front_door()


def _count() -> Counts | None:
    """Return how much there is; None, with the reason on the page, where that cannot be told: the field stays."""
    with problems_shown():
        return crewgen.count_everything()
    return None


counts = _count()
requests = sum(counts.requests.values()) if counts else 0
empty = counts is not None and not counts.crews and not requests
facts = list[str]()
if counts is not None and not empty:
    spent = format_spent(counts.generation_usd, counts.unknown_costs)
    facts = [format_count(counts.crews, "crew"), format_count(requests, "request"), f"generating cost {spent}"]
show_top(
    "crewgen",
    "Describe what you want done, and crewgen designs a crew of AI agents for it: who does what, in which order, with "
    "which tools. Every crew is checked, priced before it runs, and exported as a CrewAI project.",
    facts,
)

restore_typed("home_objective")
typed = st.text_area(
    "Objective",
    key="home_objective",
    persist_state="session",
    placeholder="What should exist in the end, for whom, and from what?",
    height=110,
)
keep_typed("home_objective")
closed = not may_write()
if st.button("Design a crew", type="primary", icon=":material/auto_awesome:", disabled=closed, shortcut="Ctrl+Enter"):
    with problems_shown():
        design_at_once(read_objective(typed))

if counts is None:
    end_page()
if empty:
    st.subheader("Nothing here yet", anchor=False)
    st.markdown("Your crews will be listed here. To see what crewgen does, start with an example:")
    with st.container(horizontal=True):
        for example in EXAMPLES:
            label, closed = plain(shorten(example, 60)), not may_write()
            if st.button(label, help=plain(example), icon=":material/lightbulb:", disabled=closed):
                design_at_once(read_objective(example))
    offer_demo()
    end_page()

show_demo()
with problems_shown():
    show_open_runs()
with problems_shown():
    show_bookmarks()
with problems_shown():
    show_recent_jobs()
with problems_shown():
    show_crews()
with problems_shown():
    show_failed_requests(crewgen)
