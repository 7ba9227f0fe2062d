"""What browsers are told not to do with what this server sends."""

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from crewgen_core.door.refusal import API

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

NEVER_KEPT = ("/media/", "/_stcore/upload_file/")
"""Paths whose answers no browser and no proxy may keep: they are for one person. Those of the API likewise, but where
one says otherwise itself."""

A_YEAR_S = 31_536_000

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}

DOCUMENT_ONLY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The policy of answers for programs: nothing in them is ever run or shown."""


def write_policy(index: str) -> str:
    """Return the Content-Security-Policy of the pages; ``index`` is the HTML document that opens them.

    Scripts come from this server, beside the inline ones of the document, by their digest. Styles are written into the
    page by Streamlit while it runs; charts make pictures of themselves ("blob:", "data:"). Pages use nothing else: no
    frame, worker, sound, or WebAssembly.
    """
    inline = " ".join(f"'sha256-{_digest(script)}'" for script in _INLINE.findall(index))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {inline}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "frame-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


class StrictHeaders:
    """Sends every answer with strict headers; a policy that an answer brings itself stays."""

    def __init__(self, app: "ASGIApp", policy: str, is_https: bool) -> None:
        """``policy`` is for pages (``write_policy``); ``is_https``: people come by HTTPS, and are to go on so."""
        self._app = app
        self._policy = policy
        self._is_https = is_https

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on, and add headers to what comes back."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])

        async def add(message: "Message") -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message = {**message, "headers": self._complete(path, message.get("headers", ()))}
            await send(message)

        await self._app(scope, receive, add)

    def _complete(self, path: str, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Return the headers of an answer with the strict ones."""
        own, names = dict(ALWAYS), {name.lower() for name, _ in headers}
        if b"content-security-policy" not in names:
            own["content-security-policy"] = DOCUMENT_ONLY if path.startswith(API) else self._policy
        if path.startswith(NEVER_KEPT) or (path.startswith(API) and b"cache-control" not in names):
            own["cache-control"] = "no-store"
        if self._is_https:
            own["strict-transport-security"] = f"max-age={A_YEAR_S}"
        kept = [(name, self._secure(name, value)) for name, value in headers if name.decode().lower() not in own]
        return [*kept, *((name.encode(), value.encode()) for name, value in own.items())]

    def _secure(self, name: bytes, value: bytes) -> bytes:
        """Return the value of a header; where people come by HTTPS, a cookie never travels in the clear."""
        is_bare = self._is_https and name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        return value + b"; Secure" if is_bare else value


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
