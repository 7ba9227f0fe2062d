"""The end of a page, whichever way it ends: what every page shows last, so that its first things need not wait."""

from collections.abc import Callable
from typing import NoReturn

import streamlit as st

_LAST = "shown_last"
"""Key of the session's state: what this draw of the page has still to show last."""


def expect_last(*shows: Callable[[], None]) -> None:
    """Have something shown at the end of this draw of the page."""
    st.session_state[_LAST] = shows


def show_last() -> None:
    """Show it, once in a draw. A page with a part that takes seconds calls this before that part."""
    shows: tuple[Callable[[], None], ...] = st.session_state.pop(_LAST, ())
    for show in shows:
        show()


def end_page() -> NoReturn:
    """End the page here: after ``st.stop``, which this calls, nothing could be shown any more."""
    show_last()
    st.stop()
