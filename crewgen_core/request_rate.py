"""How many requests people and tokens make within a minute: any minute, not those of the clock.

It is counted in the memory of the one process that answers the API (``api.apart``). A request that is refused is not
counted, so whoever goes on asking is not locked out by it.
"""

from collections.abc import Iterator
from functools import cached_property
from threading import Lock
from time import time
from typing import TYPE_CHECKING

from crewgen_core.errors import LimitReached
from crewgen_core.models.limit import TOKEN, RequestsLeft
from crewgen_core.models.person import Person
from crewgen_core.numbers import format_count, format_seconds

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

SHORTEST_WAIT_S = 0.1


class RequestRate:
    """The requests of everybody within the last minute."""

    def __init__(self, per_minute: int, of_token: int | None = None) -> None:
        """``per_minute`` is for each person, 0 is no limit; one token may use ``of_token`` of it, None: all."""
        self._per_minute = per_minute
        self._of_token = max(1, per_minute if of_token is None else of_token)
        self._lock = Lock()

    def count(self, person: Person) -> RequestsLeft | None:
        """Count a request and return what is left; None where there is no limit. Raises LimitReached."""
        if not self._per_minute:
            return None
        limits = tuple(self._list_limits(person))
        with self._lock:  # it counts for person and token, or for neither
            for subject, limit in limits:
                before = self._look(subject, limit)
                if not before.left:
                    raise _refuse(before, of_token=subject != person.subject)
            for subject, limit in limits:
                self._counter.hit(_per_minute(limit), subject)
            return min((self._look(*entry) for entry in limits), key=lambda left: left.left)

    def look(self, person: Person) -> RequestsLeft | None:
        """Return what is left without counting anything; None where there is no limit."""
        if not self._per_minute:
            return None
        with self._lock:
            return min((self._look(*entry) for entry in self._list_limits(person)), key=lambda left: left.left)

    def _list_limits(self, person: Person) -> Iterator[tuple[str, int]]:
        if person.token_id is not None:
            yield f"{TOKEN}{person.token_id}", self._of_token
        yield person.subject, self._per_minute

    def _look(self, subject: str, limit: int) -> RequestsLeft:
        reset_at, left = self._counter.get_window_stats(_per_minute(limit), subject)
        return RequestsLeft(limit=limit, left=max(0, left), wait_s=max(0.0, reset_at - time()))

    @cached_property
    def _counter(self) -> "MovingWindowRateLimiter":
        # late: a dashboard without a limit need not wait for it
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(MemoryStorage())


def _per_minute(limit: int) -> "RateLimitItem":
    from limits import RateLimitItemPerMinute

    return RateLimitItemPerMinute(limit)


def _refuse(left: RequestsLeft, of_token: bool) -> LimitReached:
    who = "This token has" if of_token else "You have"
    made, wait_s = format_count(left.limit, "request"), max(left.wait_s, SHORTEST_WAIT_S)
    wait = format_seconds(wait_s)
    return LimitReached(f"{who} made {made} within a minute, as many as are allowed. Try again in {wait}.", wait_s)
