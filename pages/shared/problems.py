"""A fault as one sentence and what to do next, never a traceback."""

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from crewgen_core.errors import CrewgenError
from pages.shared.plain_text import plain


def show_problem(problem: CrewgenError) -> None:
    """Show what happened and, below it, what to do next."""
    st.error(f"{plain(str(problem))}\n\n{plain(problem.hint)}", icon=":material/error:")


@contextmanager
def problems_shown(stop: bool = False) -> Generator[None]:
    """Show a CrewgenError of the block in place of it; with ``stop`` the page ends there.

    What is no CrewgenError is a fault of the program: it goes on to Streamlit, which logs it and shows no details.
    """
    try:
        yield
    except CrewgenError as problem:
        show_problem(problem)
        if stop:
            st.stop()
