"""Many checked crews on the page: the table, what to do with all of them, and the way to one of them."""

from collections import Counter
from collections.abc import Mapping

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from crewgen_core.app import Crewgen
from crewgen_core.front.checking import BatchFormat
from crewgen_core.models.batch import BatchRow, CheckedFile, UnreadableFile, Verdict
from crewgen_core.numbers import format_count
from pages.shared.batch import Batch, begin, count_fixes, keep_batch, kept_batch, work_on
from pages.shared.check_result import show_result
from pages.shared.checked_crew import CheckedCrew, keep, kept
from pages.shared.crew_input import GivenCrew, ask_for_crews
from pages.shared.plain_text import plain, plain_hint, shorten
from pages.shared.problems import problems_shown

_SHOWN_FAULTS = 30
"""Unreadable files told below the table; the table has all of them."""

_MARKS: dict[Verdict, str] = {"can run": "✓ can run", "has errors": "✗ has errors", "unreadable": "? unreadable"}

_TABLES: tuple[tuple[BatchFormat, str, str], ...] = (
    ("csv", "Table (CSV)", "For a spreadsheet: what would be a formula there is shown as text."),
    ("jsonl", "Table (JSON Lines)", "One line for each file, with all its findings."),
)

_COLUMNS: Mapping[str, ColumnConfig] = {
    "File": st.column_config.TextColumn(pinned=True, width=220),
    "Verdict": st.column_config.TextColumn(width=110),
    "Score": st.column_config.NumberColumn(format="%.1f", help="Of 10."),
    "Errors": st.column_config.NumberColumn(),
    "Warnings": st.column_config.NumberColumn(),
    "Skills": st.column_config.NumberColumn(format="%.0f%%", help="Share of the needed skills that some agent has."),
    "Success": st.column_config.NumberColumn(format="%.0f%%", help="Typical chance of success of a run."),
    "Cost": st.column_config.NumberColumn(format="$%.4f", help="Typical cost of a run in USD; empty when not known."),
    "Duration": st.column_config.NumberColumn(format="%.1f min", help="Typical duration of a run."),
    "Fixes": st.column_config.NumberColumn(help="Findings that can be mended with a click."),
    "Crew": st.column_config.TextColumn(width="medium"),
    "In words": st.column_config.TextColumn(width="large"),
}


def show_batch(crewgen: Crewgen) -> None:
    """Show the inputs, and what came of the last batch."""
    opened = kept()
    batch = kept_batch()
    if batch and opened and opened.row is not None:
        _show_opened(crewgen, batch, opened, opened.row)
        return
    given = ask_for_crews()
    if st.button("Check all crews", type="primary", icon=":material/fact_check:"):
        keep_batch(None)
        with problems_shown(stop=True):
            keep_batch(begin(crewgen, given))
        batch = kept_batch()
    if batch:
        _show(crewgen, batch, given)


def _show(crewgen: Crewgen, batch: Batch, given: GivenCrew) -> None:
    st.divider()
    work_on(crewgen, batch)
    counts = Counter(row.verdict for row in batch.rows)
    with st.grid(4, min_column_width=150):
        st.metric("Files", len(batch.rows), border=True)
        st.metric("Can run", counts["can run"], border=True)
        st.metric("With errors", counts["has errors"], border=True)
        st.metric("Unreadable", counts["unreadable"], border=True)
    if given.files and batch.given != given:  # coming back from a crew, the box for files is empty
        st.info("The inputs have been changed since this check. Check the crews again to see what is different.")
    if batch.left_out:
        st.warning(f"It was stopped: {format_count(batch.left_out, 'crew')} left out.", icon=":material/stop_circle:")
    if not batch.rows:
        return
    _show_actions(batch)
    _show_table(batch)
    _show_faults(batch)
    _show_downloads(crewgen, batch)


def _show_actions(batch: Batch) -> None:
    fixes = batch.fixes
    with st.container(horizontal=True, vertical_alignment="center"):
        if fixes:
            label = f"Apply all fixes to all crews ({sum(fixes.values())})"
            st.button(label, key="mend_batch", icon=":material/build:", on_click=batch.mend)
        if batch.before is not None:
            st.button("Undo all fixes", key="undo_batch", icon=":material/undo:", on_click=batch.undo)
        applied = sum(len(row.changes) for row in batch.rows if isinstance(row, CheckedFile))
        if applied:
            st.markdown(f":green-badge[{format_count(applied, 'change')} applied]", width="content")


