"""The queue as one worker sees it, on DBOS itself."""

from pathlib import Path
from threading import Event

from crewgen_core.jobs.queue import Queue
from crewgen_core.storage.database import Database
from tests.support.processes import wait_until


def add(database: Database, queue: Queue, job_id: int, *chunks: tuple[int, int, bool]) -> None:
    with database.begin() as connection:
        queue.add(connection, job_id, chunks)


def test_a_chunk_that_is_added_twice_is_worked_on_once(
    database: Database, queue: Queue, work: list[tuple[int, int]]
) -> None:
    add(database, queue, 1, (1, 1, False))
    add(database, queue, 1, (1, 1, False), (2, 1, True))
    wait_until(lambda: len(work) >= 2 and not queue.holds(1), "both chunks are worked on")
    add(database, queue, 1, (1, 1, False))
    assert not queue.holds(1)
    assert sorted(work) == [(1, 1), (1, 2)]


def test_lower_turns_come_first(database: Database, tmp_path: Path) -> None:
    order: list[int] = []
    gate = Event()

    def work(_: int, chunk: int) -> None:
        gate.wait(30)
        order.append(chunk)

    queue = Queue(database, "me", work)
    try:
        add(database, queue, 1, (1, 1, False), (2, 1, False))  # keep both hands of the worker full
        add(database, queue, 1, (30, 30, False), (10, 10, False), (40, 40, False), (20, 20, False))
        gate.set()
        wait_until(lambda: len(order) == 6, "all chunks are worked on")
    finally:
        queue.close()
    late = order[2:]
    assert {late[0], late[1]} == {10, 20}
    assert {late[2], late[3]} == {30, 40}


def test_chunks_in_hand_of_a_dead_worker_are_worked_on_by_the_next(database: Database) -> None:
    begun, done = Event(), Event()
    waits = Event()

    def begin(_: int, __: int) -> None:
        begun.set()
        waits.wait(30)

    dead = Queue(database, "dead", begin)
    add(database, dead, 7, (1, 1, False))
    assert begun.wait(30)
    dead.close()
    heir = Queue(database, "heir", lambda _, __: done.set())
    try:
        assert not done.wait(1)  # nobody else takes it by itself
        assert heir.take_over("dead") == 1
        assert heir.take_over("dead") == 0
        assert done.wait(30)
    finally:
        waits.set()
        heir.close()


def test_held_chunks_wait_until_they_are_released_or_forgotten(database: Database) -> None:
    worked: list[int] = []
    full = Event()

    def work(_: int, chunk: int) -> None:
        full.wait(30)
        worked.append(chunk)

    queue = Queue(database, "me", work)
    try:
        add(database, queue, 1, *((chunk, chunk, False) for chunk in range(1, 7)))
        for _ in range(2):
            queue.hold(1)
        full.set()
        wait_until(lambda: not queue.holds(1), "what was in hand ends")
        held = set(range(1, 7)) - set(worked)
        assert len(held) >= 4
        for _ in range(2):
            queue.release(1)
        wait_until(lambda: not queue.holds(1), "the others are worked on")
        assert sorted(worked) == list(range(1, 7))
        queue.forget(1)
        queue.forget(1)
    finally:
        queue.close()
