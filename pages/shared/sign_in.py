"""The gate: who may see pages, and what they see who may not."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from crewgen_core.door.login import Login
from crewgen_core.errors import CrewgenError, NotSignedIn
from crewgen_core.models.person import Person, Role
from pages.shared.plain_text import plain
from pages.shared.problems import show_problem
from pages.shared.session import admit, house, login, read_claims, sign_out, who_signed_in
from pages.shared.wanted_page import remember_page

_MEANINGS = {
    Role.VIEWER: "You look at what is shared with you.",
    Role.EDITOR: "You make, change and run what is yours.",
    Role.ADMIN: "You see and change everything.",
}


def let_in() -> Person | None:
    """Return who looks at the page; None for nobody who may, or where crewgen is not set up to tell."""
    try:
        return admit(read_claims()).person
    except CrewgenError:
        return None


def show_gate(page: StreamlitPage) -> None:
    """Show the sign-in page in place of the page that was asked for."""
    with st.container(horizontal_alignment="center"), st.container(width=440, border=True, key="sign_in"):
        st.title("crewgen", anchor=False, text_alignment="center")
        st.markdown("Design, check, price and run crews of AI agents.", text_alignment="center")
        how: Login | None = None
        try:
            how = login()
            admit(read_claims())
        except NotSignedIn as problem:
            if how is not None:
                _show_way_in(how, problem, page)
        except CrewgenError as problem:
            show_problem(problem)


def _show_way_in(how: Login, problem: NotSignedIn, page: StreamlitPage) -> None:
    """Show how to sign in, or, to whoever did and may not come in, why."""
    if who_signed_in(read_claims()) is not None:
        show_problem(problem)
        st.button("Sign out", icon=":material/logout:", on_click=sign_out, width="stretch")
        return
    host = st.context.headers.get("host", "")
    if how.public_url.partition("://")[2].lower() == host.lower():
        label = f"Sign in with {plain(how.provider)}"
        st.button(label, type="primary", icon=":material/login:", on_click=_sign_in, args=(page,), width="stretch")
    else:
        st.link_button(f"Sign in at {plain(how.public_url)}", how.public_url, type="primary", width="stretch")
    st.caption("No access? Ask whoever runs this dashboard.", text_alignment="center")


def _sign_in(page: StreamlitPage) -> None:
    remember_page(page)
    st.login()


def warn_of_open_door() -> None:
    """Say on the page that there is no login, where others can reach it."""
    if login() is None and house().settings.open_to_network:
        st.warning(
            "**This dashboard has no login and is open to the network:** everybody who reaches it may see, "
            "change, run and spend everything. The README says how to configure a login (“Open it to colleagues”).",
            icon=":material/lock_open:",
        )


def show_person(person: Person) -> None:
    """Show in the sidebar who is signed in, in which role, and the way out; nothing where there is no login."""
    if login() is None:
        return
    with st.sidebar.container(key="person"):
        st.markdown(f"**{plain(person.name)}**  \n:small[:gray[{person.role.value} · {_MEANINGS[person.role]}]]")
        st.button("Sign out", icon=":material/logout:", on_click=sign_out, type="tertiary")
