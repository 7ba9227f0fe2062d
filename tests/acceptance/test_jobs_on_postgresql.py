"""Several machines on one PostgreSQL: everything that is stored, and a worker whose machine is gone for good."""

import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text, update

from crewgen_core.app import Crewgen
from crewgen_core.errors import StorageFault
from crewgen_core.models.job import ItemQuery, NewItem, NewJob
from crewgen_core.settings import Settings
from crewgen_core.storage import counts, crews, job_items, job_results, jobs, model_calls, requests, workers
from crewgen_core.storage.database import Database
from crewgen_core.storage.model_calls import Ask, Held, Passed
from crewgen_core.storage.tables import job_tables
from crewgen_core.storage.workers import Worker
from tests.support.designs import make_design
from tests.support.job_rows import add_finished, make_figures
from tests.support.processes import Program, list_session, running, wait_until

TAKEN_OVER_WITHIN_S = 15.0
"""What docs/bulk.md promises for the rows of a machine that is gone."""


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    opened = Database.open(postgresql_url)
    yield opened
    opened.close()


@pytest.fixture
def crewgen(postgresql_url: str) -> Iterator[Crewgen]:
    opened = Crewgen(Settings(database_url=postgresql_url))
    yield opened
    opened.database.close()


def test_processes_that_start_at_once_bring_an_empty_database_up_to_date_together(postgresql_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(Database.open, [postgresql_url] * 4))
    for database in opened:
        with database.read() as connection:
            assert jobs.list_jobs(connection) == ()
        database.close()


def test_a_design_comes_back_as_it_was_stored(database: Database) -> None:
    design = make_design()
    with database.begin() as connection:
        (first, second) = requests.store_designs(connection, [design, design], [None, "openai/gpt-5-mini"])
        request_id = requests.create(connection, design.objective)
        requests.start(connection, request_id)
        requests.complete(connection, request_id, design)
    with database.read() as connection:
        assert requests.get(connection, first.request_id).design == design
        assert crews.get(connection, second.crew_id).crew == design.crew
        assert requests.get(connection, request_id).state == "completed"
        assert counts.count(connection).crews == 3
        assert len(crews.list_crews(connection, "WHY CHURN")) == 3


def test_results_are_found_sorted_and_streamed(database: Database) -> None:
    with database.begin() as connection:
        job_id = add_finished(connection, [make_figures(0.2), None, make_figures(0.6, cost_usd=None)])
    with database.read() as connection:
        page = job_results.list_items(connection, job_id, ItemQuery(order="success", descending=True))
        assert [item.name for item in page.items][:2] == ["Report 2", "Report 0"]
        assert [item.name for item in job_results.stream_items(connection, job_id)] == [
            f"Report {at}" for at in range(3)
        ]
        found = job_results.list_items(connection, job_id, ItemQuery(search="REPORT 1"))
        assert [item.failure_reason for item in found.items] == ["The model gave no answer."]
        assert [(one.reason, one.count) for one in job_results.count_failures(connection, job_id)] == [
            ("The model gave no answer.", 1)
        ]
        job_results.measure_rate(connection, job_id)
        assert jobs.get(connection, job_id).state == "completed"
    with database.begin() as connection:
        assert job_items.retry(connection, job_id) == 1
        assert len(jobs.take_chunks(connection, job_id, 10)) == 2


def test_what_it_refuses_is_told_and_does_not_pass(database: Database) -> None:
    with pytest.raises(StorageFault) as told, database.begin() as connection:
        jobs.create(connection, NewJob(name="nul \0 inside"))
    assert not told.value.passing


def test_limits_are_exact_for_calls_of_eight_machines_at_once(database: Database) -> None:
    ask = Ask("openai", "openai/gpt-5-mini", at_once=30, per_minute=20, deadline_s=30, most_usd=Decimal("0.01"))

    def begin(_: int) -> Passed | Held:
        with database.begin() as connection:
            return model_calls.begin(connection, ask)

    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(begin, range(60)))
    assert sum(isinstance(verdict, Passed) for verdict in verdicts) == 20


def test_reading_sees_one_state_from_beginning_to_end(database: Database) -> None:
    with database.read() as reading:
        assert jobs.list_jobs(reading) == ()
        with database.begin() as connection:
            jobs.create(connection, NewJob(name="Later"))
        assert jobs.list_jobs(reading) == ()


