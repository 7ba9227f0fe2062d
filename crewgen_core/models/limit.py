"""Limits: what a person, a token or a provider may use within a span of time, and what of it is used."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from crewgen_core.models.person import Person
from crewgen_core.models.value import Usd, Value

TOKEN, PROVIDER = "token:", "provider:"
"""How the names of tokens and providers begin, where use is counted."""


class RequestsLeft(Value):
    """What is left of the requests of whoever just made one."""

    limit: int = Field(ge=1)
    """Requests within a minute, of the person or of the token: whichever has less left."""
    left: int = Field(ge=0)
    wait_s: float = Field(ge=0)
    """Seconds until the oldest request of the last minute counts no more."""


class DayLimits(Value):
    """What may be used within a day (UTC); None is no limit."""

    generations: int | None = None
    """Crews that one person may have generated."""
    spend_usd: Usd | None = None
    """What model calls for one person may cost."""
    provider_usd: Usd | None = None
    """What calls of one provider's models may cost, of all people together."""
    token_share: float = Field(default=1.0, gt=0, le=1)
    """Part of each limit of a person that one of their tokens may use."""

    def of_token(self, limit: int) -> int:
        """Return how much of a person's limit one token may use."""
        return int(limit * Decimal(str(self.token_share)))

    @property
    def of_money(self) -> bool:
        """True where money is limited: then no call may begin whose price is not known."""
        return self.spend_usd is not None or self.provider_usd is not None


NO_LIMITS = DayLimits()


class Spender(Value):
    """For whom something is used: a person, or nobody who is known, and the token by which they asked."""

    person_id: int | None = None
    token_id: int | None = None

    @classmethod
    def of(cls, person: Person) -> "Spender":
        """Return the spender that a person is."""
        return cls(person_id=person.id, token_id=person.token_id)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names under which use is counted: the person's, and the token's where there is one."""
        person = "local" if self.person_id is None else f"person:{self.person_id}"
        return (person,) if self.token_id is None else (person, f"{TOKEN}{self.token_id}")


LimitKind = Literal["requests", "generations", "spend", "provider"]


class LimitStanding(Value):
    """How much is used of one limit."""

    kind: LimitKind
    whose: str
    """"person", "token", or LiteLLM's name of the provider."""
    used: Decimal = Field(ge=0)
    """Requests, crews, or US dollars; what calls that are still open may cost at most is counted."""
    limit: Decimal | None
    """None: no limit."""
    resets_at: datetime
    """When nothing is used of it again; of requests, when the oldest one counts no more."""

    @property
    def share(self) -> float:
        """How much of it is used, from 0 to 1; 0 without a limit."""
        if self.limit is None:
            return 0.0
        return 1.0 if self.limit <= 0 else min(1.0, float(self.used / self.limit))
