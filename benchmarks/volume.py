"""Prints how long the pages with lists and charts take with 1,000 and with 100,000 requests stored, and the ratio.

Run from the project's folder: ``python -m benchmarks.volume``. Each database is filled with real designs, multiplied
by the database and spread over a year; then each page is run in Streamlit's own test runner, the two databases taking
turns so that a busy machine slows both. Takes a few minutes and 3 GB on the disk.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings
from crewgen_core.storage import requests, tables
from crewgen_core.storage.tally_rebuild import rebuild_tally
from pages.shared.session import front_door

FEW, MANY = 1_000, 100_000
SEEDS = 100
"""Designs that are made for real; the rest are copies."""
ROUNDS = 7
FAILED_EACH = 40
"""One of so many requests failed."""

ROOT = Path(__file__).parents[1]
OBJECTIVES = Path(__file__).parent / "objectives.txt"
MODELS = ("openai/gpt-5-mini", "anthropic/claude-haiku-4-5", None, None, None)

COPIED = ("crews", "crew_versions", "agents", "generation_requests", "generation_metrics", "task_requirements")
"""Tables whose rows are multiplied; the columns below hold ids of others and move with them."""
REFERENCES = {
    "crew_versions": {"crew_id": "crews"},
    "agents": {"crew_version_id": "crew_versions"},
    "generation_requests": {"generated_crew_id": "crews"},
    "generation_metrics": {"generation_request_id": "generation_requests"},
    "task_requirements": {"generation_request_id": "generation_requests"},
}


@dataclass(frozen=True)
class Page:
    """A page to be timed, and what to do on it first."""

    name: str
    path: str
    prepare: Callable[[AppTest], object] = lambda _: None


def _search(app: AppTest, words: str) -> None:
    app.session_state["crew_search"] = words


def _set(key: str, value: str) -> Callable[[AppTest], object]:
    def prepare(app: AppTest) -> None:
        app.session_state[key] = value

    return prepare


def _analytics(section: str, period: str) -> Callable[[AppTest], object]:
    def prepare(app: AppTest) -> None:
        app.session_state["analytics_section"] = section
        app.session_state["analytics_range"] = period

    return prepare


PAGES = (
    Page("Home", "home.py"),
    Page("Home, a frequent word", "home.py", _set("crew_search", "report")),
    Page("Home, a rare word", "home.py", _set("crew_search", "lisbon")),
    Page("Home, a word of no crew", "home.py", _set("crew_search", "zzzzzz")),
    Page("Home, two letters", "home.py", _set("crew_search", "qz")),
    Page("Generate", "generate.py"),
    Page("Bulk", "bulk.py"),
    Page("Optimize", "optimize.py"),
    Page("Runs", "runs.py"),
    Page("Templates", "templates.py"),
    *(
        Page(f"Analytics, {section}, {period}", "analytics.py", _analytics(section, period))
        for period in ("30 days", "90 days", "All")
        for section in ("Overview", "Spend", "Quality")
    ),
)


def fill(crewgen: Crewgen, count: int) -> None:
    """Store so many requests with crews, versions, agents, requirements and metrics, spread over a year."""
    texts = [line for line in OBJECTIVES.read_text(encoding="utf-8").splitlines() if line.strip()][:SEEDS]
    designs = [asyncio.run(crewgen.craft.design(Objective(text=text), "", None)) for text in texts]
    models = [MODELS[at % len(MODELS)] for at in range(len(designs))]
    with crewgen.database.begin() as connection:
        requests.store_designs(connection, designs, models)
        multiply(connection, count // len(designs))
        connection.execute(
            text(
                "UPDATE generation_requests SET generation_status = 'failed', generated_crew_id = NULL, "
                "failure_reason = 'The model did not answer within ' || (id % 60) || ' seconds.' WHERE id % :each = 0"
            ),
            {"each": FAILED_EACH},
        )
        day = (
            "strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-' || ((:count - id) * 365 * 24 * 60 / :count) || ' minutes')"
        )
        for table in ("generation_requests", "crews"):
            connection.execute(text(f"UPDATE {table} SET created_at = {day}"), {"count": count})  # noqa: S608
        rebuild_tally(connection)
        connection.execute(text("ANALYZE"))


def multiply(connection: Connection, times: int) -> None:
    """Copy all rows until each is there so many times, with ids that follow."""
    last = {name: connection.scalar(text(f"SELECT max(id) FROM {name}")) or 0 for name in COPIED}  # noqa: S608
    numbers = f"WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {times - 1}) "  # noqa: S608
    for name in COPIED:
        moved = {"id": name} | REFERENCES.get(name, {})
        columns = [column.name for column in tables.metadata.tables[name].columns]
        values = [f"t.{it} + n.k * {last[moved[it]]}" if it in moved else f"t.{it}" for it in columns]
        connection.execute(
            text(
                f"INSERT INTO {name} ({', '.join(columns)}) {numbers}"  # noqa: S608
                f"SELECT {', '.join(values)} FROM n, (SELECT * FROM {name}) t"
            )
        )


def time_page(page: Page, url: str) -> float:
    """Return the seconds that a visit of the page takes in a session of its own."""
    os.environ["CREWGEN_DATABASE_URL"] = url
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=60)
    page.prepare(app)
    if page.path != "home.py":
        app.switch_page(str(ROOT / "pages" / page.path))
    started = time.perf_counter()
    app.run()
    taken = time.perf_counter() - started
    if app.exception:
        print(f"{page.name}: {app.exception[0].message}", file=sys.stderr)
    return taken


def main() -> None:
    """Fill two databases and print a row for each page."""
    os.environ["CREWGEN_MODEL"], os.environ["CREWGEN_LOG_LEVEL"] = "", "ERROR"
    with TemporaryDirectory() as folder:
        urls = []
        for count in (FEW, MANY):
            url = f"sqlite:///{Path(folder) / f'{count}.db'}"
            crewgen = Crewgen(Settings(database_url=url))
            started = time.perf_counter()
            fill(crewgen, count)
            crewgen.database.close()
            size = (Path(folder) / f"{count}.db").stat().st_size / 1e9
            print(f"{count:,} requests stored in {time.perf_counter() - started:.0f} s, {size:.2f} GB", flush=True)
            urls.append(url)
        measure(urls)


def measure(urls: list[str]) -> None:
    """Time each page on each database in turns and print the medians."""
    doors = {}
    for url in urls:  # one front door for each database, as the dashboard has one for its process
        os.environ["CREWGEN_DATABASE_URL"] = url
        st.cache_resource.clear()
        doors[url] = front_door()
    print(f"\n{'page':34}{f'{FEW:,}':>10}{f'{MANY:,}':>10}{'ratio':>8}")
    for page in PAGES:
        if not (ROOT / "pages" / page.path).is_file():
            continue
        taken: dict[str, list[float]] = {url: [] for url in urls}
        for _ in range(ROUNDS + 1):
            for url in urls:
                _use(doors[url])
                taken[url].append(time_page(page, url))
        few, many = (statistics.median(taken[url][1:]) * 1000 for url in urls)  # the first visit imports
        print(f"{page.name:34}{few:7.0f} ms{many:7.0f} ms{many / few:8.2f}", flush=True)


def _use(door: Crewgen) -> None:
    """Make the pages use this front door."""
    from pages.shared import session

    session.front_door.clear()
    original, Crewgen.open = Crewgen.open, classmethod(lambda cls, settings=None: door)
    try:
        session.front_door()
    finally:
        Crewgen.open = original


if __name__ == "__main__":
    main()
