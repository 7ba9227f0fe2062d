"""Where the objectives of a new job come from: an uploaded file or pasted lines, with a sample to begin with."""

import streamlit as st

from crewgen_core.numbers import format_count
from pages.shared.bulk_given import Given, given, keep_given, take_pasted
from pages.shared.draft import keep_typed, own_draft, restore_typed
from pages.shared.plain_text import plain, shorten
from pages.shared.session import for_later

_UPLOAD, _PASTE = "Upload a file", "Paste objectives"
_UPLOADER = "bulk_uploader"
"""Key of the session's state: a number that gives every upload an uploader of its own."""

_ENDINGS = ["csv", "tsv", "txt", "xlsx"]


def ask_for_objectives() -> Given | None:
    """Show the ways to give objectives; return what was given, None for nothing."""
    known = given()
    if known is not None and not known.pasted:
        _show_file(known)
        return known
    restore_typed("bulk_source")
    st.session_state.setdefault("bulk_source", _UPLOAD)
    source = st.segmented_control(
        "Where the objectives come from",
        [_UPLOAD, _PASTE],
        required=True,
        key="bulk_source",
        persist_state="session",
        label_visibility="collapsed",
    )
    if source == _PASTE:
        _ask_for_lines()
        return given()
    if known is not None:
        keep_given(None)  # the pasted lines stay in their box
    _ask_for_file()
    return None


def _show_file(known: Given) -> None:
    size = len(known.content)
    told = f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1_000)):,} kB"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/description: **{plain(shorten(known.name, 80))}** :gray[{told}]", width="content")
        st.button("Another file", key="another_file", icon=":material/close:", type="tertiary", on_click=_forget)


def _forget() -> None:
    keep_given(None)


def _ask_for_file() -> None:
    number = st.session_state.setdefault(_UPLOADER, 0)
    file = st.file_uploader(
        "File of objectives",
        _ENDINGS,
        key=f"bulk_file_{number}",
        help="CSV or XLSX with a header row. Only the column “objective” must be there; name, context, domain, budget, "
        "deadline, most agents, model, priority and tags are understood too. Other columns are kept for the download.",
    )
    st.download_button(
        "Sample file",
        for_later(lambda door: door.bulk.sample().content),
        file_name="crewgen_sample.csv",
        mime="text/csv",
        key="bulk_sample",
        icon=":material/download:",
        type="tertiary",
        help="A CSV file to begin with: every column that is understood, with examples.",
        on_click="ignore",
    )
    if file is None:
        return
    keep_given(Given(file.name, file.getvalue()))
    st.session_state[_UPLOADER] = number + 1  # another uploader: the bytes are not held twice
    st.rerun()


def _ask_for_lines() -> None:
    restore_typed("bulk_lines")
    text = st.text_area(
        "Objectives, one per line",
        key="bulk_lines",
        persist_state="session",
        height=180,
        placeholder="Summarize what our customers say about deliveries\nCompare three payroll providers for 40 people",
    )
    keep_typed("bulk_lines")
    if text:
        own_draft().form["bulk_source"] = _PASTE
    take_pasted(text)
    if count := sum(bool(line.strip()) for line in text.splitlines()):
        st.caption(format_count(count, "line"))
