"""The top of a page is sent ahead: a browser draws all that has come at once, and shows nothing of it before.

So the first things of a page would wait for the last ones. The pause is that of the thread that makes the page, which
computes nothing meanwhile; the browser is busy with the top for about as long.
"""

import time
from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.shared.address import ONE_THING
from pages.shared.facts import fact_row

AHEAD_S = 0.05
"""Seconds by which the rest follows. The server sends every 10 ms, and a browser takes 30 to 40 ms to put the page
before away and to draw the top: what comes meanwhile is drawn with it, and the top waits for that. With 0.02 a click
took a fifth to a third longer, with 0.08 no less (measured in turns with an empty app, docs/performance.md)."""

_SHOWN, _ARRIVES = "shown_place", "arrives"
"""Keys of the session's state: which page about which thing was drawn last, and whether this draw is its first."""


def is_first_draw() -> bool:
    """Tell whether no page was drawn yet in this session; to be asked before ``note_arrival``."""
    return _SHOWN not in st.session_state


def note_arrival(page: StreamlitPage) -> None:
    """Note whether this draw is the first of its page; to be called before the page is drawn."""
    place = page.url_path, *(st.query_params.get(name) for name in ONE_THING)
    st.session_state[_ARRIVES] = st.session_state.get(_SHOWN) != place
    st.session_state[_SHOWN] = place


def show_top(title: str, about: str, facts: Sequence[str]) -> None:
    """Show what a page is, what it is for and, in two or three facts, how things stand there; and send that ahead.

    Texts are drawn sooner than Markdown, and two to three times as fast as fields and tabs, which so follow when there
    is something to read.
    """
    st.title(title, anchor=False)
    st.text(about)
    fact_row(facts)
    send_ahead()


def send_ahead() -> None:
    """Let what was drawn so far reach the browser before the rest, where somebody has just come to the page.

    Where a page that is there changes after a click, nothing is to be waited for.
    """
    if st.session_state.pop(_ARRIVES, False):
        time.sleep(AHEAD_S)
