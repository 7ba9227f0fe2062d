"""Navigation and gate: the script that the server runs for every visit."""

import sys
from collections.abc import Callable
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
from pages.shared.site_map import list_pages  # noqa: E402 found only now
from pages.shared.style import dress  # noqa: E402
from pages.shared.top import is_first_draw, note_arrival  # noqa: E402 found only now
from pages.shared.tour_view import show_tour  # noqa: E402 found only now
from pages.shared.wanted_page import go_on_to_page  # noqa: E402

st.set_page_config(page_title="crewgen", page_icon="🧭", layout="wide")
pages = list_pages()
person = let_in()
page = st.navigation(pages, position="sidebar" if person and not is_presenting() else "hidden")
if person is None:
    dress()
    show_gate(page)
    st.stop()
go_on_to_page(page, pages)
go_on_to_moved(page)
follow_lead()
last = list[Callable[[], None]]()
if is_first_draw():
    dress()
else:
    last.append(dress)
if not is_presenting():
    last.append(partial(show_sidebar, person))
    warn_of_open_door()
    show_tour(page)
    show_undo(page.url_path)
expect_last(*last)
note_arrival(page)
try:
    page.run()
finally:  # also after a fault
    show_last()
