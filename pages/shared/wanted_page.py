"""The page that somebody was about to see when they had to sign in: a provider sends everybody back to Home."""

from collections import OrderedDict

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

MOST_KEPT = 1_000
"""Browsers whose wish is remembered; the one that came first is forgotten first."""

_WANTED: OrderedDict[bytes, tuple[str, dict[str, list[str]]]] = OrderedDict()
"""Path and query of the page, by the token that Streamlit gives each browser against forged requests."""


def remember_page(page: StreamlitPage) -> None:
    """Remember the page at this address for whoever signs in with this browser next."""
    browser = _find_browser()
    if browser is not None:
        _WANTED[browser] = page.url_path, {name: st.query_params.get_all(name) for name in st.query_params}
        while len(_WANTED) > MOST_KEPT:
            _WANTED.popitem(last=False)


def go_on_to_page(page: StreamlitPage, pages: list[StreamlitPage]) -> None:
    """Lead whoever comes to Home from signing in on to the page that they wanted."""
    browser = _find_browser()
    if browser is None or browser not in _WANTED or page.url_path:
        return
    path, query = _WANTED.pop(browser)
    if path or query:
        st.switch_page(next(page for page in pages if page.url_path == path), query_params=query)


def _find_browser() -> bytes | None:
    """Return what tells this browser from others, None where it brings nothing."""
    cookie = st.context.cookies.get(XSRF_COOKIE_NAME)
    return decode_xsrf_token_string(cookie)[0] if cookie else None
