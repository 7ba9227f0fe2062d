"""The front door's part for the audit: who made and changed what."""

from collections.abc import Callable

from crewgen_core.errors import NotAllowed
from crewgen_core.models.person import AuditEvent, Person, Role
from crewgen_core.storage import audit, crews
from crewgen_core.storage.database import Database


class Audit:
    """Everything that can be asked about what people did."""

    def __init__(self, person: Person, database: Callable[[], Database]) -> None:
        """``person`` asks, and ``database`` acts for them."""
        self._person = person
        self._database = database

    def list_events(
        self, thing: str = "", thing_id: str = "", search: str = "", limit: int = 50, before: int | None = None
    ) -> tuple[AuditEvent, ...]:
        """Return events, the newest first, from the id ``before`` on. Raises NotAllowed but for administrators."""
        if self._person.role is not Role.ADMIN:
            raise NotAllowed("Only administrators may see what everybody did.")
        with self._database().read() as connection:
            return audit.list_events(connection, thing, thing_id, search, limit, before)

    def list_of_crew(self, crew_id: int, limit: int = 50, before: int | None = None) -> tuple[AuditEvent, ...]:
        """Return what people did with a crew, the newest first, for whoever sees it. Raises NotFound."""
        with self._database().read() as connection:
            crews.check_seen(connection, crew_id)
            return audit.list_events(connection, "crew", str(crew_id), limit=limit, before=before)
