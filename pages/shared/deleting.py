"""Deleting with a way back: a notice with Undo on top of the page, and the list of what can still be brought back."""

from pathlib import Path

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.deletion import Deletable, Deleted
from crewgen_core.numbers import format_when
from pages.shared.handover import lead_to
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import show_problem
from pages.shared.session import front_door, may_write

_JUST, _PROBLEM, _PAGE = "just_deleted", "deletion_problem", "page_of_deletion"
"""Keys of the session's state: what was deleted last, why it could not be, and on which page that was."""

_NAMES: dict[Deletable, str] = {
    "crew": "Crew",
    "job": "Job",
    "template": "Template",
    "run": "Run",
    "outcome": "Outcome",
}


def show_delete(thing: Deletable, key: int | str, leads_to: Path | None, what_goes: str) -> None:
    """Show the button that deletes a thing, and what goes with it; then it ``leads_to`` a page or stays on this one."""
    if may_write():
        st.button(
            "Delete",
            key=f"delete_{thing}",
            icon=":material/delete:",
            help=f"{what_goes} It can be brought back for 30 days.",
            on_click=delete,
            args=(thing, key, leads_to),
        )


def delete(thing: Deletable, key: int | str, leads_to: Path | None, with_crews: bool = False) -> None:
    """Delete a thing in a callback, and open a page where one is named; a problem is shown in place of the notice."""
    try:
        deleted = front_door().deletions.delete(thing, key, with_crews)
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
        return
    note_deleted(deleted)
    if leads_to is not None:
        lead_to(leads_to)


def note_deleted(deleted: Deleted) -> None:
    """Let the page offer to undo what was just deleted."""
    st.session_state[_JUST] = deleted
    st.session_state.pop(_PAGE, None)


def show_undo(page: str) -> None:
    """Show on top of a page what was just deleted, with Undo; it goes when it is used, closed or the page is left."""
    if problem := st.session_state.pop(_PROBLEM, None):
        show_problem(problem)
    deleted: Deleted | None = st.session_state.get(_JUST)
    if deleted is None:
        return
    if st.session_state.setdefault(_PAGE, page) != page:
        del st.session_state[_JUST]
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo_bar"):
        st.markdown(f":material/delete: {plain(_tell(deleted))}", width="content")
        st.button("Undo", key="undo_delete", icon=":material/undo:", on_click=_undo, args=(deleted,))
        st.button("Close", key="close_undo", icon=":material/close:", type="tertiary", on_click=_close)


def show_deleted() -> None:
    """Show everything that can be brought back."""
    st.caption(
        "What was deleted is nowhere else: in no list, search or count. It goes for good 30 days after it was deleted. "
        "What it cost stays in the figures. A token that was revoked stays revoked, for safety."
    )
    things = front_door().deletions.list()
    if not things:
        st.info("Nothing was deleted within the last 30 days.", icon=":material/delete:")
    for deleted in things:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_NAMES[deleted.thing]}** {plain(shorten(deleted.name, 90))}", width="content")
            st.caption(
                plain(f"{deleted.key} · deleted {format_when(deleted.deleted_at)}, until {format_when(deleted.until)}"),
                width="content",
            )
            st.button(
                "Bring back",
                key=f"bring_back_{deleted.thing}_{deleted.key}_{deleted.deleted_at.timestamp()}",
                icon=":material/restore_from_trash:",
                on_click=_undo,
                args=(deleted,),
                disabled=not may_write(),
            )


def _tell(deleted: Deleted) -> str:
    along = f", with {deleted.along}" if deleted.along else ""
    name = f"{_NAMES[deleted.thing]} “{shorten(deleted.name, 80)}”"
    return f"{name} was deleted{along}. For 30 days it can be brought back."


def _undo(deleted: Deleted) -> None:
    try:
        front_door().deletions.restore(deleted.thing, deleted.key)
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
    else:
        st.toast(f"{_NAMES[deleted.thing]} “{plain(shorten(deleted.name, 60))}” is back.", icon=":material/undo:")
    _close()


def _close() -> None:
    st.session_state.pop(_JUST, None)
