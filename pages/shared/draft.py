"""What a person has typed and not yet saved: kept in the process under a token that stands in the address.

So it survives a rerun, a visit to another page and a reload of the browser; not a restart of the server. The token is
random, and whoever has the address sees the draft.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.stored import StoredCrew
from pages.shared.session import front_door

MOST_DRAFTS = 500
"""Drafts kept in the process; the one that was left alone longest goes first."""


@dataclass
class WorkingCrew:
    """A stored version of a crew and what was changed since, step by step."""

    base: StoredCrew
    crew: Crew
    steps: list[tuple[str, Crew]] = field(default_factory=list[tuple[str, Crew]])
    """Title of each unsaved change, and the crew before it."""
    newer: StoredCrew | None = None
    """The version that somebody else saved in the meantime, once saving has met it."""

    @property
    def changed(self) -> bool:
        """True when there is something to save."""
        return self.crew != self.base.crew


@dataclass
class Draft:
    """Everything unsaved of one person in one tab."""

    token: str
    owner: str
    """Whose it is: somebody else's address names a draft that is not opened."""
    form: dict[str, Any] = field(default_factory=dict[str, Any])  # Any: values of widgets
    crews: dict[int, WorkingCrew] = field(default_factory=dict[int, WorkingCrew])
    """Edited crews by their id."""


@st.cache_resource(show_spinner=False)
def _drafts() -> OrderedDict[str, Draft]:
    return OrderedDict()


def own_draft() -> Draft:
    """Return the draft of this session, after a reload the one that the address names, else a new one."""
    drafts = _drafts()
    draft = find_draft() or Draft(token_urlsafe(9), front_door().person.subject)
    drafts[draft.token] = draft
    drafts.move_to_end(draft.token)
    while len(drafts) > MOST_DRAFTS:
        drafts.popitem(last=False)
    st.session_state["draft_token"] = draft.token
    return draft


def find_draft() -> Draft | None:
    """Return the draft that the address names, else the one of this session; None where there is neither."""
    owner = front_door().person.subject
    for token in (st.query_params.get("draft"), st.session_state.get("draft_token")):
        draft = _drafts().get(token or "")
        if draft is not None and draft.owner == owner:
            return draft
    return None


def restore_typed(*fields: str) -> None:
    """Give fields, before they are shown, what was typed into them before a reload; their names are their keys."""
    draft = find_draft()
    for name in fields:
        if draft is not None and name in draft.form:
            st.session_state.setdefault(name, draft.form[name])


def keep_typed(*fields: str) -> None:
    """Keep what fields hold, after they were shown; the first that holds something lets the address name the draft."""
    typed = {name: st.session_state.get(name) for name in fields}
    if any(typed.values()) or find_draft() is not None:  # who only looks takes no room from what others typed
        own_draft().form.update(typed)
    name_draft_in_address(any(typed.values()))


def name_draft_in_address(needed: bool) -> None:
    """Let the address name the draft while it holds something that a reload must not lose."""
    if needed:
        st.query_params["draft"] = own_draft().token
    else:
        st.query_params.pop("draft", None)
