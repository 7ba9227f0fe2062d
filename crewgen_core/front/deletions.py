"""The front door's part for deletions: everything that is deleted can be brought back for 30 days."""

from collections.abc import Callable

from crewgen_core.logs import get_log
from crewgen_core.models.deletion import Deletable, Deleted
from crewgen_core.storage import deletion, purge
from crewgen_core.storage.database import Database


class Deletions:
    """Everything that can be asked about deleting and bringing back.

    What is deleted is nowhere else: in no list, no search and no count, and asking for it raises NotFound. What it cost
    and that it was made stays counted.
    """

    def __init__(self, database: Callable[[], Database], own_database: Callable[[], Database]) -> None:
        """Take the database of who asks; ``own_database`` acts for crewgen itself."""
        self._database = database
        self._own_database = own_database
        self._log = get_log("deleting")

    def delete(self, thing: Deletable, key: int | str, with_crews: bool = False) -> Deleted:
        """Delete a thing by its number, a template by its key; with a crew go its runs and their outcomes.

        The crews that a job made stay, unless they are to go ``with_crews``. What was deleted more than 30 days ago
        goes for good by the way. Raises NotFound, NotAllowed, CannotDelete for a job or run that has not ended.
        """
        with self._database().begin() as connection:
            deleted = deletion.delete(connection, thing, str(key), with_crews)
        self._log.info("deleted", thing=thing, key=deleted.key)
        self.purge()
        return deleted

    def restore(self, thing: Deletable, key: int | str) -> Deleted:
        """Bring back a thing with what went with it; a template whose key is taken by now gets a new one.

        Raises NotFound for what was not deleted, is gone for good, or is somebody else's.
        """
        with self._database().begin() as connection:
            back = deletion.restore(connection, thing, str(key))
        self._log.info("brought back", thing=thing, key=back.key)
        return back

    def list(self) -> tuple[Deleted, ...]:
        """Return what who asks may bring back, the latest deletion first, at most 200."""
        with self._database().read() as connection:
            return deletion.list_deleted(connection)

    def purge(self) -> int:
        """Delete for good what was deleted more than 30 days ago, whoever did it; return how many things that were."""
        with self._own_database().begin() as connection:
            gone = purge.purge(connection)
        if gone:
            self._log.info("gone for good", things=gone)
        return gone
