"""The front door's part for requests that come twice: a program that heard no answer may ask again without harm."""

from collections.abc import Callable, Mapping

from crewgen_core.errors import KeyReused, StillRunning
from crewgen_core.models.person import Person
from crewgen_core.storage import idempotency
from crewgen_core.storage.database import Database
from crewgen_core.storage.idempotency import First


class Repeats:
    """Everything that can be asked about requests that come twice; each person has keys of their own."""

    def __init__(self, person: Person, own_database: Callable[[], Database]) -> None:
        """``own_database`` acts for crewgen itself."""
        self._caller = person.subject
        self._own_database = own_database

    def begin(self, key: str, fingerprint: str) -> First | None:
        """Return the answer that a request with this key was given before; None where it is the first.

        ``fingerprint`` is that of everything that is asked for. Whoever begins has to ``keep`` or ``drop``.
        Raises KeyReused for a key of another request, StillRunning while the first is being answered.
        """
        with self._own_database().begin() as connection:
            first = idempotency.begin(connection, self._caller, key, fingerprint)
        if first is None:
            return None
        if first.fingerprint != fingerprint:
            raise KeyReused("This idempotency key came before with another request.")
        if first.status is None:
            raise StillRunning("The first request with this idempotency key is still being answered.")
        return first

    def keep(self, key: str, status: int, headers: Mapping[str, str], body: str) -> None:
        """Keep the answer to a request for a day."""
        with self._own_database().begin() as connection:
            idempotency.keep(connection, self._caller, key, status, headers, body)

    def drop(self, key: str) -> None:
        """Forget a request that came to nothing: it may be tried again with the same key."""
        with self._own_database().begin() as connection:
            idempotency.drop(connection, self._caller, key)
