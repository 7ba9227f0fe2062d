"""The catalog to look through: a kind of entry, a search, one page of entries at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import streamlit as st

from crewgen_core.catalog.catalog import Catalog
from pages.shared.catalog_entries import describe_domain, describe_pattern, describe_role, describe_skill, describe_tool

PAGE = 20
"""Entries on a page."""


@dataclass(frozen=True)
class Kind:
    """One kind of entry: where its entries are, and how one is described."""

    title: str
    entries: Callable[[Catalog], Mapping[str, Any]]  # entries of five classes, which have only a key in common
    describe: Callable[[Any, Catalog], Iterable[str]]
    """Markdown: first the heading, then the lines of the details."""


KINDS = {
    kind.title: kind
    for kind in (
        Kind("Skills", lambda catalog: catalog.skills, describe_skill),
        Kind("Roles", lambda catalog: catalog.roles, describe_role),
        Kind("Work patterns", lambda catalog: catalog.patterns, describe_pattern),
        Kind("Tools", lambda catalog: catalog.tools, describe_tool),
        Kind("Domains", lambda catalog: catalog.domains, describe_domain),
    )
}


@st.fragment
def show_catalog(catalog: Catalog) -> None:
    """Show the entries of the chosen kind that the search finds, a page of them."""
    title = st.segmented_control("Kind of entry", list(KINDS), default="Skills", required=True, key="kind")
    kind = KINDS[title]
    wanted = st.text_input(
        f"Search {title.lower()}",
        type="search",
        live=True,
        key="catalog_search",
        placeholder="Name, other names, words that call for it",
    )
    entries = list(kind.entries(catalog).values())
    found = find_entries(entries, wanted)
    if not found:
        st.info(f"No entry of {title.lower()} has all of these words. Try fewer or shorter ones.")
        return
    pages = ceil(len(found) / PAGE)
    st.caption(f"{len(found)} of {len(entries)}" if wanted.strip() else f"{len(entries)} {title.lower()}")
    page_key = f"catalog_page_{title}_{wanted}"  # another search begins on its first page
    number = st.session_state.get(page_key, 1)
    for entry in found[(number - 1) * PAGE : number * PAGE]:
        heading, *details = kind.describe(entry, catalog)
        with st.expander(heading):
            st.markdown("\n\n".join(details))
    if pages > 1:
        st.pagination(pages, key=page_key)


def find_entries(entries: list[Any], wanted: str) -> list[Any]:
    """Return the entries that hold every word of the search, those with one in their name first; all for no word."""
    words = wanted.lower().split()
    found = [entry for entry in entries if all(word in _searchable(entry) for word in words)]
    return sorted(found, key=lambda entry: not all(word in _name(entry).lower() for word in words)) if words else found


def _searchable(entry: Any) -> str:  # noqa: ANN401 any entry of the catalog
    """Return all text of an entry, its key and the keys it names included."""
    return entry.model_dump_json().lower()


def _name(entry: Any) -> str:  # noqa: ANN401 any entry of the catalog
    return getattr(entry, "name", None) or entry.title
