"""Rows of a job as a table, with a selection."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from crewgen_core.models.job import Figures, Item, JobKind
from pages.shared.bulk_words import MARKS
from pages.shared.plain_text import shorten

_COLUMNS: Mapping[str, ColumnConfig] = {
    "Row": st.column_config.NumberColumn(width="small", help="Row in the file."),
    "State": st.column_config.TextColumn(width=110),
    "Crew": st.column_config.TextColumn(width=260),
    "Open": st.column_config.LinkColumn(display_text="Open", width="small", help="The crew, in a new tab."),
    "Success": st.column_config.NumberColumn(format="%.0f%%", help="Typical chance of success of a run."),
    "Success before": st.column_config.NumberColumn(format="%.0f%%", help="The same before it was optimized."),
    "Cost": st.column_config.NumberColumn(format="$%.4f", help="Typical cost of a run in USD; empty when not known."),
    "Cost before": st.column_config.NumberColumn(format="$%.4f", help="The same before it was optimized."),
    "Duration": st.column_config.NumberColumn(format="%.1f min", help="Typical duration of a run."),
    "Duration before": st.column_config.NumberColumn(format="%.1f min", help="The same before it was optimized."),
    "Agents": st.column_config.NumberColumn(),
    "Tasks": st.column_config.NumberColumn(),
    "Errors": st.column_config.NumberColumn(),
    "Warnings": st.column_config.NumberColumn(),
    "Score": st.column_config.NumberColumn(format="%.1f", help="Of 10."),
    "Domain": st.column_config.TextColumn(),
    "Engine": st.column_config.TextColumn(),
    "In words": st.column_config.TextColumn(width="large", help="Why it failed, or what to know of the crew."),
    "Objective": st.column_config.TextColumn(width="large"),
    "Tags": st.column_config.TextColumn(),
}

_BEFORE = ("Success before", "Cost before", "Duration before")

_LONGEST = 400
"""Characters of a cell: a table is no place to read an objective of pages."""


def choose_rows(items: Sequence[Item], kind: JobKind, key: str) -> list[Item]:
    """Show the rows; return those that are selected."""
    chosen = st.dataframe(
        [_tell(item) for item in items],
        hide_index=True,
        column_order=[name for name in _COLUMNS if kind == "optimize" or name not in _BEFORE],
        column_config=_COLUMNS,
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="",
        height="content",  # the page scrolls, not a table within it
        alt="One line for each row: state, crew, estimate and findings",
    ).selection.rows
    return [items[at] for at in chosen if at < len(items)]


def harmless(text: str) -> str:
    """Return a cell that is no formula: the menu of a table writes cells into a CSV as they are."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _tell(item: Item) -> dict[str, str | float | int | None]:
    told: dict[str, str | float | int | None] = {
        "Row": item.line or item.position,
        "State": MARKS[item.state],
        "Crew": harmless(shorten(item.name or item.crew_name or item.objective, 120)),
        "Open": None if item.crew_id is None else f"crew?crew={item.crew_id}",
        "Domain": item.domain,
        "Engine": harmless(item.engine),
        "In words": harmless(shorten(item.failure_reason or item.notice, _LONGEST)),
        "Objective": harmless(shorten(item.objective, _LONGEST)),
        "Tags": harmless(item.tags),
    }
    if item.figures is not None:
        told |= _tell_figures(item.figures)
    if item.before is not None:
        told |= {f"{name} before": value for name, value in _tell_figures(item.before).items()}
    return told


def _tell_figures(figures: Figures) -> dict[str, float | int | None]:
    return {
        "Success": figures.success * 100,
        "Cost": None if figures.cost_usd is None else float(figures.cost_usd),
        "Duration": figures.duration_s / 60,
        "Agents": figures.agents,
        "Tasks": figures.tasks,
        "Errors": figures.errors,
        "Warnings": figures.warnings,
        "Score": figures.score,
    }
