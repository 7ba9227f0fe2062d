"""What an upload holds: how many rows can be used, which cannot and why, which ask for the same, the first ones."""

from collections.abc import Mapping

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from crewgen_core.models.design import BUILT_IN
from crewgen_core.models.table import Table
from crewgen_core.models.upload import BadRow, ObjectiveRow, UploadReport
from pages.shared.bulk_given import Given
from pages.shared.bulk_table import harmless
from pages.shared.bulk_words import count_rows
from pages.shared.plain_text import plain, shorten
from pages.shared.session import for_later

_HEIGHT = 300
"""Pixels of a table: about eight rows, the others are scrolled to."""

_FEW = 12
"""Rows at fault that are shown in full; a longer table is scrolled, and cuts what is long."""

_BAD_COLUMNS: Mapping[str, ColumnConfig] = {
    "Row": st.column_config.NumberColumn(width="small", pinned=True),
    "Column": st.column_config.TextColumn(width=120),
    "Value": st.column_config.TextColumn(width=120),
    "What is wrong": st.column_config.TextColumn(width=900),
}

_MOST_MODELS = 12


def show_contents(given: Given, report: UploadReport) -> None:
    """Show the counts, and in tabs the rows that cannot be used, those that are there twice, and the first ones."""
    with st.grid(4, min_column_width=130):
        st.metric("Rows", f"{report.rows:,}", border=True)
        st.metric("Can be used", f"{report.good:,}", border=True)
        st.metric("Cannot be used", f"{report.bad:,}", border=True)
        st.metric(
            "Duplicates", f"{report.duplicates:,}", border=True, help="Rows that ask for what an earlier row asks."
        )
    for note in report.notes:
        st.caption(f":material/info: {plain(note)}")
    _show_models(report)
    bad, twice, first = "Cannot be used", "Duplicates", "First rows"
    names = [*([bad] if report.bad else []), first, *([twice] if report.duplicates else [])]
    tabs = dict(zip(names, st.tabs(names, key=f"bulk_rows_{given.token}"), strict=True))
    shift = 1 if given.pasted else 0  # the header that pasted lines are given
    with tabs[first]:
        _show_first(report, shift)
    if bad in tabs:
        with tabs[bad]:
            _show_bad(report, shift)
    if twice in tabs:
        with tabs[twice]:
            _show_duplicates(report, shift)


def _show_models(report: UploadReport) -> None:
    """Say which models the rows name, where there is more than one engine."""
    if set(report.models) <= {""}:
        return
    ordered = sorted(report.models.items(), key=lambda entry: -entry[1])
    parts = [f"{model or BUILT_IN}: {count_rows(count)}" for model, count in ordered[:_MOST_MODELS]]
    parts += [f"{len(ordered) - _MOST_MODELS} more"] if len(ordered) > _MOST_MODELS else []
    st.caption(f":material/smart_toy: {plain(' · '.join(parts))}")


def _show_bad(report: UploadReport, shift: int) -> None:
    rows = report.bad_rows
    st.markdown(
        f"{count_rows(report.bad)} cannot become a crew and will be left out; the others are not held back by them. "
        "Correct them in the file and upload it again, or go on without them."
    )
    if len(rows) <= _FEW:
        st.markdown("\n".join(_say_bad(bad, shift) for bad in rows))
    else:
        _show_many_bad(rows, shift)
    st.download_button(
        "Rows that cannot be used (CSV)",
        for_later(lambda door: door.export_table(_tabulate(rows, shift)).content),
        file_name="rows-that-cannot-be-used.csv",
        mime="text/csv",
        key="bulk_bad_csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _say_bad(bad: BadRow, shift: int) -> str:
    where = f"{plain(bad.column)}: " if bad.column else ""
    value = f"“{plain(bad.value)}”. " if bad.value else ""
    return f"- **Row {bad.row - shift}**, {where}{value}:gray[{plain(bad.reason)}]"


def _show_many_bad(rows: tuple[BadRow, ...], shift: int) -> None:
    st.dataframe(
        [
            {
                "Row": bad.row - shift,
                "Column": harmless(bad.column),
                "Value": harmless(bad.value),
                "What is wrong": harmless(bad.reason),
            }
            for bad in rows
        ],
        hide_index=True,
        column_config=_BAD_COLUMNS,
        height=_HEIGHT,
        key="bulk_bad_rows",
        placeholder="",
        alt="Rows that cannot be used, each with its number, column, value and reason",
    )


def _tabulate(rows: tuple[BadRow, ...], shift: int) -> Table:
    return Table(
        title="Rows that cannot be used",
        columns=("row", "column", "value", "reason"),
        rows=tuple((bad.row - shift, bad.column, bad.value, bad.reason) for bad in rows),
    )


def _show_duplicates(report: UploadReport, shift: int) -> None:
    shown = report.duplicate_rows
    st.dataframe(
        [
            {"Row": it.row - shift, "Same as row": it.duplicate_of - shift, "Objective": harmless(it.text)}
            for it in shown
        ],
        hide_index=True,
        height=min(_HEIGHT, 38 + 35 * len(shown)),
        key="bulk_duplicates",
        alt="Rows that ask for what an earlier row asks",
    )


def _show_first(report: UploadReport, shift: int) -> None:
    rows = [_tell_bad(row, shift) if isinstance(row, BadRow) else _tell(row, shift) for row in report.preview]
    if not rows:
        st.caption("There are no rows.")
        return
    st.dataframe(
        rows,
        hide_index=True,
        height=min(_HEIGHT, 38 + 35 * len(rows)),
        column_config={
            "Row": st.column_config.NumberColumn(width="small", pinned=True),
            "Objective": st.column_config.TextColumn(width="large"),
        },
        column_order=list(dict.fromkeys(name for row in rows for name in row)),
        key="bulk_preview",
        placeholder="",
        alt="The first rows as they are understood",
    )


def _tell_bad(row: BadRow, shift: int) -> dict[str, str | int]:
    return {"Row": row.row - shift, "Objective": f"✗ {row.reason}"}


def _tell(row: ObjectiveRow, shift: int) -> dict[str, str | int]:
    told: dict[str, str | int] = {"Row": row.row - shift, "Objective": harmless(shorten(row.text, 400))}
    if row.name:
        told["Name"] = harmless(row.name)
    for name, value in row.requirements.items():
        told[name.replace("_", " ").replace("usd", "USD").capitalize()] = harmless(shorten(str(value), 200))
    if row.model:
        told["Model"] = harmless(row.model)
    if row.priority != "normal":
        told["Priority"] = row.priority
    if row.tags:
        told["Tags"] = harmless(", ".join(row.tags))
    for column, value in row.extra.items():
        told[f"{column} (kept)"] = harmless(shorten(value, 200))
    return told
