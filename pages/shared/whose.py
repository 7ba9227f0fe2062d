"""Whose a thing is, and who else may look at it; a dashboard without login shows nothing of it."""

from collections.abc import Callable

import streamlit as st

from crewgen_core.models.ownership import Owned
from crewgen_core.models.person import AuditEvent
from crewgen_core.numbers import format_when
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.session import front_door, may_write

DEMO_BADGE = ":orange-badge[:material/science: demo]"

ABOUT_DEMO = (
    "Loaded to show what crewgen does. Crews were designed and priced like any other; their runs were simulated. It "
    "teaches nothing, and is removed on Home."
)

LONGEST_NAME = 40
"""Characters of a person's name in a list."""


def signed_in() -> bool:
    """Tell whether whoever looks at this page is known by name."""
    return front_door().person.id is not None


def tell_whose(thing: Owned) -> list[str]:
    """Return what a list says of a thing, in plain words: who made it, and whether it is shared."""
    if thing.owner_id is None and not thing.shared:
        return []
    person = front_door().person  # looked up in the database, so once for a row
    if person.id is None:
        return []
    mine = thing.owner_id == person.id
    by = [] if thing.owner_id is None else ["yours" if mine else f"by {shorten(thing.owner_name, LONGEST_NAME)}"]
    return [*by, *(["shared"] if thing.shared else [])]


def mark_demo(thing: Owned) -> str:
    """Return a badge for demo data, to stand before other words in markdown; empty for everything else."""
    return f"{DEMO_BADGE} " if thing.demo else ""


def tell_maker(name: str) -> list[str]:
    """Return what a list of versions says of who saved one."""
    return [f"by {shorten(name, LONGEST_NAME)}"] if name and signed_in() else []


def show_whose(thing: Owned) -> None:
    """Show the same as badges, for the head of a page."""
    if thing.demo:
        st.markdown(DEMO_BADGE, width="content", help=ABOUT_DEMO)
    for words in tell_whose(thing):
        st.badge(plain(words), color="blue" if words == "shared" else "gray")


def show_sharing(thing: Owned, what: str, share: Callable[[bool], object]) -> None:
    """Let the owner share a thing with everybody, or no more; ``what`` is the word for it ("crew")."""
    if not signed_in() or not thing.may_change or thing.owner_id is None:
        return
    key = f"share_{what}"
    wanted = st.toggle(
        "Shared",
        thing.shared,
        key=f"{key}_{thing.shared}",  # a new one after each change: it shows what is so, not what was wanted
        help=f"Everybody who signs in may look at this {what} and use it. Only you and administrators change it.",
        width="content",
    )
    if wanted != thing.shared:
        with problems_shown():
            share(wanted)
            st.rerun()


def explain_locked(thing: Owned, what: str) -> str:
    """Return why who looks at this page may not change a thing; empty where they may."""
    if thing.may_change:
        return ""
    if not may_write():
        return f"You may look at this {what}, not change it: your role is viewer."
    return f"This {what} belongs to {shorten(thing.owner_name, LONGEST_NAME) or 'somebody else'}, who shared it."


def show_history(events: tuple[AuditEvent, ...]) -> None:
    """Show who did what with a thing, the newest first."""
    if not events:
        st.caption("Nothing was written down about it yet.")
    for event in events:
        who = f"{shorten(event.person_name, LONGEST_NAME)}{', by a token,' if event.token_id else ''}"
        st.markdown(
            f"**{plain(who)}** {plain(event.action)} it. {plain(shorten(event.summary, 200))} "
            f":small[:gray[{plain(format_when(event.at))}]]"
        )
