"""Two to six crews of a job side by side."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.models.job import Item
from crewgen_core.models.side_by_side import ComparedFact
from pages.shared.chart import offer_table
from pages.shared.plain_text import plain, shorten
from pages.shared.session import front_door

MOST_COMPARED = 6

_LONGEST_CELL = 300


def show_comparison(items: Sequence[Item]) -> None:
    """Show the crews in columns; what is best in a line is bold."""
    compared = front_door().bulk.compare([item.id for item in items])
    columns = {"": [plain(fact.name) for fact in compared.facts]}
    cells = [_tell(fact) for fact in compared.facts]
    columns |= {plain(shorten(name, 60)): [row[at] for row in cells] for at, name in enumerate(compared.crews)}
    with st.container(border=True, key="bulk_comparison"):
        st.table(columns, hide_index=True, alt="A column for each crew")  # it scrolls on a phone
        st.caption(plain(" ".join(("Bold is best.", *compared.remarks))))
        offer_table(compared.table, "bulk_comparison_data")


def _tell(fact: ComparedFact) -> list[str]:
    cells = [plain(shorten(value, _LONGEST_CELL)) for value in fact.values]
    return [f"**{cell}**" if at in fact.best else cell for at, cell in enumerate(cells)]
