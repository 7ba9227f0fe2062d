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
    heads = " | ".join(plain(shorten(name, 60)) for name in compared.crews)
    lines = [f"| | {heads} |", f"|:--|{':--|' * len(compared.crews)}"]
    lines += [f"| {plain(fact.name)} | {' | '.join(_tell(fact))} |" for fact in compared.facts]
    with st.container(border=True, key="bulk_comparison"):
        st.markdown("\n".join(lines))
        st.caption(plain(" ".join(("Bold is best.", *compared.remarks))))
        offer_table(compared.table, "bulk_comparison_data")


def _tell(fact: ComparedFact) -> list[str]:
    cells = [plain(shorten(value, _LONGEST_CELL)) for value in fact.values]
    return [f"**{cell}**" if at in fact.best else cell for at, cell in enumerate(cells)]
