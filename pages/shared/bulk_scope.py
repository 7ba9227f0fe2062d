"""Which rows of a job something is done with: the selected ones, those that the filters find, or all."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.models.job import Item, ItemQuery
from pages.shared.bulk_filters import is_narrowed
from pages.shared.bulk_words import count_rows

_ALL, _FOUND = "All rows", "What the filters find"


def choose_scope(query: ItemQuery, chosen: Sequence[Item], key: str) -> ItemQuery:
    """Let the person choose; return the query of the rows. The narrowest is offered first."""
    selected = f"The {count_rows(len(chosen), 'selected row')}"
    options = [*([selected] if chosen else []), *([_FOUND] if is_narrowed(query) else []), _ALL]
    if len(options) == 1:
        return ItemQuery()
    scope = st.segmented_control(
        "Rows to take",
        options,
        default=options[0],
        required=True,
        key=f"{key}_{len(options)}_{len(chosen)}",
        label_visibility="collapsed",
    )
    if scope == selected:
        return ItemQuery(ids=tuple(item.id for item in chosen))
    return query if scope == _FOUND else ItemQuery()
