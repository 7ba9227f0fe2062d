"""Reports of a crew or a job to take away, each made when it is asked for."""

from typing import Literal

import streamlit as st

from pages.shared.session import for_later

_FORMS: tuple[tuple[Literal["html", "pdf"], str, str, str], ...] = (
    ("html", "Report (web page)", "text/html", "One file that opens in every browser, prints well and loads nothing."),
    ("pdf", "Report (PDF)", "application/pdf", "The same for print."),
)


def show_report_downloads(kind: Literal["crew", "job"], number: int, version: int | None = None) -> None:
    """Show a button for each form of the report about a stored crew or a job."""
    with st.container(horizontal=True):
        for form, label, media_type, what in _FORMS:
            st.download_button(
                label,
                for_later(
                    lambda door, form=form: (
                        (
                            door.reports.crew(number, form, version)
                            if kind == "crew"
                            else door.reports.job(number, form)
                        ).content
                    )
                ),
                file_name=f"{kind}-{number}-report.{form}",
                mime=media_type,
                key=f"report_{kind}_{form}",
                help=what,
                icon=":material/summarize:",
                on_click="ignore",
            )
