"""Handing over: a connection goes to the process that answers what is asked on it.

One process of Python computes one thing at a time, and drawing a page is computing, so pages and the API are answered
by two processes that share one port. Each holds an end of a way between them, over which the kernel hands on open
connections. One goes over between two requests only, with what was read of the next one; for whoever asks, it is the
same connection all along.
"""

import asyncio
import os
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ADDRESS = "/api/v1"
"""Where the API is, on the server that people open."""

_FOR_API = re.compile(rb"[A-Z]+ " + ADDRESS.encode() + rb"[/? ]")
"""How a request of the API begins."""

_TELLS = 24
"""Bytes that tell for whom a request is: the longest method, a space, the address, and what follows it."""

CONNECTION, READY = b"c", b"r"
"""What is said over the way: here is a connection; I am there."""


def is_for_api(path: str) -> bool:
    """Tell whether a path is the API's."""
    return path == ADDRESS or path.startswith(f"{ADDRESS}/")


class Side(Protocol):
    """One of the two processes."""

    answers_api: bool
    """Whether requests for the API are answered here, and others there, or the other way round."""

    def hand_over(self, connection: "SharedConnection", begun: bytes) -> bool:
        """Take a connection with what was read of it; return False where it is answered here all the same."""
        ...

    def adopt(self, begun: bytes) -> "SharedConnection":
        """Return what reads on a connection that comes, with what was read of it."""
        ...


class SharedConnection(HttpToolsProtocol):
    """A connection that is handed over where the next request on it is for the other process."""

    def __init__(self, side: Side, begun: bytes = b"", **named: Any) -> None:  # noqa: ANN401 uvicorn's own
        """``side`` is this process; ``begun`` was read of the connection where it was before."""
        super().__init__(**named)
        self._side = side
        self._begun = begun
        self._is_within_request = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] as uvicorn has it
        """Begin, with what was read before."""
        super().connection_made(transport)
        begun, self._begun = self._begun, b""
        if begun:
            self.data_received(begun)

    def data_received(self, data: bytes) -> None:
        """Take what was sent."""
        if self._is_between_requests:
            self._begun += data
            if len(self._begun) < _TELLS and b"\n" not in self._begun:
                return
            data, self._begun = self._begun, b""
            is_for_other = bool(_FOR_API.match(data)) != self._side.answers_api
            if is_for_other and self._can_leave and self._side.hand_over(self, data):
                return
        super().data_received(data)

    def wait(self) -> None:
        """Read no further until the connection leaves or goes on."""
        self._unset_keepalive_if_required()
        self.transport.pause_reading()

    def go_on(self, begun: bytes) -> None:
        """Stay, and have what was read answered here."""
        self.transport.resume_reading()
        super().data_received(begun)

    def leave(self) -> None:
        """Forget a connection that another process holds by now; to its other side it stays open."""
        self.transport.abort()

    def on_message_begin(self) -> None:
        """Note that a request is under way: whatever comes is a part of it."""
        self._is_within_request = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that it is here as a whole."""
        super().on_message_complete()
        self._is_within_request = False

    @property
    def _is_between_requests(self) -> bool:
        cycle = cast("Any", self.cycle)
        return not self._is_within_request and (cycle is None or cycle.response_complete) and not self.pipeline

    @property
    def _can_leave(self) -> bool:
        """Whether all that was answered is sent, and nothing but the kernel stands between this and the other side."""
        closing, unsent = self.transport.is_closing(), self.transport.get_write_buffer_size()
        return self.scheme == "http" and not closing and not unsent


class Exchange:
    """One end of the way between the two processes. Everything happens in the event loop that it was made in."""

    def __init__(self, end: socket.socket, side: Side, when_closed: Callable[[], None]) -> None:
        """``side`` is this process; ``when_closed`` is called when the other one has gone."""
        end.setblocking(False)
        self._end = end
        self._side = side
        self._when_closed = when_closed
        self._leaving: list[tuple[SharedConnection, bytes]] = []
        self._is_ready = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(end, self._receive)
        self._adopting = set[asyncio.Task[None]]()

    @property
    def is_ready(self) -> bool:
        """Whether the other process has said that it is there."""
        return self._is_ready

    def say_ready(self) -> None:
        """Tell the other process that connections are taken from now on, as it is assumed to do itself."""
        self._is_ready = True
        with suppress(OSError):
            self._end.send(READY)

    def hand_over(self, connection: SharedConnection, begun: bytes) -> None:
        """Have a connection leave, as soon as the other process is there and has room for it."""
        connection.wait()
        self._leaving.append((connection, begun))
        self._send()

    def close(self) -> list[tuple[SharedConnection, bytes]]:
        """End this side, and return the connections that have not left."""
        self._loop.remove_reader(self._end)
        self._loop.remove_writer(self._end)
        self._end.close()
        stayed = [(connection, begun) for connection, begun in self._leaving if not connection.transport.is_closing()]
        self._leaving = []
        return stayed

    def _send(self) -> None:
        """Send what is to leave; what there is no room for now follows as soon as there is."""
        if not self._is_ready:
            return
        while self._leaving:
            connection, begun = self._leaving[0]
            if not connection.transport.is_closing():
                try:
                    _send_connection(self._end, connection.transport.get_extra_info("socket").fileno(), begun)
                except BlockingIOError:
                    self._loop.add_writer(self._end, self._send)
                    return
                except OSError:
                    return  # the other process has gone, which is read next
                connection.leave()
            del self._leaving[0]
        self._loop.remove_writer(self._end)

    def _receive(self) -> None:
        while True:
            try:
                said, descriptors, _, _ = socket.recv_fds(self._end, 1, 2, socket.MSG_CMSG_CLOEXEC)
            except BlockingIOError:
                return
            except OSError:
                said, descriptors = b"", []
            if said == CONNECTION and len(descriptors) < 2:  # there are too many open files
                for descriptor in descriptors:
                    os.close(descriptor)
            elif said == CONNECTION:
                connection, begun = socket.socket(fileno=descriptors[0]), _read_all(descriptors[1])
                task = self._loop.create_task(self._take(connection, begun))
                self._adopting.add(task)
                task.add_done_callback(self._adopting.discard)
            elif said == READY:
                self._is_ready = True
                self._send()
            else:
                self._loop.remove_reader(self._end)
                self._when_closed()
                return

    async def _take(self, connection: socket.socket, begun: bytes) -> None:
        connection.setblocking(False)
        with suppress(OSError):  # who is at its other end may have left meanwhile
            await self._loop.connect_accepted_socket(partial(self._side.adopt, begun), connection)


def adopt(server: uvicorn.Server, side: Side, begun: bytes) -> SharedConnection:
    """Return what reads on a connection as a server of this side does."""
    return SharedConnection(
        side, begun, config=server.config, server_state=server.server_state, app_state=server.lifespan.state
    )


def _send_connection(end: socket.socket, connection: int, begun: bytes) -> None:
    """Send a connection. What was read of it goes in a file in memory: it may be longer than a message can be."""
    file = os.memfd_create("crewgen-begun")
    try:
        os.write(file, begun)
        socket.send_fds(end, [CONNECTION], [connection, file])
    finally:
        os.close(file)


def _read_all(file: int) -> bytes:
    try:
        return os.pread(file, os.fstat(file).st_size, 0)
    finally:
        os.close(file)
