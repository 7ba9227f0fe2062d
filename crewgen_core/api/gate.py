"""The gate: nothing of the API is reached around it. Plain ASGI, since it stands before every request."""

from collections.abc import Callable
from math import ceil
from uuid import uuid4

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewgen_core.api.callers import find_caller, read_token
from crewgen_core.api.problems import BROKEN, MEDIA, TOO_LARGE, Refusal, tell_fault, write_problem
from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.logs import get_log, request_context
from crewgen_core.models.limit import RequestsLeft

OPEN = ("/health", "/openapi.json", "/docs")
"""What everybody may read: that the server lives, and what is written in every copy of this program."""

UPLOADS = ("/generation/bulk-generate/upload",)
"""Routes that take a file; all others take JSON."""

LARGEST_JSON, LARGEST_UPLOAD = 10_000_000, 20_000_000
"""Bytes of a body. A crew of 200 agents and 500 tasks with long texts has about 5 MB."""


class Gate:
    """Lets a request through with the front door of its caller, and answers what goes wrong behind."""

    def __init__(self, app: ASGIApp, find_front_door: Callable[[], Crewgen]) -> None:
        """``find_front_door`` is asked once, at the first request."""
        self._app = app
        self._find_front_door = find_front_door
        self._house: Crewgen | None = None
        self._log = get_log("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        state = scope.setdefault("state", {})
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif "request_id" in state:  # whoever is in front of the API gave the request its name, and tells it
            await self._answer(scope, receive, _Answer(send, {}))
        else:
            state["request_id"] = request_id = uuid4().hex
            with request_context(request_id):
                await self._answer(scope, receive, _Answer(send, {"X-Request-ID": request_id}))

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let the request through, or say why not."""
        path, headers = scope["path"].removeprefix(scope.get("root_path", "")), Headers(scope=scope)
        try:
            if not _is_open(path):
                _check_media(scope["method"], path, headers)
                caller = await self._find_caller(headers)
                answer.tell_left(caller.limits.check_request())
                state = scope["state"]
                state["front_door"], state["person_id"] = caller, caller.person.id
                state["token_id"] = caller.person.token_id
            await self._app(scope, _bound(receive, path, headers), answer)
        except Refusal as refusal:
            await write_problem(refusal, scope)(scope, receive, answer)
        except CrewgenError as fault:
            await write_problem(tell_fault(fault), scope)(scope, receive, answer)
        except Exception as fault:
            if answer.started:  # the answer is under way: all that is left is to break it off
                raise
            self._log.error("request failed", kind=type(fault).__name__, exc_info=fault)
            refusal = Refusal(BROKEN, "The program failed while it answered this request.")
            await write_problem(refusal, scope)(scope, receive, answer)

    async def _find_caller(self, headers: Headers) -> Crewgen:
        if self._house is None:
            self._house = await anyio.to_thread.run_sync(self._find_front_door)
        if read_token(headers) is None:  # then the database is not asked, and there is nothing to wait for
            return find_caller(self._house, headers)
        return await anyio.to_thread.run_sync(find_caller, self._house, headers)


class _Answer:
    """Sends an answer with the headers that every answer has."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send = send
        self._headers = {"Cache-Control": "no-store"} | headers
        self.started = False

    def tell_left(self, left: RequestsLeft | None) -> None:
        """Say in headers how many requests are left, where they are limited."""
        if left is not None:
            self._headers["RateLimit-Limit"] = str(left.limit)
            self._headers["RateLimit-Remaining"] = str(left.left)
            self._headers["RateLimit-Reset"] = str(ceil(left.wait_s))

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith("/docs/")


def _check_media(method: str, path: str, headers: Headers) -> None:
    """Raise Refusal for a body that is no JSON, or on the routes for files no form.

    What an HTML form of another site can send is none of both, but for files; there the origin is looked at.
    """
    if method not in ("POST", "PUT"):
        return
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    wanted = "multipart/form-data" if path in UPLOADS else "application/json"
    if media != wanted and not (empty and not media):
        raise Refusal(MEDIA, f"The body has to be {wanted}.", f"Send `Content-Type: {wanted}`.")


def _bound(receive: Receive, path: str, headers: Headers) -> Receive:
    """Return what receives no more than a body may have. Raises Refusal, at once where the size is said before."""
    largest = LARGEST_UPLOAD if path in UPLOADS else LARGEST_JSON
    said = headers.get("content-length", "")
    if said.isdigit() and int(said[:20]) > largest:
        raise _tell_too_large(largest)
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > largest:
            raise _tell_too_large(largest)
        return message

    return receive_bounded


def _tell_too_large(largest: int) -> Refusal:
    return Refusal(TOO_LARGE, f"The body has more than {largest // 1_000_000} MB.")
