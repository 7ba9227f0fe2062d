"""How long a run takes: seconds of each task, and the order in which CrewAI starts and waits.

CrewAI 1.15 (``crew.py``) runs tasks in list order. An asynchronous task starts at once and is left running; a
synchronous one first waits for all that are still running. That is at least as long as the critical path.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.tokens import TokenUse

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float64]

Seconds = TypeVar("Seconds", float, "Vector")
"""Seconds of one run, or of many simulated runs at once."""


def seconds_of(use: TokenUse, profile: ModelProfile, tool_seconds: float) -> float:
    """Return the seconds of an agent on a task: wait for each answer, write it, and use a tool between two calls."""
    waiting = use.calls * profile.first_answer_s
    writing = use.visible_out / profile.tokens_per_s
    return use.runs * (waiting + writing + (use.calls - 1) * tool_seconds)


def replay(
    asynchronous: Sequence[bool], durations: Sequence[Seconds], latest: Callable[[Seconds, Seconds], Seconds]
) -> list[tuple[Seconds, Seconds]]:
    """Return start and end of each task as CrewAI runs them, from the durations in list order.

    ``latest`` gives the greater of two times: ``max``, or ``numpy.maximum`` for many runs at once.
    """
    spans: list[tuple[Seconds, Seconds]] = []
    running: list[Seconds] = []
    now: Seconds | None = None
    for is_asynchronous, duration in zip(asynchronous, durations, strict=True):
        start = duration * 0 if now is None else now
        if not is_asynchronous:
            for end in running:
                start = latest(start, end)
            running.clear()
        end = start + duration
        spans.append((start, end))
        if is_asynchronous:
            running.append(end)
        now = start if is_asynchronous else end
    return spans


def critical_path(sources: Sequence[Sequence[int]], durations: Sequence[float]) -> float:
    """Return the seconds of the longest chain of tasks that build on each other: no schedule is shorter.

    ``sources`` are positions of earlier tasks, so the graph has no cycle.
    """
    ends: list[float] = []
    for before, duration in zip(sources, durations, strict=True):
        ends.append(duration + max((ends[at] for at in before), default=0.0))
    return max(ends, default=0.0)
