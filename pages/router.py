"""Navigation and gate: the script that the server runs for every visit."""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the server puts only this script's own folder on the path

from pages.shared.deleting import show_undo  # noqa: E402
from pages.shared.presentation import is_presenting  # noqa: E402 found only now
from pages.shared.search_view import offer_search  # noqa: E402
from pages.shared.sign_in import let_in, show_gate, show_person  # noqa: E402 found only now
from pages.shared.style import dress  # noqa: E402
from pages.shared.tour_view import offer_tour, show_tour  # noqa: E402
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
]
dress()
person = let_in()
page = st.navigation(pages, position="sidebar" if person and not is_presenting() else "hidden")
if person is None:
    show_gate(page)
    st.stop()
go_on_to_page(page, pages)
if not is_presenting():
    offer_search()
    show_person(person)
    offer_tour()
    show_tour(page)
    show_undo(page.url_path)
page.run()
