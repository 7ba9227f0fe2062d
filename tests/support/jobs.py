"""Works on jobs within the test's own process: the real work on chunks, without queue and worker processes."""

from crewgen_core.app import Crewgen
from crewgen_core.jobs.chunk import ChunkWork
from crewgen_core.jobs.gate import Gate, Limits
from crewgen_core.models.job import Item
from crewgen_core.storage import jobs

LIMITS = Limits(at_once=20, per_minute=0)


def work_on_all(crewgen: Crewgen, job_id: int) -> None:
    """Work on every chunk of a job that the queue would be given."""
    craft = crewgen.craft
    gate = Gate(crewgen.database, craft.ask, LIMITS, crewgen.settings.model_deadline_seconds)
    work = ChunkWork(crewgen.database, craft, gate, rows_at_once=8)
    while True:
        with crewgen.database.begin() as connection:
            chunks = jobs.take_chunks(connection, job_id, 1_000)
        if not chunks:
            return
        for number, _, _ in chunks:
            work.work_on(job_id, number)


def list_all(crewgen: Crewgen, job_id: int) -> tuple[Item, ...]:
    """Return the rows of a job in the order of its file."""
    return crewgen.bulk.list_items(job_id, limit=1_000).items
