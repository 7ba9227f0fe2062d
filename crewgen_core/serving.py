"""Serving: how a server that holds crewgen ends, and what it does as long as it lives.

Told to end (SIGTERM), it takes no more connections, lets requests that are under way finish for a while, hands back
what its workers hold, notes what was not ready, and is gone with exit code 0. Runs of crews are processes of their own
and go on.
"""

import os
import signal
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from types import FrameType
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.llm.loop import wind_down
from crewgen_core.logs import get_log

if TYPE_CHECKING:
    import uvicorn

DESIGNS_END_WITHIN_S = 10.0
"""Seconds that crews have to be ready; then their requests fail, and who waits for them is told."""

ANSWERS_END_WITHIN_S = 15
"""Seconds that requests of browsers and programs have to be answered; then they are broken off."""

GONE_WITHIN_S = 40.0
"""Seconds after which the process ends whatever it is at: something computes that cannot be stopped."""

LOOKS_EVERY_S = 60.0
"""Seconds between two looks for requests that a killed program left open."""

_log = get_log("server")


@asynccontextmanager
async def serving(
    find_front_door: Callable[[], Crewgen], when_told_to_end: Callable[[], None]
) -> AsyncGenerator[Crewgen]:
    """Have jobs worked on within the block, and end all that is under way after it.

    ``when_told_to_end`` is called at once on SIGTERM, before the block ends.
    """
    if server := find_server():
        _end_well_when_told(server, when_told_to_end)
    crewgen = await anyio.to_thread.run_sync(find_front_door)
    await anyio.to_thread.run_sync(crewgen.bulk.open_workplace)
    async with anyio.create_task_group() as duties:
        duties.start_soon(_look_after, crewgen)
        try:
            yield crewgen
        finally:
            duties.cancel_scope.cancel()
    await anyio.to_thread.run_sync(crewgen.close)


async def _look_after(crewgen: Crewgen) -> None:
    while True:
        await anyio.sleep(LOOKS_EVERY_S)
        try:
            await anyio.to_thread.run_sync(crewgen.end_abandoned)
        except CrewgenError as fault:
            _log.warning("abandoned requests not looked for", reason=str(fault))


def find_server() -> "uvicorn.Server | None":
    """Return the uvicorn that runs this program in the main thread, before `serving`; None for any other server."""
    import uvicorn

    if threading.current_thread() is not threading.main_thread():
        return None
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return server if isinstance(server, uvicorn.Server) else None


def _end_well_when_told(server: "uvicorn.Server", tell: Callable[[], None]) -> None:
    """Bound the time that uvicorn takes to end on SIGTERM, and let it end as a program that did what it was told.

    By itself it waits for requests without end, and dies by the signal, before what is done at exit.
    """
    if server.config.timeout_graceful_shutdown is None:
        server.config.timeout_graceful_shutdown = ANSWERS_END_WITHIN_S

    def end(_: int, __: FrameType | None) -> None:
        if not server.should_exit:
            wind_down_soon()
            tell()
        server.should_exit = True

    signal.signal(signal.SIGTERM, end)


def wind_down_soon() -> None:
    """Give crews that are being designed some seconds to be ready, and the whole process a last moment to end by."""
    threading.Thread(target=wind_down, args=(DESIGNS_END_WITHIN_S,), name="crewgen-end", daemon=True).start()
    last = threading.Timer(GONE_WITHIN_S, _leave)
    last.daemon = True
    last.start()


def _leave() -> None:
    _log.error("ended by force", after_s=GONE_WITHIN_S)
    os._exit(1)
