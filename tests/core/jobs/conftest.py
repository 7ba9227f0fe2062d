from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.jobs.queue import Queue
from crewgen_core.storage.database import Database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'crewgen.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database.open(url)
    yield opened
    opened.close()


@pytest.fixture
def work() -> list[tuple[int, int]]:
    """What the queue gave to its worker: job and chunk."""
    return []


@pytest.fixture
def queue(database: Database, work: list[tuple[int, int]]) -> Iterator[Queue]:
    """The real queue, of a worker that only notes what it is given."""
    opened = Queue(database, "me", lambda job_id, chunk: work.append((job_id, chunk)))
    yield opened
    opened.close()
