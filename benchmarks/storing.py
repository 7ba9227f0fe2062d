"""Prints what storing built-in crews costs: processor time of 25 at once and of one by one, and the size of the file.

Run from the project's folder: ``python -m benchmarks.storing``. The first objectives of objectives.txt are designed
beforehand; requests, crews, agents, requirements and metrics are then stored in a new SQLite database.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tables.measured import note
from crewgen_core.app import Crewgen
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.design import Design
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import design
from crewgen_core.settings import Settings
from crewgen_core.storage import requests
from crewgen_core.storage.database import Database

OBJECTIVES = Path(__file__).parent / "objectives.txt"
AT_ONCE, CHUNKS, ROUNDS = 25, 4, 5


def time_at_once(database: Database, designs: Sequence[Design]) -> float:
    """Return the milliseconds for each of the designs, stored in one transaction."""
    started = time.process_time()
    with database.begin() as connection:
        requests.store_designs(connection, designs, [None] * len(designs))
    return (time.process_time() - started) / len(designs) * 1000


def time_one_by_one(database: Database, designs: Sequence[Design]) -> float:
    """Return the milliseconds for each of the designs, asked for, begun and completed on its own."""
    started = time.process_time()
    for made in designs:
        with database.begin() as connection:
            request_id = requests.create(connection, made.objective)
            requests.start(connection, request_id)
            requests.complete(connection, request_id, made)
    return (time.process_time() - started) / len(designs) * 1000


def main() -> None:
    """Design, store and print."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "crewgen.db"
        crewgen = Crewgen(Settings(database_url=f"sqlite:///{file}"))
        texts = [line for line in OBJECTIVES.read_text(encoding="utf-8").splitlines() if line.strip()]
        composer, knowledge = CatalogComposer(crewgen.catalog), crewgen.knowledge
        designs = [asyncio.run(design(Objective(text=text), composer, knowledge)) for text in texts[: AT_ONCE * CHUNKS]]
        chunks = [designs[start : start + AT_ONCE] for start in range(0, len(designs), AT_ONCE)]
        database = crewgen.database
        time_at_once(database, designs[:2])  # statements are compiled once
        for name, measure in (("25 at once", time_at_once), ("one by one", time_one_by_one)):
            times = [measure(database, chunk) for _ in range(ROUNDS) for chunk in chunks]
            note(f"Storing a crew, {name}: median", statistics.median(times), "ms")
            print(f"{name}: {statistics.median(times):.2f} ms a crew, at best {min(times):.2f} ms")
        crews = 2 + 2 * ROUNDS * len(designs)
        database.close()  # moves the write-ahead log into the file
        print(f"{file.stat().st_size / crews / 1000:.1f} kB a crew")


if __name__ == "__main__":
    main()
