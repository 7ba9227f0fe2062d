"""The journal of requests: an id for each, one line in the log, and an answer whatever fails behind."""

import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from crewgen_core.door.refusal import refuse
from crewgen_core.door.visitors import read_header
from crewgen_core.logs import get_log, request_context

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_UPLOAD = "/_stcore/upload_file/"
_LONGEST_PATH = 300

_QUIET = ("/static/", "/_stcore/health", "/_stcore/host-config", "/favicon")
"""Paths that a browser asks for dozens of times; their lines are for debugging."""


class Journal:
    """Gives every request an id and writes one line when it is over.

    The line has method, path without query, status, milliseconds, and person and token where whoever let them in noted
    them in ``request.state.person_id`` and ``request.state.token_id``. What a program before this server called the
    request (X-Request-ID) is kept where it is well-formed, so that its log and this one can be laid side by side.
    """

    def __init__(self, app: "ASGIApp") -> None:
        """Take what is behind."""
        self._app = app
        self._log = get_log("door")

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on, and write down what came of it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        given = read_header(scope, b"x-request-id")
        request_id = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        seen: dict[str, int] = {}

        async def note(message: "Message") -> None:
            status = _status_of(message)
            if status is not None and "status" not in seen:
                seen["status"] = status
                headers = [header for header in message.get("headers", ()) if header[0].lower() != b"x-request-id"]
                message = {**message, "headers": [*headers, (b"x-request-id", request_id.encode())]}
            await send(message)

        with request_context(request_id):
            begun = time.perf_counter()
            try:
                await self._app(scope, receive, note)
            except Exception:  # noqa: BLE001 a fault of the program: told to the log, not to the sender
                self._log.exception("request failed")
                if "status" not in seen:
                    sentence = f"Something went wrong in crewgen; its log says what, under {request_id}."
                    await refuse(scope, note, 500, sentence)
            self._write_line(scope, seen.get("status", 0), (time.perf_counter() - begun) * 1_000)

    def _write_line(self, scope: "Scope", status: int, milliseconds: float) -> None:
        path = _path_of(scope)
        state: dict[str, Any] = scope.get("state") or {}
        who = {name: state[key] for name, key in (("person", "person_id"), ("by", "token_id")) if state.get(key)}
        quiet = path.startswith(_QUIET) and status < 400
        write = self._log.debug if quiet else self._log.info
        method = scope.get("method", "WEBSOCKET")
        write("request", method=method, path=path, status=status, ms=round(milliseconds, 1), **who)


def _status_of(message: "Message") -> int | None:
    """Return the status with which an answer begins; None for what follows."""
    kind = message["type"]
    if kind in ("http.response.start", "websocket.http.response.start"):
        return int(message["status"])
    return {"websocket.accept": 101, "websocket.close": 403}.get(kind)


def _path_of(scope: "Scope") -> str:
    """Return the path as it was sent, so that it is one line; the session of an upload is nobody's business."""
    path = bytes(scope.get("raw_path") or str(scope["path"]).encode()).decode("latin-1").partition("?")[0]
    return _UPLOAD + "…" if path.startswith(_UPLOAD) else path[:_LONGEST_PATH]
