"""Requests that come twice with the same `Idempotency-Key` are done once. Plain ASGI, behind the gate.

Only answers of success are kept: where nothing was done, the same key may be tried again. Nothing is kept for whoever
may only look, who could fill the disk with it.
"""

import hashlib
import re
from collections.abc import Sequence

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewgen_core.api.problems import INVALID, FieldError, Refusal
from crewgen_core.app import Crewgen
from crewgen_core.models.person import Role

KEY = r"^[A-Za-z0-9._:-]{1,200}$"
"""What a key looks like; a UUID is the usual one."""

TOLD_AGAIN = ("content-type", "location")
"""Headers of an answer that belong to what was done; the others belong to the request at hand."""

_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)')


class RepeatedRequests:
    """Gives a request that came before the answer that it was given then."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        key = headers.get("idempotency-key")
        front_door: Crewgen | None = scope.get("state", {}).get("front_door")
        if key is None or front_door is None or scope["method"] != "POST":
            return await self._app(scope, receive, send)
        if not re.fullmatch(KEY, key):
            detail = "it is 1 to 200 letters, digits and . _ : -"
            error = FieldError(parameter="Idempotency-Key", detail=detail)
            raise Refusal(INVALID, f"Idempotency-Key: {detail}.", errors=[error])
        if not front_door.person.role.covers(Role.EDITOR):  # they make nothing, so nothing is made twice
            return await self._app(scope, receive, send)
        body = await _read(receive)
        first = await anyio.to_thread.run_sync(front_door.repeats.begin, key, _take_fingerprint(scope, headers, body))
        if first is not None and first.status is not None:
            again = Response(first.body, first.status, {**first.headers, "Idempotent-Replayed": "true"})
            return await again(scope, receive, send)
        answer: list[Message] = []
        try:
            await self._app(scope, _give(body), _collect(answer))
            await anyio.to_thread.run_sync(_settle, front_door, key, answer)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(front_door.repeats.drop, key)
            raise
        for message in answer:
            await send(message)
        return None


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _give(body: bytes) -> Receive:
    """Return what gives the body that was read already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _collect(answer: list[Message]) -> Send:
    async def send(message: Message) -> None:
        answer.append(message)

    return send


def _settle(front_door: Crewgen, key: str, answer: Sequence[Message]) -> None:
    """Keep an answer of success before it is sent, so that a repeat finds it; forget any other."""
    status = answer[0]["status"] if answer else 500
    if not 200 <= status < 300:
        return front_door.repeats.drop(key)
    sent = Headers(raw=answer[0]["headers"])
    headers = {name: sent[name] for name in TOLD_AGAIN if name in sent}
    body = b"".join(message.get("body", b"") for message in answer[1:])
    return front_door.repeats.keep(key, status, headers, body.decode("utf-8"))


def _take_fingerprint(scope: Scope, headers: Headers, body: bytes) -> str:
    """Return the digest of what is asked for; how an upload is cut into parts is no part of that."""
    media, _, parameters = headers.get("content-type", "").partition(";")
    if found := _BOUNDARY.search(parameters):
        body = body.replace(found[1].encode(), b"")
    asked = (scope["method"], scope["path"], scope["query_string"].decode("latin-1"), media.strip().lower())
    return hashlib.sha256("\n".join(asked).encode() + b"\n\n" + body).hexdigest()
