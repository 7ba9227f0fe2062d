"""The API behind a real server on a port of its own, at the address at which people have it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send

from crewgen_core.api.apart import ADDRESS
from crewgen_core.api.application import create_api
from crewgen_core.app import Crewgen

PATIENCE_S = 60.0


@dataclass
class Api:
    """The API as a caller has it."""

    front_door: Crewgen
    client: httpx.Client = field(repr=False)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request; ``path`` begins after /api/v1."""
        return self.client.request(method, path, **more)

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON of what is there."""
        return self.take(self.ask("GET", path, params=params))

    def post(self, path: str, body: object = None, **more: Any) -> Any:
        """Return the JSON of what came of it."""
        return self.take(self.ask("POST", path, **({} if body is None else {"json": body}), **more))

    def take(self, answer: httpx.Response) -> Any:
        """Return the JSON of an answer that went well."""
        assert answer.is_success, answer.text
        return answer.json()

    def generate(self, text: str = "Write a two-page brief about electric bikes for the owner of a shop.") -> Any:
        """Return a crew that was generated."""
        return self.post("/generation/generate", {"objective": {"text": text}})


@contextmanager
def serve(front_door: Crewgen) -> Iterator[str]:
    """Serve the API and yield its address, without "/api/v1"."""
    api = create_api(lambda: front_door)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await api({**scope, "root_path": ADDRESS}, receive, send)

    server = uvicorn.Server(uvicorn.Config(answer, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_S)


@contextmanager
def call(front_door: Crewgen) -> Iterator[Api]:
    """Serve the API and yield it with a client."""
    with serve(front_door) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=PATIENCE_S) as client:
        yield Api(front_door, client)
