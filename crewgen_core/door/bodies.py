"""How much may be sent, and how slowly."""

import asyncio
from typing import TYPE_CHECKING

from crewgen_core.door.refusal import API, refuse
from crewgen_core.door.visitors import read_header

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOADS = "/_stcore/upload_file/"

MOST_API_BYTES = 21_000_000
"""Room for a file of objectives; each route of the API has a limit of its own within this one."""

MOST_OTHER_BYTES = 65_536
"""Nothing else of this server takes a body."""

FORM_BYTES = 65_536
"""What a form adds around an uploaded file."""

FIRST_PATIENCE_S = 20.0
"""Seconds for a body to begin with …"""

LEAST_BYTES_PER_S = 16_384
"""… and a further second for so many bytes that came: slower than any line by which people work."""


class BodyLimits:
    """Turns away bodies that are too large (413) or come too slowly (408), and reads no further."""

    def __init__(self, app: "ASGIApp", most_upload_bytes: int) -> None:
        """``most_upload_bytes`` is the largest file that a page takes."""
        self._app = app
        self._most_upload_bytes = most_upload_bytes + FORM_BYTES

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on what is sent, or turn it away."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._choose_limit(str(scope["path"]))
        length = read_header(scope, b"content-length")
        if length.isdecimal() and int(length) > most:
            await refuse(scope, send, 413, _too_large(most), connection="close")
            return
        body = _Body(scope, receive, send, most)
        await self._app(scope, body.receive, body.send)

    def _choose_limit(self, path: str) -> int:
        if path.startswith(UPLOADS):
            return self._most_upload_bytes
        return MOST_API_BYTES if path.startswith(API) else MOST_OTHER_BYTES


class _Body:
    """The body of one request as it comes in. Once it is refused, whoever reads it sees that its sender has gone."""

    def __init__(self, scope: "Scope", receive: "Receive", send: "Send", most: int) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._most = most
        self._read = 0
        self._deadline: float | None = None
        self._is_whole = False
        self._is_answered = False
        self._is_refused = False

    async def receive(self) -> "Message":
        """Return the next piece."""
        if self._is_refused:
            return {"type": "http.disconnect"}
        if self._is_whole:
            return await self._receive()
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + FIRST_PATIENCE_S
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            return await self._refuse(408, "The request came too slowly.")
        if message["type"] == "http.request":
            size = len(message.get("body", b""))
            self._read += size
            self._deadline += size / LEAST_BYTES_PER_S
            self._is_whole = not message.get("more_body", False)
        return await self._refuse(413, _too_large(self._most)) if self._read > self._most else message

    async def send(self, message: "Message") -> None:
        """Send what answers the request, unless it was refused."""
        if not self._is_refused:
            self._is_answered = True
            await self._send(message)

    async def _refuse(self, status: int, sentence: str) -> "Message":
        self._is_refused = True
        if not self._is_answered:
            await refuse(self._scope, self._send, status, sentence, connection="close")
        return {"type": "http.disconnect"}


def _too_large(most: int) -> str:
    return f"The request is larger than {most / 1_000_000:.3g} MB, which is the most that is taken here."
