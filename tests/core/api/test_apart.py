"""The API in a process of its own: requests are handed on and answered as they are, and its death is nobody's loss."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from crewgen_core.api.apart import PERSON_ID, REQUEST_ID, TOKEN_ID, ApiApart, ApiProcess
from crewgen_core.door.journal import Journal
from crewgen_core.settings import ROOT
from tests.support.processes import find_free_port, wait_until

PATIENCE_S = 120.0


@dataclass
class Front:
    """A server in front of the API, as the launcher has it."""

    client: httpx.Client = field(repr=False)
    process: ApiProcess
    states: list[dict[str, Any]]

    @property
    def api_id(self) -> int:
        """The id of the process that answers."""
        assert self.process.id is not None
        return self.process.id


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    process, states = ApiProcess(), list[dict[str, Any]]()

    async def elsewhere(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    step = ApiApart(elsewhere, process)

    async def note(scope: Any, receive: Any, send: Any) -> None:
        states.append(scope["state"])
        await step(scope, receive, send)

    with pytest.MonkeyPatch.context() as patch:
        database = tmp_path_factory.mktemp("apart") / "crewgen.db"
        patch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///{database}")
        patch.setenv("CREWGEN_WORKERS", "0")
        patch.setenv("CREWGEN_MODEL", "")
        server = uvicorn.Server(
            uvicorn.Config(Journal(note), host="127.0.0.1", port=find_free_port(), lifespan="off", log_level="critical")
        )

        async def run() -> None:
            await server.serve()
            await process.close()

        thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
        thread.start()
        wait_until(lambda: server.started, "the server answers")
        with httpx.Client(base_url=f"http://127.0.0.1:{server.config.port}", timeout=PATIENCE_S) as client:
            yield Front(client, process, states)
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
        assert process.id is None


def test_what_is_not_for_the_api_passes(front: Front):
    assert front.client.get("/api/v10/health").status_code == 204
    assert front.client.get("/").status_code == 204


def test_a_crew_is_made_and_read_as_by_the_api_itself(front: Front):
    body = {"objective": {"text": "Write a two-page brief about electric bikes for the owner of a shop."}, "model": ""}
    made = front.client.post("/api/v1/generation/generate", json=body)
    assert made.status_code == 201
    assert made.headers["location"].startswith("/api/v1/generation/")
    crew = front.client.get(f"/api/v1/generation/crews/{made.json()['crew_id']}?number=1")
    assert crew.status_code == 200
    assert crew.json()["objective"]["text"] == body["objective"]["text"]
    assert front.client.head("/api/v1/generation/crews").content == b""


def test_a_request_keeps_its_id_and_who_asked_is_told_to_the_journal_alone(front: Front):
    told = {"X-Request-ID": "a-program-7", REQUEST_ID: "made-up-by-somebody", PERSON_ID: "7", TOKEN_ID: "8"}
    answer = front.client.get("/api/v1/generation/crews/999999", headers=told)
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "a-program-7"
    assert not {REQUEST_ID, PERSON_ID, TOKEN_ID} & set(answer.headers)
    assert (front.states[-1]["person_id"], front.states[-1]["token_id"]) == (None, None)


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


def test_a_read_under_which_the_process_dies_is_asked_again(front: Front):
    front.client.get("/api/v1/health")
    before = front.api_id
    os.kill(before, signal.SIGSTOP)
    answers: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: answers.append(front.client.get("/api/v1/generation/crews")))
    asked = len(front.states)
    asking.start()
    wait_until(lambda: len(front.states) > asked, "the request is there")
    os.kill(before, signal.SIGKILL)
    asking.join(PATIENCE_S)
    assert answers[0].status_code == 200
    assert front.api_id != before


def test_a_change_under_which_the_process_dies_is_not_made_twice_and_its_sender_is_told(front: Front):
    front.client.get("/api/v1/health")
    before = front.api_id
    os.kill(before, signal.SIGSTOP)
    answers: list[httpx.Response] = []
    body = {"objective": {"text": "Plan the launch of a bakery."}, "model": ""}
    asking = threading.Thread(
        target=lambda: answers.append(front.client.post("/api/v1/generation/generate", json=body))
    )
    asked = len(front.states)
    asking.start()
    wait_until(lambda: len(front.states) > asked, "the request is there")
    os.kill(before, signal.SIGKILL)
    asking.join(PATIENCE_S)
    if answers[0].status_code != 201:  # 201: it had not left the server yet, and waited for the next process
        assert answers[0].status_code == 500
        assert "ended meanwhile" in answers[0].json()["detail"]
    assert front.client.get("/api/v1/health").status_code == 200
    assert front.api_id != before


def test_the_process_ends_with_what_started_it(tmp_path: Path):
    """Also where that was killed and had no time to say so: its standard input ends."""
    program = (
        "import socket, subprocess, sys, time\n"
        "from pathlib import Path\n"
        "from crewgen_core.api.apart import _start\n"
        "listening = socket.socket(socket.AF_UNIX); listening.bind(sys.argv[1]); listening.listen()\n"
        "print(_start(listening).pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = os.environ | {"CREWGEN_DATABASE_URL": f"sqlite:///{tmp_path / 'crewgen.db'}", "CREWGEN_WORKERS": "0"}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "api")], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    ) as parent:
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
