"""All pages: what each is called, where it is, and whether it stands in the sidebar."""

from copy import copy
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

PAGES = Path(__file__).resolve().parents[1]


def list_pages() -> list[StreamlitPage]:
    """Return the pages for one draw, as ``st.navigation`` takes them."""
    return [copy(page) for page in _find_pages()]  # navigation notes on a page that it may run: not for others


@cache
def _find_pages() -> list[StreamlitPage]:
    """Find them once: for each, Streamlit asks the file system six times, and each time other threads go first."""
    return [
        st.Page(PAGES / "home.py", title="Home", icon=":material/home:", default=True),
        st.Page(PAGES / "generate.py", title="Generate", icon=":material/auto_awesome:", url_path="generate"),
        st.Page(PAGES / "bulk.py", title="Bulk", icon=":material/table_rows:", url_path="bulk"),
        st.Page(PAGES / "templates.py", title="Templates", icon=":material/dashboard_customize:", url_path="templates"),
        st.Page(PAGES / "validate.py", title="Validate", icon=":material/fact_check:", url_path="validate"),
        st.Page(PAGES / "optimize.py", title="Optimize", icon=":material/speed:", url_path="optimize"),
        st.Page(PAGES / "runs.py", title="Runs", icon=":material/play_circle:", url_path="runs"),
        st.Page(PAGES / "analytics.py", title="Analytics", icon=":material/query_stats:", url_path="analytics"),
        st.Page(PAGES / "settings.py", title="Settings", icon=":material/settings:", url_path="settings"),
        st.Page(PAGES / "crew.py", title="Crew", url_path="crew", visibility="hidden"),
        st.Page(PAGES / "job.py", title="Job", url_path="job", visibility="hidden"),
        st.Page(PAGES / "run.py", title="Run", url_path="run", visibility="hidden"),
        st.Page(PAGES / "template.py", title="Template", url_path="template", visibility="hidden"),
    ]
