"""The front door's part for backups: the whole database saved to a file, and brought back."""

from collections.abc import Callable
from pathlib import Path

from crewgen_core.errors import CannotRestore, NotAllowed, StorageFault
from crewgen_core.execution.processes import is_dead, name_host
from crewgen_core.jobs.takeover import is_running
from crewgen_core.logs import get_log
from crewgen_core.models.backup import Backup, Restored
from crewgen_core.models.person import Person, Role
from crewgen_core.numbers import format_count
from crewgen_core.settings import Settings
from crewgen_core.storage import backup, runs, workers
from crewgen_core.storage.backup_rules import CLOSE_IT
from crewgen_core.storage.database import Database


class Backups:
    """Everything that can be asked about backups."""

    def __init__(self, settings: Settings, person: Person, find_database: Callable[[], Database | None]) -> None:
        """``find_database`` returns None as long as there is no database; a backup makes none."""
        self._settings = settings
        self._person = person
        self._find_database = find_database
        self._log = get_log("backups")

    def make(self, out: str = "") -> Backup:
        """Save the database while it is in use.

        ``out`` is a file that is not there yet, or a folder; empty is the folder that the program runs in. The file
        holds no keys of providers, and of tokens only their hashes. Raises NotAllowed, CannotBackUp,
        StorageFault.
        """
        self._require_admin()
        made = backup.back_up(self._settings.database_url, out)
        self._log.info("database saved", path=str(made.path), bytes=made.bytes)
        return made

    def restore(self, source: Path, force: bool = False) -> Restored:
        """Bring a backup back; what was there before is kept in a file beside.

        Refused while anybody works with the database, unless with ``force``. Raises NotAllowed,
        CannotRestore, StorageFault.
        """
        self._require_admin()
        if not force and (busy := self._find_busy()):
            raise CannotRestore(f"The database is in use by {busy}.", CLOSE_IT)
        restored = backup.restore(self._settings.database_url, source, force)
        self._log.info("database restored", path=str(source), revision=restored.revision, kept=str(restored.kept))
        return restored

    def _require_admin(self) -> None:
        if self._person.role is not Role.ADMIN:
            raise NotAllowed("Only administrators may save and restore the database: it holds what everybody made.")

    def _find_busy(self) -> str:
        """Return who works with the database, as far as it says so itself; whoever else has it open is found later."""
        try:
            database = self._find_database()
            if database is None:
                return ""
            with database.read() as connection:
                staff = workers.list_workers(connection).values()
                processes = runs.find_open_processes(connection)
            database.close()  # our own connections would be in the way
        except StorageFault:  # it is damaged, or of a newer version: reason enough to restore another one
            return ""
        alive = sum(1 for worker in staff if worker.host == name_host() and is_running(worker.process_id))
        running = [
            f"run {process.run_id}"
            for process in processes
            if process.process_id and not is_dead(process.run_id, process.host, process.process_id, silent=True)
        ]
        return " and ".join([*([format_count(alive, "worker")] if alive else []), *running])
