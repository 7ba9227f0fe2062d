"""Who starts when, what each start waits for, and which tasks decide how long the run takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from crewgen_core.estimation.duration import replay

TOUCHING_S = 1e-9
"""Seconds by which a start may miss the end that it waits for and still follow it: sums of floats are not exact."""


@dataclass(frozen=True)
class Span:
    """One task in a typical run; times in seconds since the start of the run."""

    ready: float
    """When all results that it works from are there."""
    start: float
    end: float
    after: int | None
    """Position of the task whose end it starts at; None for what starts at once."""
    decides: bool
    """True when the run would be shorter if this task were: it is on the chain that leads to the end."""

    @property
    def waits(self) -> float:
        """Seconds between ready and start, which only CrewAI's order costs."""
        return self.start - self.ready


def schedule(
    asynchronous: Sequence[bool], sources: Sequence[Sequence[int]], durations: Sequence[float]
) -> tuple[Span, ...]:
    """Return the span of each task as CrewAI runs them, in list order. ``sources`` are positions of earlier tasks."""
    times = replay(asynchronous, durations, max)
    after = [_find_cause(times, at) for at in range(len(times))]
    deciding = _find_chain(times, after)
    return tuple(
        Span(
            ready=min(start, max((times[source][1] for source in sources[at]), default=0.0)),
            start=start,
            end=end,
            after=after[at],
            decides=at in deciding,
        )
        for at, (start, end) in enumerate(times)
    )


def longest_chain(sources: Sequence[Sequence[int]], durations: Sequence[float]) -> tuple[int, ...]:
    """Return the positions of the critical path: the longest chain of tasks that build on each other, in order."""
    ends: list[float] = []
    before: list[int | None] = []
    for at, duration in enumerate(durations):
        source = max(sources[at], key=lambda it: ends[it], default=None)
        before.append(source)
        ends.append(duration + (ends[source] if source is not None else 0.0))
    at = max(range(len(ends)), key=lambda it: ends[it], default=None)
    chain: list[int] = []
    while at is not None:
        chain.append(at)
        at = before[at]
    return tuple(reversed(chain))


def _find_cause(times: Sequence[tuple[float, float]], at: int) -> int | None:
    """Return the latest earlier task whose end is the start of this one."""
    start = times[at][0]
    if start <= 0:
        return None
    return next((other for other in reversed(range(at)) if abs(times[other][1] - start) <= TOUCHING_S), None)


def _find_chain(times: Sequence[tuple[float, float]], after: Sequence[int | None]) -> set[int]:
    """Go back from the task that ends last to the beginning of the run."""
    at = max(range(len(times)), key=lambda it: times[it][1], default=None)
    chain: set[int] = set()
    while at is not None:
        chain.add(at)
        at = after[at]
    return chain
