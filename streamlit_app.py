"""The launcher: what `streamlit run` serves.

The pages are reached through ``pages/router.py`` only. It is the script of the server, so that Streamlit's discovery of
a folder named ``pages`` beside the script finds nothing: otherwise a visitor could open a page around the router.

Beside the pages, the REST API is served at ``/api/v1``, by a process of its own (``crewgen_core/api/apart.py``).

Every request passes the door first (``crewgen_core/door``). With the server starts the workplace, so that jobs go on
before anybody opens a page.
"""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from crewgen_core.api.apart import ApiApart, ApiProcess
from crewgen_core.serving import find_server, serving
from pages.shared.entrance import list_middleware, list_secrets
from pages.shared.problems import show_uncaught
from pages.shared.session import house

SWITCH_S = 0.0005
"""Seconds after which a thread that computes lets others go on (Python's own is 0.005). Every answer passes between
threads several times, and would each time wait for all pages that are being drawn."""

sys.setswitchinterval(SWITCH_S)

api = ApiProcess()


@asynccontextmanager
async def work_on_jobs(_: object) -> AsyncGenerator[dict[str, Any]]:
    """Have jobs worked on as long as the server runs."""
    api.take_from(find_server())
    async with serving(house, api.end):
        yield {}
        await api.close()


app = st.App(
    Path(__file__).resolve().parent / "pages" / "router.py",
    lifespan=work_on_jobs,
    on_script_error=show_uncaught,
    secrets=list_secrets(),
    middleware=[*list_middleware(), Middleware(ApiApart, process=api, find_front_door=house)],
)
