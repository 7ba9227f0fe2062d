"""One search over everything, in the sidebar of every page (Ctrl or ⌘ and K), and Home's favourites and latest."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from crewgen_core.models.found import Findable, Found
from pages.shared.address import CREW, JOB, RUN, TEMPLATE
from pages.shared.handover import ONE_CREW, ONE_JOB, ONE_RUN, ONE_TEMPLATE
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.session import front_door

_PLACES: dict[Findable, tuple[Path, str, str]] = {
    "crew": (ONE_CREW, CREW, ":material/groups:"),
    "job": (ONE_JOB, JOB, ":material/table_rows:"),
    "template": (ONE_TEMPLATE, TEMPLATE, ":material/dashboard_customize:"),
    "run": (ONE_RUN, RUN, ":material/play_circle:"),
}
"""Where a thing is looked at: the page, its name in the address, and its sign."""


def offer_search() -> None:
    """Show the button that opens the search."""
    if st.sidebar.button(
        "Search",
        key="search",
        icon=":material/search:",
        shortcut="Mod+K",
        width="stretch",
        help="Find crews, jobs, templates and runs.",
    ):
        _search()


@st.dialog("Search", width="large", icon=":material/search:")
def _search() -> None:
    words = st.text_input(
        "Words of a name, an objective or a description",
        key="search_words",
        type="search",
        live=True,
    )
    if not words.strip():
        st.caption("Crews, jobs, templates and runs are looked through; capitals make no difference.")
        return
    with problems_shown():
        found = front_door().searching.search(words)
        groups = {"Crews": found.crews, "Jobs": found.jobs, "Templates": found.templates, "Runs": found.runs}
        for name, things in groups.items():
            if things:
                st.markdown(f"**{name}**")
                show_found(things, f"found_{name.lower()}")
        if not any(groups.values()):
            st.info(f"Nothing has “{plain(shorten(words, 60))}” in it.", icon=":material/search_off:")


def show_bookmarks() -> None:
    """Show a person's favourites and what they opened lately; nothing where there is none."""
    searching = front_door().searching
    starred, opened = searching.list_starred(), searching.list_opened()
    for name, things in (("Favourites", starred), ("Opened lately", opened)):
        if things:
            st.subheader(name, anchor=False)
            show_found(things[:12], name.replace(" ", "_").lower(), short=True)


def show_found(things: Sequence[Found], key: str, short: bool = False) -> None:
    """Show things as buttons that lead to them.

    No links: one that leads to the page it is on would leave the address as it is.
    """
    with st.container(key=key, horizontal=short, gap="small"):
        for one in things:
            page, parameter, icon = _PLACES[one.thing]
            about = "" if short else f" :small[:gray[{plain(shorten(one.about, 90))}]]"
            if st.button(
                f"{plain(shorten(one.name, 40 if short else 70))}{about}",
                key=f"{key}_{one.thing}_{one.key}",
                icon=icon,
                type="tertiary",
                help=plain(f"{one.thing.capitalize()} {one.key}: {one.about}"),
            ):
                st.switch_page(page, query_params={parameter: one.key})
