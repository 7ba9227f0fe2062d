"""A fault as one sentence and what to do next, never a traceback."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import streamlit as st

from crewgen_core.errors import CrewgenError
from pages.shared.ending import end_page
from pages.shared.plain_text import plain, plain_hint


def show_problem(problem: CrewgenError) -> None:
    """Show what happened and, below it, what to do next."""
    st.error(f"{plain(str(problem))}\n\n{plain_hint(problem.hint)}", icon=":material/error:")


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
            end_page()


def attempt(place: str, action: Callable[[], object]) -> None:
    """Do something in a callback, where nothing can be shown: a problem waits for ``show_kept_problem``."""
    try:
        action()
    except CrewgenError as problem:
        st.session_state[f"problem_{place}"] = problem


def show_kept_problem(place: str) -> None:
    """Show the problem of the last callback of this place, once."""
    problem = st.session_state.pop(f"problem_{place}", None)
    if problem is not None:
        show_problem(problem)


def show_uncaught(fault: Exception) -> bool:
    """Show a CrewgenError that no block caught in place of the rest of the page; tell whether it was one."""
    if isinstance(fault, CrewgenError):
        show_problem(fault)
        return True
    return False
