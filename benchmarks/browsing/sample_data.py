"""A database to look at pages with: crews, requests that failed, runs, outcomes, templates and a finished job."""

import time
from pathlib import Path

from benchmarks.volume_rows import fill
from crewgen_core.app import Crewgen
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.settings import Settings

OBJECTIVES = Path(__file__).parents[1] / "objectives.txt"
REQUESTS, ROWS = 200, 60


def make_sample(url: str) -> None:
    """Fill an empty database at this address; takes about 20 seconds."""
    crewgen = Crewgen(Settings(database_url=url, model="", workers=2))
    fill(crewgen, REQUESTS)
    texts = [line for line in OBJECTIVES.read_text(encoding="utf-8").splitlines() if line.strip()]
    items = [NewItem(at + 2, texts[at % len(texts)]) for at in range(ROWS)]
    job = crewgen.bulk.start_items(NewJob(name="Sixty objectives"), items)
    crewgen.bulk.open_workplace()
    while (seen := crewgen.bulk.get(job.id)).completed + seen.failed < ROWS:
        time.sleep(0.2)
    crewgen.bulk.close_workplace()
    crewgen.close()
