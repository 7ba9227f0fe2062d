"""What outlives a rerun: crewgen, one for the process, and what is looked up in it again and again.

``front_door`` is the only way in for pages: it looks every time who asks. Fragments and callbacks run without the
router, so the check stands here, where nothing can go around it.
"""

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.door.ended import ENDED
from crewgen_core.door.identity import Identity, read_identity
from crewgen_core.door.login import Login, read_login
from crewgen_core.errors import NotSignedIn
from crewgen_core.models.person import Role

T = TypeVar("T")


@st.cache_resource(show_spinner=False)
def house() -> Crewgen:
    """Return crewgen as the server itself uses it, one for the whole process: not for what a person asks."""
    return Crewgen.open()


@st.cache_resource(show_spinner=False)
def login() -> Login | None:
    """Return how people sign in, None for a dashboard without login. Raises UnknownSetting for half a login."""
    return read_login(house().settings)


def front_door() -> Crewgen:
    """Return crewgen as whoever looks at this page may use it now.

    Once they may not come in any more, the page gives way to the sign-in page.
    """
    try:
        return admit(read_claims())
    except NotSignedIn:
        st.rerun()  # from the top, where the router says what to do
        raise  # without a page, nobody is there to rerun


def admit(claims: Mapping[str, object]) -> Crewgen:
    """Return crewgen for the person of these claims of a sign-in. Raises NotSignedIn.

    Role and standing are looked up each time, so that whoever is demoted or shut out is so from their next click on.
    """
    how = login()
    if how is None:
        return house()
    who = who_signed_in(claims)
    if who is None:
        raise NotSignedIn("Nobody is signed in here, or the sign-in is over.", "Sign in again.")
    settings = house().settings
    person = house().people.sign_in(
        who.subject, who.email, who.name, Role(settings.default_role), named_admin=who.is_among(settings.admins)
    )
    return house().acting_for(person)


def who_signed_in(claims: Mapping[str, object]) -> Identity | None:
    """Return who the provider vouched for; None for nobody, and where nobody signs in."""
    how = login()
    who = read_identity(claims, time.time(), how.lasts_s) if how else None
    return None if who in ENDED else who


def sign_out() -> None:
    """End the sign-in of whoever looks at this page, in all their tabs, and at the provider where it can."""
    who = who_signed_in(read_claims())
    if who is not None:
        ENDED.end(who)
    st.logout()


def read_claims() -> Mapping[str, object]:
    """Return what the provider said of whoever looks at this page; nothing where nobody signs in."""
    return st.user.to_dict() if login() else {}


def for_later(make: Callable[[Crewgen], T]) -> Callable[[], T]:
    """Return what makes something for whoever looks at this page when they click on it, outside of any page."""
    claims = read_claims()
    return lambda: make(admit(claims))


def may_write() -> bool:
    """Tell whether who looks at this page may make and change things; buttons that do are disabled for others."""
    return front_door().person.role.covers(Role.EDITOR)


@st.cache_resource(show_spinner=False)
def tool_names() -> Mapping[str, str]:
    """Return the name that people read of each tool, by its catalog key, sorted by name."""
    tools = house().catalog.tools
    return {key: tools[key].name for key in sorted(tools, key=lambda key: tools[key].name.lower())}


@st.cache_resource(show_spinner=False)
def domain_names() -> Mapping[str, str]:
    """Return the name that people read of each domain, by its catalog key, sorted by name."""
    domains = house().catalog.domains
    return {key: domains[key].name for key in sorted(domains, key=lambda key: domains[key].name.lower())}


@st.cache_resource(show_spinner=False)
def skill_names() -> Mapping[str, str]:
    """Return the name that people read of each skill, by its catalog key."""
    return {key: skill.name for key, skill in house().catalog.skills.items()}
