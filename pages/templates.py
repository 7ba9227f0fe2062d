"""Templates: crews that are used again; with ``?crew=ID`` one to be made of a crew."""

import streamlit as st

from pages.shared.address import CREW
from pages.shared.problems import problems_shown
from pages.shared.session import front_door
from pages.shared.template_gallery import show_gallery
from pages.shared.template_making import show_making

with problems_shown(stop=True):
    front_door()

with problems_shown():
    if CREW in st.query_params:
        show_making()
    else:
        show_gallery()
