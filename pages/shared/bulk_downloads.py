"""The results of a job as files, each made when it is asked for."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from crewgen_core.models.job import Item, ItemQuery, Job
from pages.shared.bulk_scope import choose_scope
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown
from pages.shared.report_downloads import show_report_downloads
from pages.shared.session import for_later, front_door

_TABLES: tuple[tuple[Literal["csv", "jsonl"], str, str, str], ...] = (
    ("csv", "Table (CSV)", "text/csv", "For a spreadsheet: what would be a formula there is shown as text."),
    ("jsonl", "Table (JSON Lines)", "application/jsonl", "One line for each row, with all that is known."),
)

_ARCHIVES: tuple[tuple[Literal["crewai-json", "crewai-yaml", "crewgen"], str, str], ...] = (
    ("crewai-json", "CrewAI projects (JSON)", "A project for each crew, in one ZIP."),
    ("crewai-yaml", "CrewAI projects (YAML)", "The classic project for each crew, in one ZIP."),
    ("crewgen", "Crews (crewgen files)", "A crewgen file for each crew, in one ZIP."),
)

_READY = "bulk_archive"
"""Key of the session's state: the ZIP that was made last, and what it was made of."""


def show_downloads(job: Job, query: ItemQuery, chosen: Sequence[Item]) -> None:
    """Show a button for each kind of file, for all rows or for those that are filtered or selected."""
    with st.expander("Download", icon=":material/download:", key=f"bulk_downloads_{job.id}"):
        wanted = choose_scope(query, chosen, f"download_scope_{job.id}")
        with st.container(horizontal=True):
            for form, label, media_type, what in _TABLES:
                st.download_button(
                    label,
                    for_later(lambda door, form=form: door.bulk.export(job.id, form, wanted).content),
                    file_name=f"job-{job.id}.{form}",
                    mime=media_type,
                    key=f"bulk_download_{form}",
                    help=what,
                    icon=":material/table:",
                    on_click="ignore",
                )
        if not job.completed:
            st.caption("Crews can be taken away as soon as the first one is there.")
            return
        st.caption("For stakeholders: what came of the whole job, on a page, with its crews:")
        show_report_downloads("job", job.id)
        with problems_shown():
            _show_archives(job, wanted)


def _show_archives(job: Job, wanted: ItemQuery) -> None:
    """Show a button that makes each ZIP; it is downloaded with a second one, since making it takes a while."""
    st.caption("Projects are made first, then downloaded:")
    with st.container(horizontal=True):
        for form, label, what in _ARCHIVES:
            if st.button(label, key=f"bulk_make_{form}", help=what, icon=":material/folder_zip:"):
                st.session_state.pop(_READY, None)
                with st.spinner("Making the ZIP"):
                    file = front_door().bulk.export(job.id, form, wanted)
                st.session_state[_READY] = job.id, wanted, file
    made = st.session_state.get(_READY)
    if made is None or made[:2] != (job.id, wanted):
        return
    file = made[2]
    st.download_button(
        f"Download {plain(file.name)} ({max(1, round(len(file.content) / 1_000)):,} kB)",
        file.content,
        file_name=file.name,
        mime=file.media_type,
        key="bulk_download_archive",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
