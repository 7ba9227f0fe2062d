"""The tokens by which programs ask the REST API: made, shown once, listed and revoked."""

from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from crewgen_core.models.person import ROLE_OF_SCOPE, Scope, TokenRow
from crewgen_core.numbers import format_when
from pages.shared.plain_text import plain
from pages.shared.problems import attempt, problems_shown, show_kept_problem
from pages.shared.session import front_door

MOST_SHOWN = 100

_MADE = "made_token"
"""Key of the session's state: the text of a token that was just made, until somebody has copied it."""

_MEANINGS: dict[Scope, str] = {
    "read": "read: look at things",
    "write": "write: make, change and run things too",
    "admin": "admin: everything",
}

_DAYS: dict[int | None, str] = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year", None: "for ever"}


def show_tokens() -> None:
    """Show one's tokens (to administrators, everybody's), and make a new one."""
    st.subheader("Tokens", anchor=False)
    st.caption(
        "A program asks the REST API with a token, in your name and never with more than your own role. The API is "
        "described at [/api/v1/docs](/api/v1/docs)."
    )
    show_kept_problem("tokens")
    _show_made()
    with problems_shown():
        _show_form()
        rows = front_door().people.list_tokens()
        for row in rows[:MOST_SHOWN]:
            _show_row(row)


def _show_form() -> None:
    mine = front_door().person.role
    scopes = [scope for scope, role in ROLE_OF_SCOPE.items() if mine.covers(role)]
    with st.form("new_token"), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("What it is for", key="token_name", max_chars=100, placeholder="Nightly report", width=260)
        st.selectbox("It may", scopes, key="token_scope", format_func=lambda scope: _MEANINGS[scope], width=260)
        st.selectbox("Valid for", list(_DAYS), 2, key="token_days", format_func=lambda days: _DAYS[days], width=120)
        st.form_submit_button("Make a token", icon=":material/key:", on_click=attempt, args=("tokens", _make))


def _make() -> None:
    state = st.session_state
    made = front_door().people.make_token(state["token_name"], state["token_scope"], state["token_days"])
    state[_MADE] = made.text
    state["token_name"] = ""


def _show_made() -> None:
    """Show a token that was just made, until whoever made it has it."""
    text = st.session_state.get(_MADE)
    if text is None:
        return
    with st.container(border=True, key="made_token"):
        st.markdown("**Copy the token now: it is not shown again.** crewgen keeps only its fingerprint.")
        st.code(text, language=None)
        st.button("I have it", key="token_copied", on_click=lambda: st.session_state.pop(_MADE, None))


def _show_row(row: TokenRow) -> None:
    state, until = _read_state(row)
    used = f"used last {format_when(row.used_at)}" if row.used_at else "never used"
    owner = f" · {plain(row.person_name)}" if row.person_id != front_door().person.id else ""
    with st.container(key=f"token_row_{row.id}", horizontal=True, vertical_alignment="center", border=True):
        badge = "" if state == "valid" else f" :gray-badge[{state}]"
        facts = f":small[:gray[{plain(row.prefix)}… · {row.scope} · {until} · {used}{owner}]]"
        st.markdown(f"**{plain(row.name)}**{badge}  \n{facts}", width="stretch")
        if state == "valid":
            token_id = row.id
            revoke = "tokens", lambda: front_door().people.revoke_token(token_id)
            st.button("Revoke", key=f"revoke_{row.id}", on_click=attempt, args=revoke)


def _read_state(row: TokenRow) -> tuple[Literal["valid", "expired", "revoked"], str]:
    """Return whether a token is still good, and until when."""
    if row.revoked_at is not None:
        return "revoked", f"revoked {format_when(row.revoked_at)}"
    if row.expires_at is None:
        return "valid", "valid for ever"
    expired = row.expires_at <= datetime.now(UTC)
    return "expired" if expired else "valid", f"{'expired' if expired else 'valid until'} {format_when(row.expires_at)}"
