"""People with browsers: real WebSocket sessions that speak Streamlit's own messages, and think between two clicks.

``python -m benchmarks.loading.browsers ADDRESS SECONDS PEOPLE CREWS JOB``; prints a sample. What a browser does beside
(loading its scripts, drawing) is left out: it is the server that is measured.
"""

import asyncio
import random
import sys
from time import perf_counter
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.loading.sample import Sample

THINKS_S = (5.0, 15.0)
"""Seconds between a page that is there and the next click: time to read it."""

COME_WITHIN_S = 15.0
"""Seconds within which all of them have come."""

WAITS_S = 60.0
"""Seconds after which a person gives up, which counts as a fault."""

SEARCHES = ("market", "churn", "bike", "plan", "brief")


class Tab:
    """One tab of one person."""

    def __init__(self, connection: ClientConnection) -> None:
        """The tab is connected, and shows nothing yet."""
        self._connection = connection
        self._page = ""
        self._query = ""
        self._inputs: dict[str, str] = {}
        self._faults: list[str] = []

    async def visit(self, page: str, query: str = "") -> list[str]:
        """Open a page by its address, and return the faults that it shows; "" is Home."""
        self._page, self._query = page, query
        return await self._run({})

    async def search(self, words: str) -> list[str]:
        """Type into the search field of the page that is open, which the page shows anew for."""
        field = next((id for label, id in self._inputs.items() if "search" in label.lower()), None)
        return await self._run({field: words} if field else {})

    async def _run(self, typed: dict[str, str]) -> list[str]:
        message = BackMsg()
        state = message.rerun_script
        state.page_name, state.query_string = self._page, self._query
        state.context_info.timezone, state.context_info.locale = "UTC", "en-US"
        for id, words in typed.items():
            state.widget_states.widgets.add(id=id, string_value=words)
        self._faults, self._inputs = [], dict(self._inputs) if typed else {}
        await self._connection.send(message.SerializeToString())
        async with asyncio.timeout(WAITS_S):
            while not self._finishes(await self._connection.recv()):
                pass
        return self._faults

    def _finishes(self, content: bytes | str) -> bool:
        """Read a message of the server; True for the one that ends the run."""
        message = ForwardMsg()
        message.ParseFromString(content if isinstance(content, bytes) else content.encode())
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            match element.WhichOneof("type"):
                case "exception":
                    self._faults.append(f"exception {element.exception.type}")
                case "alert" if element.alert.format == element.alert.ERROR:
                    self._faults.append(f"error {element.alert.body[:60]}")
                case "text_input":
                    self._inputs[element.text_input.label] = element.text_input.id
                case _:
                    pass
        elif kind == "page_not_found":
            self._faults.append(f"no page {message.page_not_found.page_name}")
        if kind != "script_finished":
            return False
        return message.script_finished == ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY


async def live(person: int, address: str, until: float, crews: int, job_id: int, sample: Sample) -> None:
    """Be one person until a moment: come, look around, and go."""
    chance = random.Random(person)
    await asyncio.sleep(chance.uniform(0, COME_WITHIN_S))
    host = urlsplit(address).netloc
    try:
        async with connect(
            f"ws://{host}/_stcore/stream",
            origin=address,  # pyright: ignore[reportArgumentType] its own word for a text
            subprotocols=["streamlit"],  # pyright: ignore[reportArgumentType] likewise
            max_size=None,
            open_timeout=WAITS_S,
        ) as connection:
            tab = Tab(connection)
            while perf_counter() < until:
                kind, click = choose(tab, chance, crews, job_id)
                begun = perf_counter()
                for fault in await click:
                    sample.faults[f"{kind}: {fault}"] += 1
                sample.note(kind, perf_counter() - begun)
                await asyncio.sleep(chance.uniform(*THINKS_S))
    except (OSError, TimeoutError, ConnectionClosed) as fault:
        sample.faults[f"browser: {type(fault).__name__}"] += 1


def choose(tab: Tab, chance: random.Random, crews: int, job_id: int):  # noqa: ANN201 a click that is to be awaited
    """Return what a person does next, and how it is called."""
    which = chance.random()
    if which < 0.25:
        return "Home", tab.visit("")
    if which < 0.35:
        return "Home, searched", tab.search(chance.choice(SEARCHES))
    if which < 0.70:
        return "a crew", tab.visit("generate", f"crew={chance.randint(1, crews)}")
    if which < 0.85:
        return "a job", tab.visit("bulk", f"job={job_id}")
    if which < 0.95:
        return "Templates", tab.visit("templates")
    return "Analytics", tab.visit("analytics")


async def live_all(address: str, seconds: float, people: int, crews: int, job_id: int) -> Sample:
    """Be all of them at once."""
    sample, until = Sample(), perf_counter() + seconds
    await asyncio.gather(*(live(person, address, until, crews, job_id, sample) for person in range(people)))
    return sample


if __name__ == "__main__":
    address, seconds, people, crews, job_id = sys.argv[1:]
    asyncio.run(live_all(address, float(seconds), int(people), int(crews), int(job_id))).print()
