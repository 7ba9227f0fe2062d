"""The API apart: a process of its own answers it, so that programs do not wait for pages that are being drawn.

One process of Python computes one thing at a time, and drawing a page is computing. The server that people open hands
on what comes for the API over a Unix socket that nobody else can reach, and hands back the answer. The process is
started at the first request, and again where it died; requests wait in the socket meanwhile.
"""

import asyncio
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewgen_core.api.problems import AWAY, BROKEN, Refusal, write_problem
from crewgen_core.logs import get_log
from crewgen_core.serving import GONE_WITHIN_S
from crewgen_core.settings import ROOT

if TYPE_CHECKING:
    import aiohttp

ADDRESS = "/api/v1"
"""Where the API is, on the server that people open."""

WAITING = 1_024
"""Requests that may wait for the process while it starts."""

DIES_WITHIN_S = 1.0
"""Seconds in which it is known that a process died whose connections broke."""

KEPT_S = 30.0
"""Seconds that an idle connection to the process is kept; the process keeps it longer, so that none is lost between."""

PIECE_BYTES = 65_536

REQUEST_ID, PERSON_ID, TOKEN_ID = "x-crewgen-request", "x-crewgen-person", "x-crewgen-token"
"""Headers between the two processes: the request's id goes in, who asked comes back."""

NOT_PASSED_ON = frozenset(
    name.encode() for name in ("connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect")
) | frozenset(name.encode() for name in (REQUEST_ID, PERSON_ID, TOKEN_ID))
"""Headers that are about one connection (RFC 9110, 7.6.1), and ours, which nobody else may send or read."""

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods of what is asked once more where the process died under it."""

_log = get_log("api")


class ApiProcess:
    """The process, and the way to it."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._socket: socket.socket | None = None
        self._client: aiohttp.ClientSession | None = None
        self._is_ending = False

    @property
    def id(self) -> int | None:
        """The id of the process; None where none was started."""
        return self._process.pid if self._process else None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered."""
        import aiohttp

        for may_repeat in (scope["method"] in REPEATABLE, False):
            answer, body = _Answer(send), _Body(scope, receive)
            try:
                await self._pass_on(self._open(), scope, body, answer)
            except aiohttp.ClientConnectionError as fault:
                if body.is_broken_off:
                    return
                if answer.is_begun:  # all that is left is to break it off
                    raise
                if self._watch:  # until it is known that the process died, where it did
                    await asyncio.wait([self._watch], timeout=DIES_WITHIN_S)
                if may_repeat:
                    continue
                await write_problem(self._explain(fault), scope)(scope, receive, send)
            return

    def end(self) -> None:
        """Let the process answer what it has, within some seconds, and end. Returns at once."""
        self._is_ending = True
        if self._process and self._process.stdin:
            self._process.stdin.close()

    async def close(self) -> None:
        """End the process, and wait until it is gone."""
        self.end()
        process, watch = self._process, self._watch
        if process and watch:
            await asyncio.wait([watch], timeout=GONE_WITHIN_S)
            process.kill()  # does nothing to one that has ended
            await watch
        if self._client:
            await self._client.close()
        if self._socket and self._folder:
            self._socket.close()
            self._folder.cleanup()

    def _open(self) -> "aiohttp.ClientSession":
        """Start what is not there or has died, and return the way to it."""
        if self._socket is None or self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="crewgen-api-")  # open to this user only
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.bind(f"{self._folder.name}/api")
            self._socket.listen(WAITING)
        if self._process is None and not self._is_ending:
            self._process = _start(self._socket)
            self._watch = asyncio.create_task(self._wait_for_death(self._process))
        if self._client is None:
            self._client = _make_client(f"{self._folder.name}/api")
        return self._client

    async def _wait_for_death(self, process: subprocess.Popen[bytes]) -> None:
        """Forget the process once it is dead, and break off what it was asked, which nobody will answer any more."""
        await asyncio.to_thread(process.wait)
        if process.stdin:
            process.stdin.close()
        client, self._process, self._client = self._client, None, None
        if client:
            await client.close()

    def _explain(self, fault: Exception) -> Refusal:
        if self._is_ending:
            return Refusal(AWAY, "The server is being stopped.", "Send the request again when it is back.")
        _log.error("the process of the API ended", reason=str(fault))
        return Refusal(
            BROKEN,
            "The part of the program that answers this ended meanwhile; it is started again.",
            "Look whether what you asked for was done, and send the request again if not.",
        )

    async def _pass_on(self, client: "aiohttp.ClientSession", scope: Scope, body: "_Body", answer: "_Answer") -> None:
        """Ask the process, and send what it answers."""
        from yarl import URL

        query = scope["query_string"].decode("latin-1")
        path = scope["raw_path"].decode("latin-1")
        address = URL(f"http://api{path}?{query}" if query else f"http://api{path}", encoded=True)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            if name not in NOT_PASSED_ON
        ]
        state = scope["state"]
        headers.append((REQUEST_ID, state["request_id"]))
        asked = client.request(
            scope["method"],
            address,
            headers=headers,
            data=body.read() if body.is_there else None,
            allow_redirects=False,
        )
        async with asked as given:
            for name, key in ((PERSON_ID, "person_id"), (TOKEN_ID, "token_id")):
                state[key] = given.headers.get(name)
            kept = [(name.lower(), value) for name, value in given.raw_headers]
            await answer.begin(given.status, [header for header in kept if header[0] not in NOT_PASSED_ON])
            async for piece in given.content.iter_chunked(PIECE_BYTES):
                await answer.go_on(piece)
            await answer.end()


class _Body:
    """The body of a request, as it comes in."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.is_there = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])
        self.is_broken_off = False
        self._receive = receive

    async def read(self) -> AsyncIterator[bytes]:
        """Yield its pieces. Raises ConnectionAbortedError where its sender leaves in the middle."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] != "http.request":
                self.is_broken_off = True
                raise ConnectionAbortedError
            more = message.get("more_body", False)
            yield message.get("body", b"")


class _Answer:
    """The answer to a request, on its way back."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_begun = False

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.is_begun = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def go_on(self, piece: bytes) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b""})


class ApiApart:
    """A step of the way in: hands on what comes for the API, and lets everything else pass."""

    def __init__(self, app: ASGIApp, process: ApiProcess) -> None:
        """``process`` answers."""
        self._app = app
        self._process = process

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or hand on."""
        path = str(scope.get("path", ""))
        is_for_api = scope["type"] == "http" and (path == ADDRESS or path.startswith(f"{ADDRESS}/"))
        await (self._process.answer if is_for_api else self._app)(scope, receive, send)


class BehindServer:
    """In the process of the API: takes requests as the server hands them on."""

    def __init__(self, app: ASGIApp) -> None:
        """``app`` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = Headers(scope=scope).get(REQUEST_ID, "")

        async def tell_who(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, key in ((PERSON_ID, "person_id"), (TOKEN_ID, "token_id")):
                    if state.get(key) is not None:
                        headers[name] = str(state[key])
            await send(message)

        await self._app({**scope, "root_path": ADDRESS}, receive, tell_who)


def _start(listening: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = listening.fileno()
    return subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", "crewgen_core.api_process", str(descriptor)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        pass_fds=(descriptor,),
    )


def _make_client(path: str) -> "aiohttp.ClientSession":
    """Return a client that passes on what it is given as it is."""
    import aiohttp

    return aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(path, limit=0, keepalive_timeout=KEPT_S),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
    )
