"""Prints how long people wait at the start: for the first crew on the command line, and for the first page.

Run from the project's folder: ``python -m benchmarks.startup``. Pages are measured in chromium against an app of two
bare headings that the same Streamlit serves, in turns, so that a busy machine slows both: the ratios are what counts.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browsing.servers import serve
from benchmarks.tables.measured import note

ROOT = Path(__file__).parents[1]
OBJECTIVE = "Analyze why churn rose in Q3 from our subscription exports and write a two-page brief for the board."
PROCESSES, ROUNDS, CLICKS = 7, 3, 6
MODULES_NOT_NEEDED = ("litellm", "openai", "crewai", "plotly", "pandas", "streamlit", "highspy")

EMPTY_APP = """
import streamlit as st
one = st.Page(lambda: st.title("One"), title="One", url_path="one", default=True)
two = st.Page(lambda: st.title("Two"), title="Two", url_path="two")
st.navigation([one, two]).run()
"""

WAIT_FOR_HEADING = """
([link, heading]) => new Promise(done => {
  const start = link ? performance.now() : 0;
  const look = () => {
    const shown = [...document.querySelectorAll("h1, h2")].some(h => h.innerText.includes(heading));
    if (shown) done(performance.now() - start);
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
  if (link) [...document.querySelectorAll("[data-testid=stSidebarNavLink]")]
    .find(a => a.innerText.includes(link)).click();
  look();
})
"""
"""Milliseconds from the click on a page's link, or without one from the start of loading, to the heading."""


@dataclass
class App:
    """An app with two pages to go back and forth between, and what was measured."""

    name: str
    script: Path
    links: tuple[str, str]
    headings: tuple[str, str]
    cold_s: list[float] = field(default_factory=list[float])
    """From the start of the server's process to the first heading, in seconds."""
    load_ms: list[float] = field(default_factory=list[float])
    """From the start of loading to the heading, in a second visit."""
    click_ms: list[float] = field(default_factory=list[float])
    """From a click on a page's link to its heading."""


def main() -> None:
    """Print both tables."""
    with TemporaryDirectory() as folder:
        os.environ["CREWGEN_DATABASE_URL"] = f"sqlite:///{folder}/crewgen.db"
        os.environ["CREWGEN_MODEL"] = ""
        _print_command_line()
        chromium = shutil.which("chromium")
        if chromium is None:
            print("\nThere is no chromium here, so no page was measured (apt-get install chromium).")
            return
        _print_pages(Path(folder), chromium)


def _print_command_line() -> None:
    commands = {
        "--help": ["--help"],
        "analyze": ["analyze", OBJECTIVE, "--json"],
        "generate": ["generate", OBJECTIVE, "--builtin", "--json"],
    }
    print(f"{'command line':<14}{'seconds':>9}{'CPU seconds':>13}   median of {PROCESSES} processes")
    for name, arguments in commands.items():
        runs = [_time_process(["-m", "crewgen_core", *arguments]) for _ in range(PROCESSES)]
        wall, cpu = (statistics.median(figures) for figures in zip(*runs, strict=True))
        note(f"Command line: {name}, by the clock", wall, "s")
        print(f"{name:<14}{wall:>9.2f}{cpu:>13.2f}")
    code = "import sys, crewgen_core.app; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    brought = [name for name in MODULES_NOT_NEEDED if name in modules]
    print(f"import of crewgen_core.app brings {len(modules)} modules; needlessly: {', '.join(brought) or 'none'}")


def _time_process(arguments: list[str]) -> tuple[float, float]:
    """Return wall and CPU seconds of a Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _print_pages(folder: Path, chromium: str) -> None:
    empty_script = folder / "empty.py"
    empty_script.write_text(EMPTY_APP, encoding="utf-8")
    empty = App("empty app", empty_script, ("One", "Two"), ("One", "Two"))
    crewgen = App("crewgen", ROOT / "streamlit_app.py", ("Settings", "Generate"), ("Settings", "Generate a crew"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(ROUNDS):
            for app in (empty, crewgen):
                _measure(app, browser)
        browser.close()
    print(f"\n{'pages':<14}{'cold start s':>13}{'warm load ms':>14}{'click ms':>10}   medians of {ROUNDS} rounds")
    for app in (empty, crewgen):
        print(f"{app.name:<14}{_middle(app.cold_s):>13.2f}{_middle(app.load_ms):>14.0f}{_middle(app.click_ms):>10.0f}")
    pairs = ((crewgen.cold_s, empty.cold_s), (crewgen.load_ms, empty.load_ms), (crewgen.click_ms, empty.click_ms))
    cold, load, click = (_middle(ours) / _middle(theirs) for ours, theirs in pairs)
    note("First page of a new server, beside an empty app", cold, "times")
    print(f"{'ratio':<14}{cold:>13.2f}{load:>14.2f}{click:>10.2f}")


_middle = statistics.median


def _measure(app: App, browser: Browser) -> None:
    start = time.perf_counter()
    with serve(app.script) as server:
        address = server.address
        context = browser.new_context()
        page = context.new_page()
        home = f"{address}/{app.links[0].lower()}" if app.name == "crewgen" else address
        page.goto(home)
        _wait_for(page, app.headings[0])
        app.cold_s.append(time.perf_counter() - start)
        for turn in range(CLICKS + 2):
            to = (turn + 1) % 2
            took = _wait_for(page, app.headings[to], app.links[to])
            if turn >= 2:  # the first visit of each page imports what it needs
                app.click_ms.append(took)
        page.goto(home)
        app.load_ms.append(_wait_for(page, app.headings[0]))
        context.close()


def _wait_for(page: Page, heading: str, link: str | None = None) -> float:
    return float(page.evaluate(WAIT_FOR_HEADING, [link, heading]))


if __name__ == "__main__":
    main()
