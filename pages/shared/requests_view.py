"""Earlier requests: what came of each, and its text again."""

import streamlit as st

from crewgen_core.models.stored import RequestRow
from crewgen_core.numbers import format_when
from pages.shared.handover import open_crew
from pages.shared.objective_form import fill_form
from pages.shared.plain_text import plain, shorten
from pages.shared.session import front_door

SHOWN = 5

_STATES = {
    "pending": ":gray-badge[waiting]",
    "generating": ":blue-badge[working]",
    "completed": ":green-badge[completed]",
    "failed": ":red-badge[failed]",
}


def show_requests() -> None:
    """Show the newest requests, each with a way to its crew or back to its text."""
    rows = front_door().list_requests(limit=SHOWN)
    if not rows:
        return
    earlier = st.expander("Earlier requests", icon=":material/history:", key="earlier_requests", on_change="rerun")
    if not earlier.open:
        return
    with earlier:
        for row in rows:
            with st.container(border=True):
                _show_request(row)


def _show_request(row: RequestRow) -> None:
    st.markdown(f"{_STATES[row.state]} {plain(shorten(row.objective.text, 200))}")
    st.caption(plain(f"{row.engine}, {format_when(row.created_at)}"))
    if row.failure_reason:
        st.text(row.failure_reason)
    with st.container(horizontal=True):
        if row.crew_id is not None and st.button("Open the crew", key=f"open_{row.id}", icon=":material/groups:"):
            open_crew(row.crew_id)
        st.button("Use this text again", key=f"again_{row.id}", on_click=fill_form, args=(row.objective,))
