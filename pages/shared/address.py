"""What an address says: the one thing that a page is about, and how far a list was turned; bad values do no harm."""

from pathlib import Path

import streamlit as st

from crewgen_core.errors import NotFound
from pages.shared.plain_text import shorten

CREW, JOB, RUN, TEMPLATE = "crew", "job", "run", "template"
"""The names in addresses of what a page is about."""

ONE_THING = (CREW, "version", RUN, "optimization", JOB, TEMPLATE)
"""Names in addresses that make a page be about one thing."""

_MOST_DIGITS = 9  # every database holds such a number


def read_number(name: str, hint: str = "Choose one of the list.") -> int | None:
    """Return a number from the address; None where there is none. Raises NotFound for what is no number."""
    typed = st.query_params.get(name)
    if typed is None:
        return None
    if not _is_number(typed):
        raise NotFound(f"There is no {name} {shorten(typed, 20)}.", hint)
    return int(typed)


def leave_thing() -> None:
    """Let the page be about nothing in particular again; filters of its lists stay in the address."""
    for name in ONE_THING:
        st.query_params.pop(name, None)


def note_list(page: Path) -> None:
    """Note how the list on this page stands, as its address says it, for ``show_way_back``."""
    st.session_state[_key(page)] = st.query_params.to_dict()


def show_way_back(page: Path, label: str) -> None:
    """Show the link from one thing to the list that it is in, which stands there as it was left."""
    st.page_link(page, label=label, icon=":material/arrow_back:", query_params=st.session_state.get(_key(page)))


def read_passed(name: str) -> list[int]:
    """Return for each page passed of a list the id of its last row; what cannot be one is left out.

    In the address they stand with dots between them ("812.640").
    """
    return [int(part) for part in st.query_params.get(name, "").split(".") if _is_number(part)]


def write_passed(name: str, passed: list[int]) -> None:
    """Let the address say which pages of a list were passed; the first page needs no saying."""
    if passed:
        st.query_params[name] = ".".join(map(str, passed))
    else:
        st.query_params.pop(name, None)


def _key(page: Path) -> str:
    return f"list_on_{page.stem}"


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS
