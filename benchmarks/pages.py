"""Prints how long a person waits for each page, beside an app with nothing in it that the same Streamlit serves.

Run from the project's folder: ``python -m benchmarks.pages [--rounds 5]``. Chromium visits each page in turns with the
empty app, so that a busy machine slows both. The median of each page is printed with its ratio to the median of all
visits of the empty app: those beside one page are as few as the rounds, and their median moves by a third.

- *Paint*: from the start of loading (a new tab of a browser that was there before) to the heading with the first
  three things beside it; of the empty app, to its heading, which is all that it has. The sidebar does not count, nor
  does what the page before left behind.
- *Click*: from the click that leads to the page to the same. The page before has come to rest.
- *Whole*: from the start of loading until all of the page is there.
"""

import argparse
import os
import shutil
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, sync_playwright

from benchmarks.browsing.places import EMPTY, PLACES, Place
from benchmarks.browsing.sample_data import make_sample
from benchmarks.browsing.servers import EMPTY_APP, serve
from benchmarks.tables.measured import note
from crewgen_core.settings import ROOT

MOST_PAINT, MOST_CLICK = 1.5, 2.0
"""What the median ratios to the empty app are held to."""

MEASURES = ("paint", "click", "whole")

WATCH = """
const things = ["stElementContainer", "stExpander", "stPopover", "stTabs"]
  .map(it => `[data-testid=stMain] [data-testid=${it}]:not([data-stale=true], [data-stale=true] *)`).join();
window.watchFor = (heading, parts) => new Promise(done => {
  const times = {};
  const look = () => {
    if (!times.paint) {
      const shown = [...document.querySelectorAll("h1, h2")].some(it => it.textContent.includes(heading)
        && !it.closest("[data-stale=true]"));
      if (!shown || document.querySelectorAll(things).length <= parts) return;
      times.paint = performance.now();
    }
    if (document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]")) {
      times.whole = performance.now(); watcher.disconnect(); done(times);
    }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, {subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ["data-stale", "data-test-script-state"]});
  look();
});
"""
"""It looks on at each change of the page, so it asks for nothing that would make the browser lay out the page."""

REST = """
quiet => new Promise(done => {
  let timer = setTimeout(finish, quiet);
  const watcher = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(finish, quiet); });
  watcher.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  function finish() { watcher.disconnect(); done(); }
})
"""

RESTS_MS = 500
"""A person clicks on a page that is there: what the page before still draws is no part of a click's time."""

CLICK = """
async ([link, heading, parts]) => {
  const before = document.querySelector("h1, h2")?.textContent ?? "";
  const target = link.startsWith(".") ? document.querySelector(link)
    : [...document.querySelectorAll("[data-testid=stSidebarNavLink]")].find(it => new URL(it.href).pathname === link);
  const start = performance.now();
  target.click();
  if (!heading) await new Promise(done => {
    const watcher = new MutationObserver(() => {
      const now = document.querySelector("h1, h2")?.textContent ?? "";
      if (now && now !== before) { watcher.disconnect(); done(); }
    });
    watcher.observe(document, {subtree: true, childList: true, characterData: true});
  });
  const seen = await window.watchFor(heading, parts);
  return seen.paint - start;
}
"""

Times = dict[tuple[str, str], list[float]]
"""Milliseconds by place and measure."""


def main() -> int:
    """Print the table; return 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=300, help="after the first round, which does not count: then no more visits"
    )
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no chromium here, so no page was measured (apt-get install chromium).")
        return 0
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/crewgen.db"
        make_sample(url)
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY_APP, encoding="utf-8")
        environment = {"CREWGEN_DATABASE_URL": url, "CREWGEN_MODEL": "", "CREWGEN_WORKERS": "0"}
        with (
            serve(script) as empty,
            serve(ROOT / "streamlit_app.py", environment) as crewgen,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            contexts = [browser.new_context(viewport={"width": 1280, "height": 1000}) for _ in range(2)]
            times = measure(contexts[0], empty.address, contexts[1], crewgen.address, options.rounds, options.seconds)
            browser.close()
    return print_table(times)


def measure(
    theirs: BrowserContext, empty: str, ours: BrowserContext, crewgen: str, rounds: int, seconds: float
) -> Times:
    """Visit every page in every round, each with a visit of the empty app before it, as long as there is time."""
    times: Times = defaultdict(list)
    until = float("inf")
    for turn in range(rounds + 1):
        if turn == 1:
            until = time.monotonic() + seconds
        for place in PLACES:
            if turn and time.monotonic() > until:
                return times
            for context, address, at in ((theirs, empty, EMPTY), (ours, crewgen, place)):
                seen = visit(context, address, at)
                if turn:  # the first visit of each page imports what it needs
                    for what, took in seen.items():
                        times[at.name, what].append(took)
    return times


def visit(context: BrowserContext, address: str, place: Place) -> dict[str, float]:
    """Load a page in a new tab, then come to it by a click; return what each took, in milliseconds."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{address}/{place.path}", wait_until="commit")
    seen = page.evaluate("([heading, parts]) => window.watchFor(heading, parts)", [place.heading, place.parts])
    page.goto(f"{address}/{place.before}", wait_until="commit")
    page.evaluate("window.watchFor('', 0)")
    page.evaluate(REST, RESTS_MS)
    page.wait_for_selector(place.link if place.link.startswith(".") else "[data-testid=stSidebarNavLink]")
    clicked = page.evaluate(CLICK, [place.link, place.heading, place.parts])
    page.close()
    return {"paint": seen["paint"], "whole": seen["whole"], "click": clicked}


def print_table(times: Times) -> int:
    """Print medians and ratios; return 1 where a target is missed."""
    load, rounds = os.getloadavg()[0], max(len(times.get((place.name, "paint"), ())) for place in PLACES)
    if not rounds:
        print("The time was up before a page was measured.")
        return 1
    print(
        f"Medians of up to {rounds} rounds in milliseconds, with the ratio to the empty app; load {load:.1f} at the end"
    )
    print(f"{'page':<12}{'paint':>8}{'ratio':>7}{'click':>8}{'ratio':>7}{'whole':>8}{'ratio':>7}")
    usual = {what: statistics.median(times[EMPTY.name, what]) for what in MEASURES}
    missed = list[str]()
    for name in [place.name for place in PLACES]:
        if (name, "paint") not in times:
            print(f"{name:<12}  not measured: the time was up")
            continue
        line = f"{name:<12}"
        for what, most in (("paint", MOST_PAINT), ("click", MOST_CLICK), ("whole", None)):
            took = statistics.median(times[name, what])
            ratio = took / usual[what]
            line += f"{took:>8.0f}{ratio:>7.2f}"
            if most is not None:
                note(f"{name}: {what}, beside an empty app", ratio, "times", most)
                if ratio > most:
                    missed.append(f"{what} of {name}")
        print(line)
    print(f"{'empty app':<12}" + "".join(f"{usual[what]:>8.0f}{1:>7.2f}" for what in MEASURES))
    print(f"Targets: paint {MOST_PAINT}, click {MOST_CLICK}. Missed: {', '.join(missed) or 'none'}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
