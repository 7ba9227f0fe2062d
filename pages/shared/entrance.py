"""How the server is opened: with or without login, and what every request passes before it reaches a page."""

import functools
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

import streamlit
from starlette.middleware import Middleware
from streamlit import config
from streamlit.runtime.secrets import SecretsValue

from crewgen_core.door.headers import write_policy
from crewgen_core.door.login import Login, read_login
from crewgen_core.door.way_in import lay_out
from crewgen_core.errors import CrewgenError, UnknownSetting
from crewgen_core.settings import Settings, load_settings
from pages.shared.sign_in_cookie import make_cookie_reader

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
"""The document that opens every page."""

BYTES_PER_MB = 1024 * 1024

P = ParamSpec("P")
R = TypeVar("R")


def _or_exit(open_up: Callable[P, R]) -> Callable[P, R]:
    """End the program with one sentence where the server cannot be opened as it is configured."""

    @functools.wraps(open_up)
    def opened(*given: P.args, **named: P.kwargs) -> R:
        try:
            return open_up(*given, **named)
        except CrewgenError as fault:
            sys.exit(f"crewgen cannot start: {fault} {fault.hint}")

    return opened


@functools.cache
@_or_exit
def configure() -> tuple[Settings, Login | None]:
    """Return the settings and the login that they describe, None for none."""
    settings = load_settings()
    if config.get_option("server.baseUrlPath"):
        raise UnknownSetting(
            "Streamlit's server.baseUrlPath is set, below which crewgen cannot watch what is asked for.",
            "Take it away, and give the dashboard a host name or a port of its own.",
        )
    return settings, read_login(settings)


def list_secrets() -> Mapping[str, SecretsValue]:
    """Return what Streamlit needs to know to let people sign in."""
    _, login = configure()
    if login is None:
        return {}
    section: dict[str, SecretsValue] = {
        name: {**value} if isinstance(value, dict) else value for name, value in login.make_section().items()
    }
    return {"auth": section}


def list_middleware() -> list[Middleware]:
    """Return the steps of the way in, the outermost first."""
    settings, login = configure()
    steps = lay_out(
        settings,
        login,
        is_signed_in=make_cookie_reader(login) if login else lambda _: False,
        policy=write_policy(INDEX.read_text(encoding="utf-8")),
        most_upload_bytes=config.get_option("server.maxUploadSize") * BYTES_PER_MB,
    )
    return [Middleware(step) for step in steps]
