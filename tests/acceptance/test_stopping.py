"""A server that is told to end, as systemd, Docker or `kill` do: nothing is left half done, or without a way on."""

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from crewgen_core.app import Crewgen
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.settings import Settings
from crewgen_core.storage.tables.schema import metadata
from tests.support.model_server import A_LONG_TIME_S, GOOD_ANSWER, ModelServer, say
from tests.support.processes import find_free_port, list_session, running, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Processes are looked for in /proc.")

MODEL = "openai/gpt-5-mini"
ROWS, MODEL_ROWS = 400, 3


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    """A front door to the database that the server works on."""
    opened = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"))
    yield opened
    opened.database.close()


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/_stcore/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def count(crewgen: Crewgen, table: str, **where: object) -> int:
    rows = metadata.tables[table]
    conditions = [rows.c[name] == value for name, value in where.items()]
    with crewgen.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(rows).where(*conditions)) or 0


def test_a_server_told_to_end_ends_well_and_leaves_nothing_without_a_way_on(
    crewgen: Crewgen, tmp_path: Path, running_model_server: ModelServer
):
    running_model_server.forget()
    running_model_server.script = lambda _: say(GOOD_ANSWER, delay_s=A_LONG_TIME_S)
    jobs = [
        crewgen.bulk.start_items(NewJob(name="Rows"), [NewItem(at, f"Write brief no. {at}") for at in range(ROWS)]),
        crewgen.bulk.start_items(
            NewJob(name="Model rows"), [NewItem(at, f"Plan trip no. {at}", model=MODEL) for at in range(MODEL_ROWS)]
        ),
    ]
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = ["streamlit", "run", "streamlit_app.py", *options]
    environment = {
        "CREWGEN_DATABASE_URL": crewgen.settings.database_url,
        "CREWGEN_MODEL": "",
        "CREWGEN_MODEL_BASE_URL": running_model_server.url,
        "CREWGEN_MODEL_DEADLINE_SECONDS": "600",
        "CREWGEN_WORKERS": "1",
        "OPENAI_API_KEY": "sk-test-key",
    }

    def ask() -> int:
        asked = {"objective": {"text": "Write a brief about churn."}, "model": MODEL}
        return httpx.post(f"{address}/api/v1/generation/generate", json=asked, timeout=300).status_code

    with running(command, environment, tmp_path / "server.log") as server, ThreadPoolExecutor() as callers:
        wait_until(lambda: answers(address), "the server answers")
        asked = callers.submit(ask)
        wait_until(lambda: len(running_model_server.requests) > MODEL_ROWS, "the model is asked by all")
        wait_until(lambda: crewgen.bulk.get(jobs[0].id).completed > 0, "rows are done")
        assert count(crewgen, "generation_requests", generation_status="generating") == 1

        code = server.end(signal.SIGTERM)

        assert code == 0, (tmp_path / "server.log").read_text(encoding="utf-8")[-2_000:]
        assert asked.result() == 503
        wait_until(lambda: not list_session(server.id), "workers end with their server")

    (request,) = (row for row in crewgen.list_requests(limit=500) if row.model == MODEL)
    assert (request.state, bool(request.failure_reason)) == ("failed", True)
    assert count(crewgen, "workers") == 0
    assert count(crewgen, "model_calls", ended_ms=None) == 0
    assert [crewgen.bulk.get(job.id).failed for job in jobs] == [0, 0]

    running_model_server.forget()
    with running(command, environment, tmp_path / "server.log") as server:
        for job in jobs:
            wait_until(lambda job=job: crewgen.bulk.get(job.id).state == "completed", f"job {job.name} ends")
        assert server.end(signal.SIGTERM) == 0
    assert [crewgen.bulk.get(job.id).completed for job in jobs] == [ROWS, MODEL_ROWS]
    assert crewgen.crews.count() == ROWS + MODEL_ROWS
