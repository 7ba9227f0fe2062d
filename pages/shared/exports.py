"""Downloads of a crew in every format."""

import streamlit as st

from crewgen_core.app import ExportFormat
from crewgen_core.errors import CannotExport
from crewgen_core.models.crew import Crew
from pages.shared.plain_text import plain
from pages.shared.problems import show_problem
from pages.shared.session import front_door

_FORMATS: tuple[tuple[ExportFormat, str, str], ...] = (
    (
        "crewai-json",
        "CrewAI project (JSON)",
        "A ZIP that “crewai run” accepts: crew.jsonc, agents/*.jsonc, .env.example.",
    ),
    (
        "crewai-yaml",
        "CrewAI project (YAML and Python)",
        "The classic ZIP: config/agents.yaml, config/tasks.yaml, crew.py.",
    ),
    ("crewgen", "crewgen file (JSON)", "The whole crew; the Validate page reads it back."),
    ("crewgen-yaml", "crewgen file (YAML)", "The same for people who edit by hand."),
)


def show_exports(crew: Crew, key: str) -> None:
    """Show a download button for each format; where CrewAI would refuse the crew, the reason instead."""
    refusals: dict[str, CannotExport] = {}
    for form, label, what in _FORMATS:
        try:
            file = front_door().export(crew, form)
        except CannotExport as problem:
            refusals.setdefault(str(problem), problem)
            continue
        with st.container(border=True):
            st.markdown(f"**{label}**")
            st.caption(what)
            st.download_button(
                f"Download {label}",
                file.content,
                file_name=file.name,
                mime=file.media_type,
                key=f"{key}_{form}",
                icon=":material/download:",
                help=plain(file.name),
                on_click="ignore",
            )
    for problem in refusals.values():
        show_problem(problem)
