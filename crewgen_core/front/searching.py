"""The front door's part for finding things: by words over everything, and one's own favourites and latest."""

from collections.abc import Callable

from crewgen_core.errors import NotFound
from crewgen_core.models.found import Findable, Findings, Found
from crewgen_core.models.person import Person
from crewgen_core.storage import bookmarks, finding
from crewgen_core.storage.database import Database

MOST_OF_EACH = 50
"""Things of each kind that a search gives at most."""


class Searching:
    """Everything that can be asked about where things are."""

    def __init__(self, person: Person, database: Callable[[], Database], own_database: Callable[[], Database]) -> None:
        """Take who asks and their database; ``own_database`` acts for crewgen itself.

        Bookmarks are written by the latter, since people who only look have them, too.
        """
        self._subject = person.subject
        self._database = database
        self._own_database = own_database

    def search(self, words: str, limit: int = 5) -> Findings:
        """Return crews, jobs and templates with the text in their name or description, and runs of such crews.

        At most ``limit`` (1 to 50) of each kind, the newest first; capitals make no difference.
        """
        with self._database().read() as connection:
            return finding.search(connection, words, min(max(limit, 1), MOST_OF_EACH))

    def star(self, thing: Findable, key: int | str, starred: bool = True) -> None:
        """Make something a favourite of who asks, or no longer one. Raises NotFound for what they may not see."""
        name = self._check(thing, str(key))
        with self._own_database().begin() as connection:
            bookmarks.star(connection, self._subject, name, starred)

    def is_starred(self, thing: Findable, key: int | str) -> bool:
        """Tell whether something is a favourite of who asks."""
        with self._database().read() as connection:
            return (thing, str(key)) in bookmarks.list_starred(connection, self._subject)

    def note_opened(self, thing: Findable, key: int | str) -> None:
        """Note that who asks opened something just now. Raises NotFound for what they may not see."""
        name = self._check(thing, str(key))
        with self._own_database().begin() as connection:
            bookmarks.note_opened(connection, self._subject, name)

    def list_starred(self) -> tuple[Found, ...]:
        """Return the favourites of who asks, the one starred last first; what is gone is left out."""
        with self._database().read() as connection:
            return finding.describe(connection, bookmarks.list_starred(connection, self._subject))

    def list_opened(self, limit: int = 6) -> tuple[Found, ...]:
        """Return what who asks opened lately, the latest first; what is gone is left out."""
        with self._database().read() as connection:
            return finding.describe(connection, bookmarks.list_opened(connection, self._subject, limit))

    def _check(self, thing: Findable, key: str) -> tuple[Findable, str]:
        with self._database().read() as connection:
            if not finding.describe(connection, [(thing, key)]):
                raise NotFound(f"There is no {thing} {key[:20]}.")
        return thing, key
