"""Prints how much CPU the server spends on one draw of each page with the demo loaded, beside an empty app.

Run from the project's folder: ``python -m benchmarks.draws [--draws 20]``. A session speaks Streamlit's own messages to
the real server and has each page drawn again and again; what browsers do is left out. CPU time is read from the system
(Linux), so a busy machine changes it less than time by the clock.
"""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from websockets.asyncio.client import connect

from benchmarks.browsing.places import EMPTY, PLACES, Place
from benchmarks.browsing.sample_data import make_sample
from benchmarks.browsing.servers import EMPTY_APP, Server, serve
from benchmarks.loading.browsers import Tab
from benchmarks.tables.measured import note
from crewgen_core.settings import ROOT

TO_WARM_UP = 3
MOST_CPU_MS = 100.0
"""What a draw of any page is held to: ten people who click every second on one processor."""


def main() -> None:
    """Print a row for each page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.draws", description=__doc__)
    parser.add_argument("--draws", type=int, default=20)
    draws = parser.parse_args().draws
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/crewgen.db"
        make_sample(url)
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY_APP, encoding="utf-8")
        print(f"{'page':<14}{'CPU ms a draw':>15}   mean of {draws} draws")
        with serve(script) as server:
            print(f"{'empty app':<14}{asyncio.run(draw(server, EMPTY, draws)):>15.1f}")
        environment = {"CREWGEN_DATABASE_URL": url, "CREWGEN_MODEL": "", "CREWGEN_WORKERS": "0"}
        with serve(ROOT / "streamlit_app.py", environment) as server:
            for place in PLACES:
                took = asyncio.run(draw(server, place, draws))
                print(f"{place.name:<14}{took:>15.1f}")
                note(f"{place.name}: CPU of a draw", took, "ms", MOST_CPU_MS)


async def draw(server: Server, place: Place, draws: int) -> float:
    """Have a page drawn so often, after a few draws to warm up; return the milliseconds of CPU for one."""
    async with connect(
        f"ws://{urlsplit(server.address).netloc}/_stcore/stream",
        origin=server.address,  # pyright: ignore[reportArgumentType] its own word for a text
        subprotocols=["streamlit"],  # pyright: ignore[reportArgumentType] likewise
        max_size=None,
    ) as connection:
        tab = Tab(connection)
        page, _, query = place.path.partition("?")
        for _ in range(TO_WARM_UP):
            if faults := await tab.visit(page, query):
                raise RuntimeError(f"{place.name} shows a fault: {faults[0]}")
        before = server.read_cpu_s()
        for _ in range(draws):
            await tab.visit(page, query)
        return (server.read_cpu_s() - before) / draws * 1_000


if __name__ == "__main__":
    main()
