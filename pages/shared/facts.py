"""Facts in a row, and the line that says how a thing stands: texts that the style sheet makes look like badges.

A badge is Markdown, which a browser draws later than a text (docs/performance.md). So this is for what a page shows
first.
"""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

FACTS = "facts"
"""Key of a row whose texts look like grey badges."""

STATE = "state"
"""Begin of the key of a line that says how a thing stands; the colour of its state follows."""


def fact_row(facts: Sequence[str]) -> DeltaGenerator:
    """Show facts in a row, as they are; return the row."""
    row = st.container(horizontal=True, vertical_alignment="center", key=FACTS)
    for fact in facts:
        row.text(fact)
    return row


def show_state(state: str, colour: str, marks: Sequence[str], described: str) -> None:
    """Show how a thing stands, marks of its kind, and what else is to say of it, small and grey."""
    with st.container(horizontal=True, vertical_alignment="center", width="content", key=f"{STATE}_{colour}"):
        for words in (state, *marks, described):
            st.text(words)
