"""The API apart: a process of its own answers it, so that programs do not wait for pages that are being drawn.

It is started when the first connection comes that asks for the API, and again where it died; connections wait until it
is there. Where connections cannot be handed over (outside Linux, or where this server itself encrypts), or the process
cannot be started, the process of the pages answers the API too.
"""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send

from crewgen_core.api.handover import ADDRESS, Exchange, SharedConnection, adopt, is_for_api
from crewgen_core.api.problems import AWAY, ELSEWHERE, Refusal, write_problem
from crewgen_core.logs import get_log
from crewgen_core.serving import GONE_WITHIN_S
from crewgen_core.settings import ROOT

if TYPE_CHECKING:
    import uvicorn

    from crewgen_core.app import Crewgen

TRIED_AGAIN_AFTER_S = 60.0
"""Seconds after which a process that could not be started is started again."""

_MISDIRECTED = Refusal(ELSEWHERE, "The request came before the one before it was answered, or oddly addressed.")

_log = get_log("api")


class ApiProcess:
    """The process, and the way to it."""

    answers_api = False

    def __init__(self) -> None:
        """Nothing is started yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._exchange: Exchange | None = None
        self._server: uvicorn.Server | None = None
        self._not_before_s = 0.0
        self._is_ending = False

    @property
    def id(self) -> int | None:
        """The id of the process; None where there is none."""
        return self._process.pid if self._process else None

    @property
    def is_ending(self) -> bool:
        """Whether the server was told to end."""
        return self._is_ending

    @property
    def is_there(self) -> bool:
        """Whether the process takes connections."""
        return self._exchange is not None and self._exchange.is_ready

    def take_from(self, server: "uvicorn.Server | None") -> None:
        """Have what comes for the API handed over from now on; None, and other systems than Linux, change nothing."""
        if server is not None and sys.platform == "linux":
            self._server = server
            server.config.http_protocol_class = cast("Any", partial(SharedConnection, self))  # whatever makes one

    def hand_over(self, connection: SharedConnection, begun: bytes) -> bool:
        """Hand over a connection on which the API is asked."""
        loop = asyncio.get_running_loop()
        if self._is_ending or loop.time() < self._not_before_s:
            return False
        if self._exchange is None:
            try:
                self._process, end = start()
            except OSError as fault:
                _log.error("the process of the API cannot be started", reason=str(fault))
                self._not_before_s = loop.time() + TRIED_AGAIN_AFTER_S
                return False
            self._exchange = Exchange(end, self, self._note_death)
        self._exchange.hand_over(connection, begun)
        return True

    def adopt(self, begun: bytes) -> SharedConnection:
        """Return what reads on a connection on which a page is asked for."""
        if self._server is None:
            raise RuntimeError("no server gave connections away")
        return adopt(self._server, self, begun)

    def end(self) -> None:
        """Let the process answer what it has, within some seconds, and end. Returns at once."""
        self._is_ending = True
        self._close()

    async def close(self) -> None:
        """End the process, and wait until it is gone."""
        self.end()
        if self._process:
            try:
                await asyncio.to_thread(self._process.wait, GONE_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
            self._process = None

    def _note_death(self) -> None:
        """Forget a process that died. Who waits for one that never came is answered here."""
        process, came = self._process, self.is_there
        if not came:
            self._not_before_s = asyncio.get_running_loop().time() + TRIED_AGAIN_AFTER_S
        _log.error("the process of the API ended", process=process.pid if process else None, was_there=came)
        self._process = None
        if process:
            asyncio.get_running_loop().run_in_executor(None, process.wait)  # else it stays a zombie
        self._close()

    def _close(self) -> None:
        if self._exchange:
            exchange, self._exchange = self._exchange, None
            for connection, begun in exchange.close():
                connection.go_on(begun)


class ApiApart:
    """A step of the way in: answers here what comes for the API and was not handed over; all else passes."""

    def __init__(self, app: ASGIApp, process: ApiProcess, find_front_door: "Callable[[], Crewgen]") -> None:
        """``process`` should have got the connection; ``find_front_door`` is asked where it did not."""
        self._app = app
        self._process = process
        self._find_front_door = find_front_door
        self._api: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or answer."""
        if scope["type"] != "http" or not is_for_api(str(scope["path"])):
            await self._app(scope, receive, send)
        elif self._process.is_ending:
            refusal = Refusal(AWAY, "The server is being stopped.", "Send the request again when it is back.")
            await write_problem(refusal, scope)(scope, receive, send)
        elif self._process.is_there and scope["scheme"] == "http":  # what is counted by the minute is counted there
            await write_problem(_MISDIRECTED, scope)(scope, receive, send)
        else:
            await self._answer_here(scope, receive, send)

    async def _answer_here(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._api is None:
            from crewgen_core.api.application import create_api

            self._api = at_its_address(create_api(self._find_front_door))
        await self._api(scope, receive, send)


def at_its_address(api: ASGIApp) -> ASGIApp:
    """Return the API as it is reached below its address."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        behind = api if is_for_api(str(scope["path"])) else write_problem(_MISDIRECTED, scope)
        await behind({**scope, "root_path": ADDRESS}, receive, send)

    return answer


def start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start the process, and return it with this side's end of the way to it. Raises OSError."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with there:
        command = [sys.executable, "-m", "crewgen_core.api_process", str(there.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=(there.fileno(),))  # noqa: S603 our own program
    return process, here