def list_workers(database: Database) -> Mapping[str, Worker]:
    with database.read() as connection:
        return workers.list_workers(connection)


def move_to_another_machine(database: Database, program: Program) -> str:
    """Make the worker of a program look like one of another machine, whose processes nobody here can see."""
    processes = list_session(program.id)
    (worker,) = (worker for worker in list_workers(database).values() if worker.process_id in processes)
    with database.begin() as connection:
        connection.execute(
            update(job_tables.workers).where(job_tables.workers.c.id == worker.id).values(host="far away")
        )
    return worker.id


def kill_with_chunks_in_hand(database: Database, program: Program, worker_id: str) -> None:
    """Kill a program and its worker at a moment when the worker has something in hand."""
    while True:
        program.freeze()
        if count_chunks_in_hand(database, worker_id):
            break
        program.thaw()
        time.sleep(0.05)
    program.kill_all()


def count_chunks_in_hand(database: Database, worker_id: str) -> int:
    query = text("SELECT count(*) FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id = :worker")
    with database.read() as connection:
        return connection.scalar(query, {"worker": worker_id}) or 0


@pytest.mark.skipif(sys.platform != "linux", reason="Processes are looked for in /proc.")
def test_rows_of_a_machine_that_is_gone_are_taken_over_by_another(crewgen: Crewgen, tmp_path: Path) -> None:
    rows = 1_000
    job = crewgen.bulk.start_items(
        NewJob(name="Two machines"), [NewItem(at + 2, f"Write a short brief about topic {at}") for at in range(rows)]
    )
    environment = {"CREWGEN_DATABASE_URL": crewgen.settings.database_url}
    command = ["crewgen_core", "worker", "--processes", "1"]

    def count_done() -> int:
        return crewgen.bulk.get(job.id).completed

    with running(command, environment, tmp_path / "a.log") as first, running(command, environment, tmp_path / "b.log"):
        wait_until(lambda: len(list_workers(crewgen.database)) == 2, "two workers are there")
        wait_until(lambda: count_done() > rows // 4, "a quarter of the rows is done")
        lost = move_to_another_machine(crewgen.database, first)
        kill_with_chunks_in_hand(crewgen.database, first, lost)
        killed_at = time.monotonic()
        wait_until(lambda: count_chunks_in_hand(crewgen.database, lost) == 0, "the chunks are taken over")
        seconds = time.monotonic() - killed_at
        print(f"Taken over after {seconds:.1f} s")
        assert seconds < TAKEN_OVER_WITHIN_S
        wait_until(lambda: crewgen.bulk.get(job.id).state == "completed", "the job ends")

    with crewgen.database.read() as connection:
        items = list(job_results.stream_items(connection, job.id))
        assert len({item.crew_id for item in items}) == crews.count_crews(connection) == rows
        assert max(item.attempts for item in items) == 2


def cut_connections(database: Database) -> None:
    """End every connection to the database, in the middle of whatever it is doing, as a restart of the server does."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with database.read() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608 our own


@pytest.mark.skipif(sys.platform != "linux", reason="Processes are looked for in /proc.")
def test_connections_that_break_off_cost_no_row(crewgen: Crewgen, tmp_path: Path) -> None:
    rows = 500
    job = crewgen.bulk.start_items(
        NewJob(name="Broken lines"), [NewItem(at + 2, f"Write a short brief about topic {at}") for at in range(rows)]
    )
    command = ["crewgen_core", "worker", "--processes", "1"]
    with running(command, {"CREWGEN_DATABASE_URL": crewgen.settings.database_url}, tmp_path / "worker.log"):
        for share in (1, 2, 3, 4, 5):
            enough = share * rows // 8
            wait_until(lambda enough=enough: crewgen.bulk.get(job.id).completed >= enough, f"{enough} rows are done")
            cut_connections(crewgen.database)
        wait_until(lambda: crewgen.bulk.get(job.id).state == "completed", "the job ends")
    with crewgen.database.read() as connection:
        items = list(job_results.stream_items(connection, job.id))
        assert {item.state for item in items} == {"completed"}
        assert len({item.crew_id for item in items}) == crews.count_crews(connection) == rows
