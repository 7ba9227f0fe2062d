"""Who made and changed what, the newest first; for administrators."""

import streamlit as st

from crewgen_core.models.table import Table
from crewgen_core.numbers import format_when
from pages.shared.chart import offer_table
from pages.shared.problems import problems_shown
from pages.shared.session import front_door

THINGS = ("crew", "job", "template", "run", "outcome", "model", "person", "token")
MOST_SHOWN = 500
"""Events that are shown and downloaded at once; others are found by words."""


def show_audit() -> None:
    """Show what people did, to be filtered and taken away."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input("Search", key="audit_search", placeholder="Words of person, action or summary")
        thing = st.selectbox("About", THINGS, None, key="audit_thing", placeholder="Everything", width=180)
    with problems_shown():
        events = front_door().audit.list_events(thing=thing or "", search=search or "", limit=MOST_SHOWN)
        if not events:
            st.info("Nothing was done that fits.", icon=":material/history:")
            return
        table = Table(
            title="What people did",
            columns=("when", "who", "by token", "did", "what", "number", "summary", "request"),
            rows=tuple(
                (
                    format_when(event.at),
                    event.person_name,
                    event.token_id or "",
                    event.action,
                    event.thing,
                    event.thing_id,
                    event.summary,
                    event.request_id,
                )
                for event in events
            ),
        )
        columns = {name: [row[at] for row in table.rows] for at, name in enumerate(table.columns)}
        st.dataframe(columns, hide_index=True)
        if len(events) == MOST_SHOWN:
            st.caption(f"The newest {MOST_SHOWN} that fit; search for older ones.")
        offer_table(table, "audit_data")
