"""A chart with its text alternative, and its figures to download."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crewgen_core.models.table import Table
from pages.shared.session import front_door


def show_chart(
    figure: Any,  # noqa: ANN401 Plotly stays in figures
    alt: str,
    table: Table | None,
    key: str,
    on_click: Callable[[], None] | None = None,
) -> None:
    """Show a chart; ``alt`` says the same in words, ``table`` holds the figures, None where there are none.

    ``on_click`` is called when a point was clicked on, which the session's state then holds under ``key``.
    """
    st.plotly_chart(
        figure,
        key=key,
        alt=alt,
        config={"displayModeBar": False},
        on_select=on_click or "ignore",
        selection_mode="points",
    )
    if table is not None and table.rows:
        offer_table(table, f"{key}_data")


def offer_table(table: Table, key: str) -> None:
    """Offer the figures of a table as a CSV file that is safe to open in a spreadsheet."""
    file = front_door().export_table(table)
    st.download_button(
        "Data (CSV)",
        lambda: file.content,  # on the click: a file put there at once is gone, and looked for, when a chart is redrawn
        file_name=file.name,
        mime=file.media_type,
        key=key,
        icon=":material/download:",
        type="tertiary",
        help="The figures of this chart, for a spreadsheet.",
        on_click="ignore",
    )
