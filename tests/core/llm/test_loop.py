"""One event loop for all threads."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from crewgen_core.llm.loop import BackgroundLoop, _make_shared_loop, shared_loop


async def _which_thread() -> str:
    return threading.current_thread().name


def test_the_result_comes_back_to_the_caller(loop: BackgroundLoop):
    assert loop.run(_which_thread()) == "crewgen-loop"


def test_what_the_coroutine_raises_is_raised_for_the_caller(loop: BackgroundLoop):
    async def fail() -> None:
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        loop.run(fail())


def test_coroutines_of_ten_threads_are_under_way_at_the_same_time(loop: BackgroundLoop):
    all_here = asyncio.Barrier(10)

    async def meet() -> int:
        return await asyncio.wait_for(all_here.wait(), timeout=10)

    with ThreadPoolExecutor(10) as threads:
        places = list(threads.map(lambda _: loop.run(meet()), range(10)))
    assert sorted(places) == list(range(10))


def test_waiting_for_itself_is_refused(loop: BackgroundLoop):
    async def wait_for_itself() -> str:
        return loop.run(_which_thread())

    with pytest.raises(RuntimeError, match="its own loop"):
        loop.run(wait_for_itself())


def test_closing_cancels_what_still_runs_and_can_be_repeated():
    background = BackgroundLoop()
    begun, ended = threading.Event(), threading.Event()

    async def last() -> None:
        begun.set()
        try:
            await asyncio.sleep(3_600)
        finally:
            ended.set()

    def wait() -> None:
        with pytest.raises(BaseException):  # noqa: B017 cancelled in one of two words
            background.run(last())

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert begun.wait(10)
    background.close()
    background.close()
    waiting.join(10)
    assert ended.is_set()


def test_a_process_has_one_shared_loop():
    assert shared_loop() is shared_loop()


def test_threads_that_come_first_together_share_one_loop(monkeypatch: pytest.MonkeyPatch):
    everybody, made = threading.Barrier(8), list[BackgroundLoop]()

    class SlowLoop(BackgroundLoop):
        def __init__(self) -> None:
            time.sleep(0.05)
            super().__init__()
            made.append(self)

    def come(_: int) -> BackgroundLoop:
        everybody.wait()
        return shared_loop()

    monkeypatch.setattr("crewgen_core.llm.loop.BackgroundLoop", SlowLoop)
    _make_shared_loop.cache_clear()
    try:
        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(come, range(8)))) == len(made) == 1
    finally:
        _make_shared_loop.cache_clear()
