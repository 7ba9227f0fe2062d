"""How a file was read, and the ways to read it otherwise: letters, separator, sheet, and what each column means."""

from collections.abc import Mapping, Sequence
from zlib import crc32

import streamlit as st

from crewgen_core.errors import UnreadableUpload
from crewgen_core.models.upload import COLUMN_FIELDS, ColumnField, UploadReport
from pages.shared.bulk_given import Given
from pages.shared.plain_text import plain, shorten
from pages.shared.session import front_door

_FIELDS: Mapping[ColumnField, str] = {
    "objective": "Objective",
    "name": "Name",
    "context": "Context",
    "domain": "Domain",
    "budget_usd": "Budget (USD per run)",
    "deadline_minutes": "Deadline (minutes)",
    "max_agents": "Most agents",
    "template": "Template",
    "model": "Model",
    "priority": "Priority",
    "tags": "Tags",
    "preferences": "Preferences",
}

_DELIMITERS: Mapping[str, str] = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", "": "none"}
_FOUND_OUT = "Found out"
_NOTHING = "—"


def show_reading(given: Given) -> None:
    """Show in an expander how the file was read; what is changed there holds from the next run of the page on."""
    report = given.report
    fault = given.problem if isinstance(given.problem, UnreadableUpload) else None
    columns = report.columns if report else fault.columns if fault else ()
    if given.pasted:
        return
    with st.expander(
        f"How the file was read: {_say(report)}" if report else "How the file is read",
        icon=":material/rule:",
        key=f"bulk_reading_{given.token}",
        expanded=report is None,
    ):
        if not given.name.lower().endswith(".xlsx"):
            _show_letters(given, report)
        elif report and len(report.tabs) > 1:
            _show_tabs(given, report)
        if columns:
            _show_columns(given, columns, report.mapping if report else fault.mapping if fault else {})


def _say(report: UploadReport) -> str:
    if report.kind == "xlsx":
        return plain(f"sheet “{shorten(report.tab, 60)}”")
    separated = _DELIMITERS.get(report.delimiter, report.delimiter)
    return plain(f"{report.encoding}, " + (f"separated by {separated}" if report.delimiter else "one objective a line"))


def _show_letters(given: Given, report: UploadReport | None) -> None:
    encodings = [_FOUND_OUT, *front_door().bulk.encodings()]
    with st.grid(2, min_column_width=200):
        st.selectbox(
            "Encoding",
            encodings,
            index=encodings.index(given.encoding) if given.encoding in encodings else 0,
            format_func=lambda one: f"{one}: {report.encoding}" if one == _FOUND_OUT and report else one,
            key=f"bulk_encoding_{given.token}",
            on_change=_choose_encoding,
            args=(given,),
            help="Choose another one when letters with accents look wrong below.",
        )
        st.selectbox(
            "Separator of the cells",
            [_FOUND_OUT, *_DELIMITERS],
            format_func=lambda one: _DELIMITERS.get(one, one),
            key=f"bulk_delimiter_{given.token}",
            on_change=_choose_delimiter,
            args=(given,),
        )


def _show_tabs(given: Given, report: UploadReport) -> None:
    st.selectbox(
        "Sheet",
        report.tabs,
        index=report.tabs.index(report.tab) if report.tab in report.tabs else 0,
        key=f"bulk_tab_{given.token}",
        on_change=_choose_tab,
        args=(given,),
    )


def _show_columns(given: Given, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
    st.caption("Which column holds what")
    asked = crc32("\n".join(columns).encode())
    options = [_NOTHING, *columns]
    with st.grid(4, min_column_width=180):
        for name in COLUMN_FIELDS:
            column = mapping.get(name)
            key = f"bulk_column_{name}_{given.token}_{asked}"
            st.selectbox(
                _FIELDS[name] + (" (needed)" if name == "objective" else ""),
                options,
                index=options.index(column) if column in options else 0,
                key=key,
                on_change=_choose_column,
                args=(given, dict(mapping), name, key),
            )


def _choose_encoding(given: Given) -> None:
    chosen = st.session_state[f"bulk_encoding_{given.token}"]
    given.encoding, given.mapping = None if chosen == _FOUND_OUT else chosen, None


def _choose_delimiter(given: Given) -> None:
    chosen = st.session_state[f"bulk_delimiter_{given.token}"]
    given.delimiter, given.mapping = None if chosen == _FOUND_OUT else chosen, None


def _choose_tab(given: Given) -> None:
    given.tab, given.mapping = st.session_state[f"bulk_tab_{given.token}"], None


def _choose_column(given: Given, mapping: dict[str, str], name: str, key: str) -> None:
    column = st.session_state[key]
    others = {field: taken for field, taken in mapping.items() if field != name}
    given.mapping = others if column == _NOTHING else {**others, name: column}
