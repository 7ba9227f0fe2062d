"""Who is dead, and what becomes of what they had in hand."""

import subprocess
import sys
from dataclasses import replace

import pytest

from crewgen_core.jobs.queue import Queue
from crewgen_core.jobs.takeover import DEAD_AFTER_S, Watch, introduce, is_running
from crewgen_core.storage import model_calls, workers
from crewgen_core.storage.database import Database
from crewgen_core.storage.model_calls import Ask, Held
from crewgen_core.storage.workers import Worker

ME = introduce()
FAR = Worker(id="far-1-x", host="far away", process_id=ME.process_id, beats=0)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(database: Database, queue: Queue, clock: Clock) -> Watch:
    return Watch(database, queue, ME, clock)


def enter(database: Database, *others: Worker) -> None:
    with database.begin() as connection:
        for one in others:
            workers.enter(connection, one)


def list_ids(database: Database) -> set[str]:
    with database.read() as connection:
        return set(workers.list_workers(connection))


def test_a_worker_of_another_machine_is_dead_after_so_long_without_a_beat(
    database: Database, watch: Watch, clock: Clock
) -> None:
    enter(database, ME, FAR)
    watch.look()
    clock.seconds = DEAD_AFTER_S - 0.1
    watch.look()
    assert list_ids(database) == {ME.id, FAR.id}
    clock.seconds = DEAD_AFTER_S
    watch.look()
    watch.look()
    assert list_ids(database) == {ME.id}


def test_a_worker_that_beats_lives_for_ever(database: Database, watch: Watch, clock: Clock) -> None:
    enter(database, FAR)
    for _ in range(10):
        watch.look()
        clock.seconds += DEAD_AFTER_S - 0.1
        with database.begin() as connection:
            assert workers.beat(connection, FAR.id)
    watch.look()
    assert list_ids(database) == {FAR.id}


def test_a_watcher_that_comes_late_gives_everybody_the_whole_time(
    database: Database, watch: Watch, clock: Clock
) -> None:
    enter(database, FAR)
    clock.seconds = 1_000_000.0  # its clock has nothing to do with theirs
    watch.look()
    clock.seconds += DEAD_AFTER_S - 0.1
    watch.look()
    assert list_ids(database) == {FAR.id}


def test_a_worker_of_this_machine_without_a_process_is_dead_at_once(database: Database, watch: Watch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    enter(database, ME, replace(ME, id="gone", process_id=gone.pid), replace(ME, id="neighbour"))
    watch.look()
    assert list_ids(database) == {ME.id, "neighbour"}


def test_nobody_buries_himself(database: Database, watch: Watch, clock: Clock) -> None:
    enter(database, ME)
    watch.look()
    clock.seconds = 10 * DEAD_AFTER_S
    watch.look()
    assert list_ids(database) == {ME.id}


def test_calls_of_a_dead_worker_free_their_places(database: Database, watch: Watch, clock: Clock) -> None:
    ask = Ask("openai", "openai/gpt-5-mini", at_once=1, per_minute=0, deadline_s=30, worker_id=FAR.id)
    enter(database, FAR)
    with database.begin() as connection:
        model_calls.begin(connection, ask)
        assert isinstance(model_calls.begin(connection, ask), Held)
    watch.look()
    clock.seconds = DEAD_AFTER_S
    watch.look()
    with database.begin() as connection:
        assert not isinstance(model_calls.begin(connection, ask), Held)


def test_every_process_introduces_itself_under_a_name_of_its_own() -> None:
    assert introduce().id != introduce().id
    assert is_running(introduce().process_id)
