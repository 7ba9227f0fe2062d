"""A chart of analytics: drawn, in words, as a table when it is opened, and as a file."""

from typing import Any

import streamlit as st

from crewgen_core.models.table import Table
from pages.shared.chart import show_chart
from pages.shared.plain_text import plain


def show_figures(figure: Any, alt: str, table: Table, key: str) -> None:  # noqa: ANN401 Plotly stays in figures
    """Show a chart with its words below; its figures open as a table and are downloaded as CSV."""
    with st.container():
        show_chart(figure, alt, table, key)
        st.caption(plain(alt))
        if not table.rows:
            return
        opened = st.expander("Table", icon=":material/table:", key=f"{key}_table", on_change="rerun")
        if opened.open:
            with opened:
                columns = {name: [row[at] for row in table.rows] for at, name in enumerate(table.columns)}
                st.dataframe(columns, hide_index=True)
