"""Prints how long the pages with lists and charts take with 1,000 and with 100,000 requests stored, and the ratio.

Run from the project's folder: ``python -m benchmarks.volume``. Each database is filled with real designs, multiplied
by the database and spread over a year; then each page is run in Streamlit's own test runner, the two databases taking
turns so that a busy machine slows both. Takes a few minutes and 3 GB on the disk; a folder given as argument keeps
the databases, and what is in it is not filled again.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.tables.measured import note
from benchmarks.tables.volume_rows import fill
from crewgen_core.app import Crewgen
from crewgen_core.settings import Settings
from pages.shared.session import front_door, house

FEW, MANY = 1_000, 100_000
ROUNDS = 7

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Page:
    """A page to be timed, and what to do on it first."""

    name: str
    path: str
    prepare: Callable[[AppTest], object] = lambda _: None


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
    """Fill two databases, or take those of an earlier time, and print a row for each page."""
    os.environ["CREWGEN_MODEL"], os.environ["CREWGEN_LOG_LEVEL"] = "", "ERROR"
    with TemporaryDirectory() as passing:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(passing)
        measure([_store(folder / f"{count}.db", count) for count in (FEW, MANY)])


def _store(file: Path, count: int) -> str:
    """Return the address of a database with so many requests, filled unless it is there already."""
    url = f"sqlite:///{file}"
    if not file.exists():
        crewgen = Crewgen(Settings(database_url=url))
        started = time.perf_counter()
        fill(crewgen, count)
        crewgen.database.close()
        print(f"{count:,} requests stored in {time.perf_counter() - started:.0f} s, {file.stat().st_size / 1e9:.2f} GB")
    return url


def measure(urls: list[str]) -> None:
    """Time each page on each database in turns and print the medians."""
    doors: dict[str, Crewgen] = {}
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
        note(f"{page.name}: with {MANY:,} requests, beside {FEW:,}", many / few, "times")
        print(f"{page.name:34}{few:7.0f} ms{many:7.0f} ms{many / few:8.2f}", flush=True)


def _use(door: Crewgen) -> None:
    """Make the pages use this front door."""
    house.clear()
    with patch.object(Crewgen, "open", return_value=door):
        house()


if __name__ == "__main__":
    main()
