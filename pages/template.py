"""One template, ``?template=KEY``: to use, edit and take away."""

import streamlit as st

from pages.shared.address import TEMPLATE, show_way_back
from pages.shared.handover import TEMPLATES
from pages.shared.problems import problems_shown
from pages.shared.template_detail import show_template

show_way_back(TEMPLATES, "All templates")
with problems_shown():
    key = st.query_params.get(TEMPLATE)
    if key is None:
        st.switch_page(TEMPLATES)
    show_template(key)
