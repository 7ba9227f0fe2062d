"""Requests that came to nothing: what was asked for, why it failed, and a way to try again."""

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.numbers import format_when
from pages.shared.handover import start_generating
from pages.shared.plain_text import plain, shorten

MOST = 5
"""Failed requests that are shown, the newest first."""


def show_failed_requests(crewgen: Crewgen) -> None:
    """Show the newest failed requests; nothing when there are none."""
    failed = crewgen.list_requests(limit=MOST, state="failed")
    if not failed:
        return
    st.subheader("Requests that failed", anchor=False)
    for row in failed:
        with st.container(border=True):
            st.text(shorten(row.objective.text, 200))
            st.markdown(f":red[:material/error:] {plain(row.failure_reason)}")
            with st.container(horizontal=True, vertical_alignment="center"):
                if st.button("Try again", key=f"try_again_{row.id}", icon=":material/refresh:"):
                    start_generating(row.objective)
                st.caption(plain(f"{row.engine} · {format_when(row.created_at)}"), width="content")
