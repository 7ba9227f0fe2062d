"""A server behind the door: the real way in, on loopback, before an application that says what reached it."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

import uvicorn
from starlette.middleware import Middleware

from crewgen_core.door.headers import write_policy
from crewgen_core.door.login import read_login
from crewgen_core.door.way_in import lay_out
from crewgen_core.settings import Settings

GOOD_COOKIE = "signed=in"
MOST_UPLOAD_BYTES = 1_000_000


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request with what came through; accept every WebSocket; fail on ``/fails``."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 1000})
        return
    if scope["path"] == "/fails":
        raise RuntimeError("sk-abcdefghijklmnopqrstuvwx must not be seen")
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode()
    body = json.dumps({"path": scope["path"], "cookie": cookie, "bytes": size}).encode()
    scope.setdefault("state", {})["person_id"] = 7
    headers = [(b"content-type", b"application/json"), (b"set-cookie", b"a=b; Path=/")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class OpenedDoor:
    """The server in a thread of its own; a context manager."""

    def __init__(self, settings: Settings, client: str = "127.0.0.1") -> None:
        """``client`` is the address from which requests seem to come, as a proxy on this machine would tell it."""
        login = read_login(settings)
        app: Any = echo
        steps = lay_out(settings, login, lambda cookie: cookie == GOOD_COOKIE, write_policy(""), MOST_UPLOAD_BYTES)
        for step in reversed([Middleware(step) for step in steps]):
            app = step.cls(app, *step.args, **step.kwargs)
        config = uvicorn.Config(app, port=0, lifespan="off", log_level="critical", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="door", daemon=True)
        self._forwarded = {} if client == "127.0.0.1" else {"X-Forwarded-For": client}

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.servers[0].sockets[0].getsockname()[1]

    def __enter__(self) -> "OpenedDoor":
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterable[bytes] | None = None,
    ) -> tuple[int, dict[str, str], str]:
        """Send a request and return status, headers and body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {**self._forwarded, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    def open_socket(self, headers: Mapping[str, str]) -> str:
        """Ask for a WebSocket and return the first line of the answer."""
        asked = {
            "Host": f"localhost:{self.port}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
            **self._forwarded,
            **headers,
        }
        lines = "\r\n".join(["GET /_stcore/stream HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items())])
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(f"{lines}\r\n\r\n".encode())
            return connection.recv(4_096).decode("latin-1").partition("\r\n")[0]

    def send_slowly(self, path: str, length: int, part: bytes) -> str:
        """Announce a body, send a part of it and wait; return the first line of the answer."""
        head = f"POST {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nContent-Length: {length}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(head.encode() + part)
            return connection.recv(4_096).decode("latin-1").partition("\r\n")[0]
