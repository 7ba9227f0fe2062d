"""The workplace: real worker processes, started where there is work and ended with it."""

import os
import signal
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.settings import Settings
from crewgen_core.storage import workers
from tests.support.processes import wait_until


@pytest.fixture
def crewgen(tmp_path: Path) -> Crewgen:
    return Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", workers=1, log_level="ERROR"))


def list_processes(crewgen: Crewgen) -> set[int]:
    with crewgen.database.read() as connection:
        return {worker.process_id for worker in workers.list_workers(connection).values()}


def test_there_is_no_worker_and_no_database_before_there_is_work(crewgen: Crewgen, tmp_path: Path) -> None:
    workplace = crewgen.bulk.open_workplace()
    workplace.close()
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_dies_is_replaced_and_the_last_one_leaves_nothing_behind(crewgen: Crewgen) -> None:
    workplace = crewgen.bulk.open_workplace()
    try:
        job = crewgen.bulk.start_items(
            NewJob(name="Spring"), [NewItem(at + 2, f"Write a short brief no. {at}") for at in range(200)]
        )
        wait_until(lambda: crewgen.bulk.get(job.id).completed > 0, "work begins")
        (first,) = list_processes(crewgen)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: crewgen.bulk.get(job.id).state == "completed", "the job ends")
        wait_until(lambda: first not in list_processes(crewgen), "the dead worker is forgotten")
        (second,) = list_processes(crewgen)
    finally:
        workplace.close()
    assert list_processes(crewgen) == set()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert crewgen.bulk.get(job.id).completed == 200
    crewgen.database.close()


def test_without_workers_of_its_own_a_machine_leaves_the_work_to_others(crewgen: Crewgen) -> None:
    job = crewgen.bulk.start_items(NewJob(name="Spring"), [NewItem(2, "Write a short brief")])
    workplace = crewgen.bulk.open_workplace(processes=0)
    workplace.close()
    assert crewgen.bulk.get(job.id).pending == 1
    crewgen.database.close()
