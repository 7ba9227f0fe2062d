"""Navigation and gate: the script that the server runs for every visit."""

import sys
from functools import partial
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the server puts only this script's own folder on the path

from pages.shared.deleting import show_undo  # noqa: E402
from pages.shared.ending import expect_last, show_last  # noqa: E402 found only now
from pages.shared.handover import follow_lead  # noqa: E402 found only now
from pages.shared.moved import go_on_to_moved  # noqa: E402 found only now
from pages.shared.presentation import is_presenting  # noqa: E402 found only now
from pages.shared.sidebar import show_sidebar  # noqa: E402 found only now
from pages.shared.sign_in import let_in, show_gate, warn_of_open_door  # noqa: E402 found only now
from pages.shared.style import dress  # noqa: E402
from pages.shared.top import note_arrival  # noqa: E402 found only now
from pages.shared.tour_view import show_tour  # noqa: E402 found only now
from pages.shared.wanted_page import go_on_to_page  # noqa: E402

PAGES = ROOT / "pages"

st.set_page_config(page_title="crewgen", page_icon="🧭", layout="wide")
pages = [
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
dress()
person = let_in()
page = st.navigation(pages, position="sidebar" if person and not is_presenting() else "hidden")
if person is None:
    show_gate(page)
    st.stop()
go_on_to_page(page, pages)
go_on_to_moved(page)
follow_lead()
if not is_presenting():
    expect_last(partial(show_sidebar, person))
    warn_of_open_door()
    show_tour(page)
    show_undo(page.url_path)
note_arrival(page)
try:
    page.run()
finally:  # also after a fault
    show_last()
