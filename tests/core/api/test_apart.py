"""The API in a process of its own: connections are handed over whole, and its death is nobody's loss but its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from crewgen_core.api.apart import ApiApart, ApiProcess
from crewgen_core.app import Crewgen
from crewgen_core.settings import ROOT, Settings
from tests.support.processes import find_free_port, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Connections are handed over on Linux only.")

PATIENCE_S = 120.0


@dataclass
class Front:
    """A server in front of the API, as the launcher has it; its pages are answers 204."""

    client: httpx.Client = field(repr=False)
    process: ApiProcess
    port: int

    @property
    def api_id(self) -> int:
        """The id of the process that answers."""
        assert self.process.id is not None
        return self.process.id

    def say(self, *pieces: bytes, statuses: int = 1) -> list[int]:
        """Send pieces, each by itself, on a connection of their own; return the statuses of so many answers."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
            read = b""
            while read.count(b"HTTP/1.1 ") < statuses:
                piece = connection.recv(65_536)
                assert piece, read
                read += piece
        return [int(answer[:3]) for answer in read.split(b"HTTP/1.1 ")[1:]]


@contextmanager
def fronting(folder: Path) -> Generator[Front]:
    process, house = ApiProcess(), Crewgen(Settings(database_url=f"sqlite:///{folder / 'crewgen.db'}", model=""))

    async def page(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    apart = ApiApart(page, process, lambda: house)
    config = uvicorn.Config(apart, host="127.0.0.1", port=find_free_port(), lifespan="off", log_level="critical")
    server = uvicorn.Server(config)

    async def run() -> None:
        config.load()
        process.take_from(server)
        await server.serve()
        await process.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    wait_until(lambda: server.started, "the server answers")
    with httpx.Client(base_url=f"http://127.0.0.1:{config.port}", timeout=PATIENCE_S) as client:
        yield Front(client, process, config.port)
    server.should_exit = True
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert process.id is None
    house.close()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("apart")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///{folder / 'crewgen.db'}")
        patch.setenv("CREWGEN_WORKERS", "0")
        patch.setenv("CREWGEN_MODEL", "")
        with fronting(folder) as front:
            yield front


def test_one_connection_goes_there_and_back(front: Front):
    connection = HTTPConnection("127.0.0.1", front.port, timeout=PATIENCE_S)
    asked = ("/api/v1/health", "/", "/api/v10/health", "/api/v1/generation/crews?limit=1", "/api/v1/none", "/")
    statuses, ports = list[int](), set[int]()
    for path in asked:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert statuses == [200, 204, 204, 200, 404, 204]
    assert len(ports) == 1


def test_a_crew_is_made_and_read(front: Front):
    body = {"objective": {"text": "Write a two-page brief about electric bikes for the owner of a shop."}, "model": ""}
    made = front.client.post("/api/v1/generation/generate", json=body)
    assert made.status_code == 201
    assert made.headers["location"].startswith("/api/v1/generation/")
    crew = front.client.get(f"/api/v1/generation/crews/{made.json()['crew_id']}?number=1")
    assert crew.status_code == 200
    assert crew.json()["objective"]["text"] == body["objective"]["text"]
    assert front.client.head("/api/v1/generation/crews").content == b""


def test_the_door_stands_before_the_process_too(front: Front):
    answer = front.client.get("/api/v1/generation/crews/999999", headers={"X-Request-ID": "a-program-7"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "a-program-7"
    assert answer.headers["x-frame-options"] == "DENY"
    assert front.client.get("/api/v1/health", headers={"Host": "elsewhere.example"}).status_code == 421


def test_a_line_break_in_an_address_is_answered_by_the_api(front: Front):
    answer = front.client.get("/api/v1/generation/templates/a%0Ab%C2%81/versions")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_sent_in_pieces_arrives(front: Front):
    pieces = (piece for piece in (b'{"objective": {"te', b'xt": "Plan the launch of a bakery."}}'))
    answer = front.client.post(
        "/api/v1/generation/analyze", content=pieces, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200, answer.text


def test_a_body_that_is_longer_than_a_message_arrives_with_its_connection(front: Front):
    body = b" " * 900_000 + b'{"objective": {"text": "Plan the launch of a bakery."}}'
    head = (
        "POST /api/v1/generation/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    assert front.say(head.encode() + body) == [200]


def test_it_does_not_matter_in_which_pieces_a_request_comes(front: Front):
    pieces = [bytes([letter]) for letter in b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"]
    assert front.say(*pieces) == [200]
    assert front.say(b"GET", b" / HTTP/1.1\r\nHost: localhost\r\n\r\n") == [204]


@pytest.mark.parametrize(
    ("paths", "statuses"), [(("/", "/api/v1/health"), [204, 421]), (("/api/v1/none", "/"), [404, 421])]
)
def test_a_request_that_cannot_be_answered_where_the_one_before_it_is_gets_told_so(
    front: Front, paths: tuple[str, ...], statuses: list[int]
):
    assert front.client.get("/api/v1/health").status_code == 200
    both = "".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in paths)
    assert front.say(both.encode(), statuses=2) == statuses


def test_what_is_within_a_request_is_never_taken_for_the_next_one(front: Front):
    """Else who shares a proxy with others could slip a request of their own into somebody's connection."""
    smuggled = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    length = f"Content-Length: {len(smuggled)}\r\n\r\n".encode()
    after = b"GET /again HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert front.say(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + length, smuggled, after, statuses=2) == [204, 204]


def test_an_odd_spelling_of_the_address_is_no_way_around_what_is_counted_there(front: Front):
    assert front.client.get("/api/v1/health").status_code == 200
    assert front.client.get("/%61pi/v1/health").json()["type"] == "urn:crewgen:problem:misdirected"


def test_a_process_that_died_is_started_again(front: Front):
    front.client.get("/api/v1/health")
    before = front.api_id
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: front.process.id != before, "the death is known")
    body = {"objective": {"text": "Plan the launch of a bakery."}, "model": ""}
    with httpx.Client(base_url=front.client.base_url, timeout=PATIENCE_S) as client:
        assert client.post("/api/v1/generation/generate", json=body).status_code == 201
    assert front.api_id != before


def test_where_the_process_cannot_be_started_the_api_is_answered_all_the_same(tmp_path: Path):
    with pytest.MonkeyPatch.context() as patch, fronting(tmp_path) as front:
        patch.setenv("CREWGEN_PUBLIC_URL", "no address")  # with which no server starts
        assert front.client.get("/api/v1/health").status_code == 200
        assert front.client.get("/").status_code == 204
        assert front.client.get("/api/v1/health").status_code == 200
        assert front.process.id is None


def test_the_process_ends_with_what_started_it(tmp_path: Path):
    """Also where that was killed and had no time to say so: the way between them ends."""
    program = (
        "import time\n"
        "from crewgen_core.api.apart import start\n"
        "process, end = start()\n"
        "print(process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = os.environ | {"CREWGEN_DATABASE_URL": f"sqlite:///{tmp_path / 'crewgen.db'}", "CREWGEN_WORKERS": "0"}
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        api_id = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not _is_alive(api_id), "the process has ended")


def _is_alive(process_id: int) -> bool:
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z"
