"""Stars: what a person wants to find again at once, on Home."""

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.found import Findable
from pages.shared.session import front_door

_NOTED = "opened_last"
"""Key of the session's state: what was noted as opened last, so that a rerun is no visit."""


def show_star(thing: Findable, key: int | str) -> None:
    """Show whether something is a favourite, to be changed with a click."""
    starred = front_door().searching.is_starred(thing, key)
    st.button(
        "Favourite" if starred else "Add to favourites",
        key=f"star_{thing}_{key}",
        icon=":material/star:" if starred else ":material/star_border:",
        type="tertiary",
        help="Favourites are yours alone, and stand on Home." + (" Click to take it off." if starred else ""),
        on_click=_star,
        args=(thing, key, not starred),
    )


def _star(thing: Findable, key: int | str, starred: bool) -> None:
    try:
        front_door().searching.star(thing, key, starred)
    except CrewgenError as problem:  # it was deleted meanwhile: the page says so itself
        st.toast(str(problem))


def note_opened(thing: Findable, key: int | str) -> None:
    """Note a visit for the list on Home, once while the page stays open; no visit fails for it."""
    name = (thing, str(key))
    if st.session_state.get(_NOTED) == name:
        return
    try:
        front_door().searching.note_opened(thing, key)
        st.session_state[_NOTED] = name
    except CrewgenError:
        return
