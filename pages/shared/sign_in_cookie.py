"""The cookie by which Streamlit remembers who signed in, read with Streamlit's own functions.

Pages get the same from ``st.user``; this is for requests that no page runs for: files and uploads.
"""

import time
from collections.abc import Callable

from starlette.requests import cookie_parser
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import (
    _get_signed_cookie_with_chunks as read_signed_cookie,  # pyright: ignore[reportPrivateUsage] no public way has it
)
from streamlit.web.server.starlette.starlette_websocket import (
    _parse_decoded_user_cookie as read_claims,  # pyright: ignore[reportPrivateUsage] likewise
)

from crewgen_core.door.ended import ENDED
from crewgen_core.door.identity import read_identity
from crewgen_core.door.login import Login


def make_cookie_reader(login: Login) -> Callable[[str], bool]:
    """Return what tells from the header ``Cookie`` whether somebody has signed in here, not too long ago."""

    def is_signed_in(header: str) -> bool:
        signed = read_signed_cookie(cookie_parser(header), USER_COOKIE_NAME)
        claims = read_claims(signed, login.public_url) if signed else {}
        who = read_identity(claims, time.time(), login.lasts_s)
        return who is not None and who not in ENDED

    return is_signed_in
