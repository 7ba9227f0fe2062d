"""Jobs survive anything: the real dashboard is killed again and again while it works, and nobody opens a page."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crewgen_core.app import Crewgen
from crewgen_core.models.job import Job, NewItem, NewJob
from crewgen_core.settings import Settings
from crewgen_core.storage import counts, crews, job_results
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import job_tables, model_tables
from tests.support.model_server import GOOD_ANSWER, ModelServer, say
from tests.support.processes import Program, list_session, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Processes are looked for in /proc.")

MODEL = "openai/gpt-5-mini"


@pytest.fixture
def chance() -> Iterator[random.Random]:
    """Chance that can be had again: a test that fails prints the seed, CREWGEN_TEST_SEED takes it."""
    seed = int(os.environ.get("CREWGEN_TEST_SEED") or time.time_ns() % 1_000_000)
    print(f"CREWGEN_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    """A front door to the database that the dashboard works on."""
    opened = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"))
    yield opened
    opened.database.close()


@pytest.fixture
def dashboard(crewgen: Crewgen, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start the dashboard as often as it is called for; it must have been killed before."""
    programs: list[Program] = []

    def start(**environment: str) -> Program:
        settings = {"CREWGEN_DATABASE_URL": crewgen.settings.database_url, "CREWGEN_MODEL": ""}
        options = ["--server.port", "0", "--server.address", "127.0.0.1", "--server.headless", "true"]
        command = ["streamlit", "run", "streamlit_app.py", *options]
        programs.append(Program(command, settings | environment, tmp_path / "server.log"))
        return programs[-1]

    yield start
    for program in programs:
        program.kill_all()


def count_done(crewgen: Crewgen, job_id: int) -> int:
    job = crewgen.bulk.get(job_id)
    return job.completed + job.failed


def wait_for_rows(crewgen: Crewgen, job_id: int, number: int) -> None:
    """Wait until so many more rows are done."""
    enough = count_done(crewgen, job_id) + number
    wait_until(lambda: count_done(crewgen, job_id) >= enough, f"{enough} rows of job {job_id} are done")


def wait_for_end(crewgen: Crewgen, job_id: int) -> Job:
    wait_until(lambda: crewgen.bulk.get(job_id).state != "running", f"job {job_id} ends")
    return crewgen.bulk.get(job_id)


def assert_each_row_has_a_crew_of_its_own(database: Database, job: Job, rows: int) -> None:
    assert (job.state, job.completed, job.failed, job.cancelled) == ("completed", rows, 0, 0)
    with database.read() as connection:
        items = list(job_results.stream_items(connection, job.id))
        assert [item.position for item in items] == list(range(1, rows + 1))
        assert {item.state for item in items} == {"completed"}
        assert len({item.crew_id for item in items}) == len({item.request_id for item in items}) == rows
        stored = counts.count(connection)
        assert (stored.crews, stored.versions, stored.requests["completed"]) == (rows, rows, rows)
        for item in items[:: rows // 20]:
            assert crews.get(connection, item.crew_id or 0).objective.text == item.objective


def test_two_thousand_rows_survive_ten_kills_of_the_server(
    crewgen: Crewgen, dashboard: Callable[..., Program], chance: random.Random
) -> None:
    rows = 2_000
    job = crewgen.bulk.start_items(
        NewJob(name="Survivors"), [NewItem(at + 2, f"Write a short brief about topic {at}") for at in range(rows)]
    )
    sessions: list[int] = []

    for at in range(10):
        server = dashboard(CREWGEN_WORKERS=chance.choice("112"))  # two take twice as long to start on a busy machine
        sessions.append(server.id)
        if at in (2, 5, 8):  # while it starts
            time.sleep(chance.uniform(0.2, 4.0))
        else:
            wait_for_rows(crewgen, job.id, chance.randint(1, rows // 10))
            time.sleep(chance.uniform(0.0, 0.3))
        assert server.is_running()
        server.kill()
    assert crewgen.bulk.get(job.id).state == "running"

    sessions.append(dashboard().id)
    assert_each_row_has_a_crew_of_its_own(crewgen.database, wait_for_end(crewgen, job.id), rows)
    killed = sessions[:-1]
    wait_until(lambda: not any(map(list_session, killed)), "workers end after their server")


def count_calls_in_flight(database: Database) -> Counter[int]:
    """Return how often the process died while a model was asked for a row, by the objective's number."""
    call, row = model_tables.model_calls.c, job_tables.job_items.c
    unknown = call.cost_micro_usd.is_(None)  # what the answer would have cost
    with database.read() as connection:
        query = select(row.position).join_from(model_tables.model_calls, job_tables.job_items, call.item_id == row.id)
        return Counter(position - 1 for position in connection.scalars(query.where(unknown)))


def test_after_a_kill_only_calls_in_flight_are_sent_again(
    crewgen: Crewgen, dashboard: Callable[..., Program], chance: random.Random, running_model_server: ModelServer
) -> None:
    rows = 60
    running_model_server.forget()
    running_model_server.script = lambda _: say(GOOD_ANSWER, delay_s=0.5)
    job = crewgen.bulk.start_items(
        NewJob(name="Survivors"),
        [NewItem(at + 2, f"Write brief no. {at}, a short one", model=MODEL) for at in range(rows)],
    )
    environment = {
        "OPENAI_API_KEY": "sk-test-key",
        "CREWGEN_MODEL_BASE_URL": running_model_server.url,
        "CREWGEN_CALLS_AT_ONCE": "4",
        "CREWGEN_WORKERS": "1",
    }

    for only_server in (False, True, False):
        server = dashboard(**environment | {"CREWGEN_WORKERS": "2" if only_server else "1"})
        wait_for_rows(crewgen, job.id, chance.randint(1, 6))
        time.sleep(chance.uniform(0.0, 0.3))
        if only_server:
            server.kill()
            wait_until(lambda server=server: not list_session(server.id), "workers end after their server")
        else:
            server.kill_all()
    assert crewgen.bulk.get(job.id).state == "running"

    dashboard(**environment)
    assert_each_row_has_a_crew_of_its_own(crewgen.database, wait_for_end(crewgen, job.id), rows)
    asked = Counter(
        next(at for at in range(rows) if f"no. {at}," in str(body)) for body in running_model_server.requests
    )
    in_flight = count_calls_in_flight(crewgen.database)
    assert in_flight.total() <= 3 * 3  # kills, and calls that jobs may have open
    assert set(asked) == set(range(rows))
    assert asked - Counter(range(rows)) <= in_flight
