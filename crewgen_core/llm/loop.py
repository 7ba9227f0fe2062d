"""One event loop for all: threads hand it their coroutines and wait for the result.

LiteLLM keeps its connections by event loop. With a loop for each call (``asyncio.run``) every call would open new ones
and leave them behind; on one loop they are kept alive, and calls from many threads overlap.
"""

import asyncio
import atexit
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

from crewgen_core.llm.door import close_clients

Result = TypeVar("Result")

LAST_WORDS_S = 5.0
"""Seconds that something cancelled may take to note that it was."""


class BackgroundLoop:
    """An event loop in a daemon thread of its own."""

    def __init__(self) -> None:
        """Start the thread."""
        self._loop = asyncio.new_event_loop()
        self._begun = set[asyncio.Task[Any]]()
        """What was handed in and has not ended; LiteLLM has tasks of its own here, which never end."""
        self._thread = threading.Thread(target=self._loop.run_forever, name="crewgen-loop", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run the coroutine on the loop and wait for its result; call it from any thread but the loop's own.

        What the coroutine raises is raised here. When the waiting is interrupted (Ctrl-C) the coroutine is cancelled.
        """
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("BackgroundLoop.run was called on its own loop, where it would wait for itself.")
        ended = threading.Event()
        future = asyncio.run_coroutine_threadsafe(self._note(coroutine, ended), self._loop)
        try:
            return future.result()
        except BaseException:
            if future.cancel():
                ended.wait(LAST_WORDS_S)  # a call that was begun is noted as ended, before the program ends
            raise

    def begin(self, coroutine: Coroutine[Any, Any, Result]) -> "Future[Result]":
        """Run the coroutine on the loop and return at once, from any thread."""
        return asyncio.run_coroutine_threadsafe(self._note(coroutine, threading.Event()), self._loop)

    def wind_down(self, patience_s: float) -> int:
        """Let what was begun end within so many seconds, then cancel it; return how many were cancelled."""
        return asyncio.run_coroutine_threadsafe(self._end_begun(patience_s), self._loop).result()

    def close(self) -> None:
        """Cancel what still runs, close the connections, end the thread."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _note(self, coroutine: Coroutine[Any, Any, Result], ended: threading.Event) -> Result:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 told to the type checker: coroutines of a loop run in tasks
        self._begun.add(task)
        try:
            return await coroutine
        finally:
            self._begun.discard(task)
            ended.set()

    async def _end_begun(self, patience_s: float) -> int:
        if not self._begun:
            return 0
        _, late = await asyncio.wait(self._begun, timeout=patience_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=LAST_WORDS_S)
        return len(late)

    async def _wind_up(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await close_clients()
        await self._loop.shutdown_default_executor()


def wind_down(patience_s: float) -> int:
    """Do so with the loop that all threads share, if there is one."""
    return shared_loop().wind_down(patience_s) if _make_shared_loop.cache_info().currsize else 0


def shared_loop() -> BackgroundLoop:
    """Return the loop that all threads of this process share; it is closed when the process ends."""
    with _making:  # a cache alone makes one for each thread that comes while the first is being made
        return _make_shared_loop()


@cache
def _make_shared_loop() -> BackgroundLoop:
    loop = BackgroundLoop()
    atexit.register(loop.close)
    return loop


_making = threading.Lock()
