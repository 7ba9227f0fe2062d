"""Workers: they come, beat and go."""

from dataclasses import replace

from crewgen_core.storage import workers
from crewgen_core.storage.database import Database
from crewgen_core.storage.workers import Worker

WORKER = Worker(id="a-1-x", host="a", process_id=1, beats=0)


def test_a_worker_that_enters_beats_until_it_leaves(database: Database) -> None:
    with database.begin() as connection:
        workers.enter(connection, WORKER)
        workers.enter(connection, replace(WORKER, id="b-1-y", host="b"))
        assert workers.beat(connection, WORKER.id)
        assert workers.beat(connection, WORKER.id)
        assert workers.list_workers(connection)[WORKER.id] == replace(WORKER, beats=2)
        assert workers.count_workers(connection) == 2
        workers.leave(connection, WORKER.id)
        workers.leave(connection, WORKER.id)
        assert list(workers.list_workers(connection)) == ["b-1-y"]


def test_a_worker_that_was_taken_for_dead_is_told_so(database: Database) -> None:
    with database.begin() as connection:
        assert not workers.beat(connection, WORKER.id)
