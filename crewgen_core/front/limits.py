"""The front door's part for limits: what people, tokens and providers may use, and what of it is used."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from crewgen_core.day_limits import read_day_limits
from crewgen_core.models.limit import LimitStanding, RequestsLeft, Spender
from crewgen_core.models.person import Person, Role
from crewgen_core.request_rate import RequestRate
from crewgen_core.settings import Settings
from crewgen_core.storage import usage
from crewgen_core.storage.database import Database

NEAR = 0.8
"""Share of a limit from which people are told that it is nearly used up."""


class Limiting:
    """Everything that can be asked about limits."""

    def __init__(self, settings: Settings, person: Person, rate: RequestRate, database: Callable[[], Database]) -> None:
        """``person`` asks; ``rate`` counts the requests of everybody; the database is opened when first needed."""
        self._person = person
        self._rate = rate
        self._database = database
        self._day = read_day_limits(settings)

    def check_request(self) -> RequestsLeft | None:
        """Count a request of a program and return what is left of its minute; None where there is no limit.

        Raises LimitReached with the seconds to wait.
        """
        return self._rate.count(self._person)

    def describe(self) -> tuple[LimitStanding, ...]:
        """Return how much of each limit whoever asks has used, set or not; for administrators, of each provider too."""
        with self._database().read() as connection:
            of_day = usage.read_standings(connection, Spender.of(self._person), self._day)
            of_all = usage.read_providers(connection, self._day) if self._person.role is Role.ADMIN else ()
        left = self._rate.look(self._person)
        return (*([] if left is None else [_stand(left)]), *of_day, *of_all)

    def list_near(self) -> tuple[LimitStanding, ...]:
        """Return the limits of a day of whoever asks that are nearly used up, or wholly."""
        if self._day.generations is None and self._day.spend_usd is None:
            return ()
        with self._database().read() as connection:
            standings = usage.read_standings(connection, Spender.of(self._person), self._day)
        return tuple(standing for standing in standings if standing.share >= NEAR)


def _stand(left: RequestsLeft) -> LimitStanding:
    return LimitStanding(
        kind="requests",
        whose="person",
        used=Decimal(left.limit - left.left),
        limit=Decimal(left.limit),
        resets_at=datetime.now(UTC) + timedelta(seconds=left.wait_s),
    )