def _show_table(batch: Batch) -> None:
    only = st.toggle(
        "Only with errors",
        key="batch_only_errors",
        persist_state="session",
        help="Crews with errors, and files that could not be read.",
    )
    shown = [at for at, row in enumerate(batch.rows) if not only or row.verdict != "can run"]
    if not shown:
        st.success("No crew has an error, and every file could be read.", icon=":material/check_circle:")
        return
    chosen = st.dataframe(
        [_tell(batch.rows[at]) for at in shown],
        hide_index=True,
        column_order=list(_COLUMNS),
        column_config=_COLUMNS,
        key=f"batch_table_{only}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        alt="One row for each file: verdict, score, findings, coverage and estimate",
    ).selection.rows
    if not chosen or chosen[0] >= len(shown):
        st.caption("Choose a row to open its crew.")
        return
    at = shown[chosen[0]]
    row = batch.rows[at]
    if isinstance(row, UnreadableFile):
        st.error(f"{plain(row.reason)}\n\n{plain_hint(row.hint)}", icon=":material/error:")
    else:
        st.button(
            f"Open {plain(shorten(row.crew.name, 60))}",
            key="open_row",
            icon=":material/open_in_full:",
            on_click=keep,  # a callback, since a click that comes while the page still runs would count twice
            args=(CheckedCrew(batch.given, row, row=at),),
        )


def _tell(row: BatchRow) -> dict[str, str | float | int | None]:
    if isinstance(row, UnreadableFile):
        return {"File": _harmless(row.file), "Verdict": _MARKS[row.verdict], "In words": _harmless(row.reason)}
    report, estimate = row.report, row.estimate
    return {
        "File": _harmless(row.file),
        "Crew": _harmless(row.crew.name),
        "Verdict": _MARKS[row.verdict],
        "Score": report.score,
        "Errors": report.count("error"),
        "Warnings": report.count("warning"),
        "Skills": None if report.covered is None else report.covered * 100,
        "Success": estimate.success.p50 * 100,
        "Cost": float(estimate.cost_usd.p50) if estimate.cost_usd else None,
        "Duration": estimate.duration_s.p50 / 60,
        "Fixes": count_fixes(row),
        "In words": report.verdict,
    }


def _harmless(text: str) -> str:
    """Return a cell that is no formula: the menu of the table writes cells into a CSV as they are."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _show_faults(batch: Batch) -> None:
    faults = [row for row in batch.rows if isinstance(row, UnreadableFile)]
    if not faults:
        return
    with st.expander(f"{format_count(len(faults), 'file')} could not be read", icon=":material/error:"):
        lines = [f"- **{plain(row.file)}**: {plain(f'{row.reason} {row.hint}')}" for row in faults[:_SHOWN_FAULTS]]
        lines += [f"- and {len(faults) - _SHOWN_FAULTS} more, see the table"] if len(faults) > _SHOWN_FAULTS else []
        st.markdown("\n".join(lines))


def _show_downloads(crewgen: Crewgen, batch: Batch) -> None:
    rows = tuple(batch.rows)
    with st.container(horizontal=True):
        for form, label, what in _TABLES:
            st.download_button(
                label,
                lambda form=form: crewgen.checking.export_table(rows, form).content,
                file_name=f"crews.{form}",
                mime="text/csv" if form == "csv" else "application/jsonl",
                key=f"batch_{form}",
                help=what,
                icon=":material/table:",
                on_click="ignore",
            )
        if any(isinstance(row, CheckedFile) for row in rows):
            st.download_button(
                "Crews (ZIP)",
                lambda: crewgen.checking.export_crews(rows).content,
                file_name="crews.zip",
                mime="application/zip",
                key="batch_zip",
                help="A crewgen file for each crew, with the fixes that were applied.",
                icon=":material/folder_zip:",
                on_click="ignore",
            )


def _show_opened(crewgen: Crewgen, batch: Batch, opened: CheckedCrew, at: int) -> None:
    """Show one crew of the table; what is mended there stands in the table too."""
    if at < len(batch.rows):
        batch.rows[at] = opened.checked
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Back to all crews", key="close_row", icon=":material/arrow_back:", on_click=keep, args=(None,))
        st.markdown(f":small[:gray[{plain(opened.checked.file)}]]", width="content")
    show_result(crewgen, opened, opened.given)
