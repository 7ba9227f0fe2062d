"""Paths that are closed: some to everybody, most to whoever has not signed in, and all cookies to the REST API."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from crewgen_core.door.refusal import API, refuse
from crewgen_core.door.visitors import read_header

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

NEVER = ("/_stcore/agent", "/_stcore/metrics", "/_stcore/script-health-check")
"""Streamlit's ways in and insights for programs: crewgen has its own, with tokens."""

BEFORE_SIGN_IN = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
"""What the sign-in page itself needs. Behind the stream, the router shows nothing else until somebody has signed in."""

AFTER_SIGN_IN = ("/_stcore/", "/media/", "/component/", "/app/static/")
"""Files that pages show or take, and whatever else Streamlit serves beside the empty document and its scripts."""

IsSignedIn = Callable[[str], bool]
"""Tells from the header ``Cookie`` whether somebody has signed in, and not too long ago."""


class ClosedPaths:
    """Keeps paths closed; a page's address alone shows only the empty document that every page begins with."""

    def __init__(self, app: "ASGIApp", is_signed_in: IsSignedIn | None) -> None:
        """``is_signed_in`` is None without login: then whoever came this far may see every file."""
        self._app = app
        self._is_signed_in = is_signed_in

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on or turn away."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        if path.startswith(NEVER):
            await refuse(scope, send, 404, "There is nothing here.")
        elif self._needs_sign_in(path) and not self._may_come(scope):
            await refuse(scope, send, 401, "Sign in to the dashboard first.")
        else:
            await self._app(_without_cookies(scope) if path.startswith(API) else scope, receive, send)

    def _needs_sign_in(self, path: str) -> bool:
        return self._is_signed_in is not None and path.startswith(AFTER_SIGN_IN) and path not in BEFORE_SIGN_IN

    def _may_come(self, scope: "Scope") -> bool:
        return self._is_signed_in is not None and self._is_signed_in(read_header(scope, b"cookie"))


def _without_cookies(scope: "Scope") -> "Scope":
    """Return a request as the REST API gets it: a token speaks for a program, never what a browser sends by itself."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] != b"cookie"]}
