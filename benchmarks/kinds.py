"""Prints how long a click takes to a heading with three elements of one kind, beside an app with a bare heading.

Run from the project's folder: ``python -m benchmarks.kinds [--rounds 5]``. Nothing of crewgen is in either app: it is
what Streamlit's own client takes, which no page that begins with such elements can stay below. As in
``benchmarks.pages``, each click is the first one in its tab.
"""

import argparse
import shutil
import statistics
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from benchmarks.browsing import kinds_app
from benchmarks.browsing.places import EMPTY, Place
from benchmarks.browsing.servers import EMPTY_APP, serve
from benchmarks.pages import visit
from benchmarks.tables.measured import note


def main() -> None:
    """Print a row for each kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kinds", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no chromium here, so nothing was measured (apt-get install chromium).")
        return
    places = [Place(kind, kind, kind.capitalize(), before="", link=f"/{kind}") for kind in kinds_app.KINDS]
    took: dict[str, list[float]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY_APP, encoding="utf-8")
        with serve(script) as empty, serve(Path(kinds_app.__file__)) as kinds, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            theirs, ours = (browser.new_context(viewport={"width": 1280, "height": 1000}) for _ in range(2))
            for turn in range(rounds + 1):
                for place in places:
                    seen = visit(theirs, empty.address, EMPTY), visit(ours, kinds.address, place)
                    if turn:  # the first visit of each page imports what it needs
                        took[EMPTY.name].append(seen[0]["click"])
                        took[place.name].append(seen[1]["click"])
            browser.close()
    usual = statistics.median(took.pop(EMPTY.name))
    print(f"{'three of a kind':<16}{'click':>8}{'ratio':>7}   medians of {rounds} rounds in milliseconds")
    print(f"{'a bare heading':<16}{usual:>8.0f}{1:>7.2f}")
    for kind, times in took.items():
        print(f"{kind:<16}{statistics.median(times):>8.0f}{statistics.median(times) / usual:>7.2f}")
        note(f"Streamlit alone, three {kind}: click", statistics.median(times) / usual, "times")


if __name__ == "__main__":
    main()
