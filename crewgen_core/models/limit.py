"""Limits: what a person, a token or a provider may use within a span of time, and what of it is used."""

from pydantic import Field

from crewgen_core.models.value import Value


class RequestsLeft(Value):
    """What is left of the requests of whoever just made one."""

    limit: int = Field(ge=1)
    """Requests within a minute, of the person or of the token: whichever has less left."""
    left: int = Field(ge=0)
    wait_s: float = Field(ge=0)
    """Seconds until the oldest request of the last minute counts no more."""
