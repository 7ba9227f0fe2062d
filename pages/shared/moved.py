"""Addresses of before things had pages of their own: bookmarks and links in mails still lead to them."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.shared.address import CREW, JOB, RUN, TEMPLATE
from pages.shared.handover import ONE_CREW, ONE_JOB, ONE_RUN, ONE_TEMPLATE

MOVED: Mapping[tuple[str, str], Path] = {
    ("generate", CREW): ONE_CREW,
    ("bulk", JOB): ONE_JOB,
    ("runs", RUN): ONE_RUN,
    ("templates", TEMPLATE): ONE_TEMPLATE,
}
"""By path and parameter of an address of before, the page where the thing is now."""


def go_on_to_moved(page: StreamlitPage) -> None:
    """Lead whoever comes by an address of before on to the page of the thing, with all that the address says."""
    for (path, name), now in MOVED.items():
        if page.url_path == path and name in st.query_params:
            st.switch_page(now, query_params=st.query_params.to_dict())
