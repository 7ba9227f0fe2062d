"""Turning a request away: one sentence, in the form that its sender reads."""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import Scope, Send

API = "/api/"
"""Paths that programs ask: they get problem documents (RFC 9457)."""

REFUSED_SOCKET = 1008
"""The code of a WebSocket that is closed for a rule (RFC 6455, 7.4.1)."""


async def refuse(scope: "Scope", send: "Send", status: int, sentence: str, **headers: str) -> None:
    """Answer with a status and a sentence; ``headers`` are further ones, with ``_`` for ``-``."""
    for_program = str(scope["path"]).startswith(API)
    body, kind = _make_body(status, sentence) if for_program else (sentence + "\n", "text/plain; charset=utf-8")
    fields = {"content-type": kind, "content-length": str(len(body.encode())), "cache-control": "no-store"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    start: dict[str, Any] = {
        "type": "http.response.start",
        "status": status,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()],
    }
    end: dict[str, Any] = {"type": "http.response.body", "body": body.encode()}
    if scope["type"] == "websocket":
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": REFUSED_SOCKET, "reason": sentence[:100]})
            return
        start["type"], end["type"] = "websocket.http.response.start", "websocket.http.response.body"
    await send(start)
    await send(end)


def _make_body(status: int, sentence: str) -> tuple[str, str]:
    """Return a problem document and its kind."""
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    return json.dumps(problem), "application/problem+json"
