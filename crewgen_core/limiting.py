"""The front door's part for limits: what people, tokens and providers may use, and what of it is used."""

from crewgen_core.models.limit import RequestsLeft
from crewgen_core.models.person import Person
from crewgen_core.request_rate import RequestRate
from crewgen_core.settings import Settings


class Limiting:
    """Everything that can be asked about limits."""

    def __init__(self, settings: Settings, person: Person, rate: RequestRate) -> None:
        """``person`` asks; ``rate`` counts the requests of everybody."""
        self._settings = settings
        self._person = person
        self._rate = rate

    def check_request(self) -> RequestsLeft | None:
        """Count a request of a program and return what is left of its minute; None where there is no limit.

        Raises LimitReached with the seconds to wait.
        """
        return self._rate.count(self._person)
