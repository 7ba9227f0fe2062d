"""The front door's part for the guided tour: who took it, so that it is not offered again and again."""

from collections.abc import Callable

from crewgen_core.models.person import Person
from crewgen_core.storage import tours
from crewgen_core.storage.database import Database


class Tour:
    """Everything that can be asked about the tour of the dashboard."""

    def __init__(
        self, person: Person, database: Callable[[], Database], find_database: Callable[[], Database | None]
    ) -> None:
        """``database`` is asked as crewgen itself: who only looks may have taken the tour too."""
        self._person = person
        self._database = database
        self._find_database = find_database

    def is_done(self) -> bool:
        """Tell whether who asks has taken the tour, or left it."""
        database = self._find_database()
        if database is None:
            return False
        with database.read() as connection:
            return tours.is_done(connection, self._person.subject)

    def finish(self) -> None:
        """Remember that who asks has taken the tour, or left it; once more changes nothing."""
        with self._database().begin() as connection:
            tours.finish(connection, self._person.subject)
