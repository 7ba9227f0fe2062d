"""Who uses the dashboard: oneself, and for administrators everybody, with their roles."""

from collections.abc import Callable

import streamlit as st

from crewgen_core.models.person import PersonRow, Role
from crewgen_core.numbers import format_when
from pages.shared.plain_text import plain
from pages.shared.problems import attempt, problems_shown, show_kept_problem
from pages.shared.session import front_door, read_claims, who_signed_in

MOST_SHOWN = 100
"""People in the list at once; others are found by their name or email."""


def show_own_sign_in() -> None:
    """Show as whom somebody is signed in, with the subject by which the settings can name them."""
    who, person = who_signed_in(read_claims()), front_door().person
    if who is None:
        return
    email = f" · {plain(who.email)}" if who.email else ""
    st.markdown(f"You are signed in as **{plain(who.name)}**{email}, as {person.role.value}.")
    if person.role is not Role.ADMIN:
        st.caption("Your subject, by which the settings can name you as an administrator:")
        st.code(who.subject, language=None)


def show_people() -> None:
    """Show everybody with their role, to be changed; for administrators."""
    st.subheader("Who uses this dashboard", anchor=False)
    with problems_shown():
        rows = front_door().people.list_people()
        show_kept_problem("people")
        sought = st.text_input("Search", key="people_search", placeholder="Words of name or email").casefold()
        found = [row for row in rows if sought in f"{row.person.name} {row.person.email}".casefold()]
        for row in found[:MOST_SHOWN]:
            _show_row(row)
        if len(found) > MOST_SHOWN:
            st.caption(f"{len(found) - MOST_SHOWN} more: search for them.")


def _show_row(row: PersonRow) -> None:
    """Show one person, with their role and whether they may come in."""
    person = row.person
    with st.container(key=f"person_row_{person.id}", horizontal=True, vertical_alignment="center", border=True):
        email = f"{plain(person.email)} · " if person.email else ""
        shut_out = "" if row.is_active else " :red-badge[shut out]"
        seen = f":small[:gray[{email}here last {format_when(row.seen_at)}]]"
        st.markdown(f"**{plain(person.name)}**{shut_out}  \n{seen}", width="stretch")
        key = f"role_{person.id}"
        st.session_state[key] = person.role
        st.selectbox(
            f"Role of {plain(person.name)}",
            list(Role),
            key=key,
            format_func=lambda role: role.value,
            label_visibility="collapsed",
            width=120,
            on_change=attempt,
            args=("people", _change_role(person.id, key)),
        )
        st.button(
            "Shut out" if row.is_active else "Let in",
            key=f"active_{person.id}",
            on_click=attempt,
            args=("people", _change_standing(person.id, not row.is_active)),
            width=100,
        )


def _change_role(person_id: int | None, key: str) -> Callable[[], None]:
    return lambda: front_door().people.set_role(person_id or 0, Role(st.session_state[key]))


def _change_standing(person_id: int | None, active: bool) -> Callable[[], None]:
    return lambda: front_door().people.set_active(person_id or 0, active=active)
