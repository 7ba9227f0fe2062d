"""Backups of SQLite, which copies one state of its file by itself (sqlite.org/backup.html), and of files made so."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from crewgen_core.errors import CannotBackUp, CannotRestore
from crewgen_core.models.backup import Backup, Restored
from crewgen_core.storage import requests
from crewgen_core.storage.backup_rules import CLOSE_IT, IN_USE, check_revision, make_beside, name_kept, put_in_place
from crewgen_core.storage.database import Database
from crewgen_core.storage.faults import name_database
from crewgen_core.storage.migration import list_revisions

WAITS_S = 5.0
"""How long another program that writes is waited for, in seconds."""

MARK_OF_A_SERVER = b"PGDMP"
"""How files of pg_dump begin."""


def back_up(address: URL, target: Path) -> Backup:
    """Save the database as it is at one moment into a new file, which is there only once it is whole.

    Raises CannotBackUp.
    """
    source = _find_file(address)
    if source is None or not source.is_file():
        raise CannotBackUp(
            f"{name_database(address)} is not there: there is nothing to save yet.", "Make a crew first."
        )
    try:
        with make_beside(target) as copy:
            _copy(source, copy)
            revision = _examine(copy, name_database(address))
            size = copy.stat().st_size
            put_in_place(copy, target)
    except sqlite3.Error as error:
        raise CannotBackUp(f"{name_database(address)} cannot be saved: {error}.") from error
    except CannotRestore as fault:  # of the copy, so of what was copied
        raise CannotBackUp(str(fault), fault.hint) from fault
    except OSError as error:
        raise CannotBackUp(
            f"{target} cannot be written: {error.strerror or error}.", "Choose another place."
        ) from error
    return Backup(path=target, bytes=size, revision=revision)


def restore(address: URL, source: Path, force: bool) -> Restored:
    """Put a backup where the database is, brought up to date; what was there before is kept beside it.

    While others have the database open it is refused, unless with ``force``: they then see the restored state with
    their next transaction. Either all of it is done or nothing. Raises CannotRestore, StorageFault.
    """
    place = _find_file(address)
    if place is None:
        raise CannotRestore("The address of the database names no file.", "Set CREWGEN_DATABASE_URL to one.")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with make_beside(place) as copy:
            _read(source, copy)
            revision = _examine(copy, str(source))
            interrupted = _bring_up_to_date(copy)
            kept = _replace(place, copy, force)
    except OSError as error:
        raise CannotRestore(
            f"{place} cannot be written: {error.strerror or error}.", "Mend that and try again."
        ) from error
    except sqlite3.Error as error:
        raise CannotRestore(f"{source} cannot be restored: {error}.") from error
    return Restored(revision=revision, migrated=revision != list_revisions()[-1], interrupted=interrupted, kept=kept)


def _find_file(address: URL) -> Path | None:
    return Path(address.database) if address.database and not address.database.startswith("file:") else None


def _connect(file: Path, mode: str = "rw") -> "closing[sqlite3.Connection]":
    address = f"file:{quote(str(file.absolute()))}?mode={mode}"
    return closing(sqlite3.connect(address, uri=True, timeout=WAITS_S, isolation_level=None))


def _copy(source: Path, target: Path) -> None:
    """Copy one state of a database, in one step: writers do not wait, and cannot make it begin again."""
    with _connect(source, "ro") as present, _connect(target) as copy:
        present.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, which can be read where nothing can be written


def _read(source: Path, copy: Path) -> None:
    """Copy a backup to where it can be worked on. Raises CannotRestore where it is none."""
    try:
        with source.open("rb") as file:
            begins = file.read(len(MARK_OF_A_SERVER))
    except OSError as error:
        raise CannotRestore(f"{source} cannot be read: {error.strerror or error}.", "Check its path.") from error
    if begins == MARK_OF_A_SERVER:
        raise CannotRestore(
            f"{source} is a backup of a PostgreSQL database.", "Set CREWGEN_DATABASE_URL to one to restore it there."
        )
    try:
        _copy(source, copy)
    except sqlite3.Error as error:
        raise _explain(error, str(source)) from error


def _examine(file: Path, named: str) -> str:
    """Return the revision of a database that is whole and ours. Raises CannotRestore."""
    try:
        with _connect(file, "ro") as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise CannotRestore(f"{named} is damaged: {verdict.splitlines()[-1]}.", "Restore an older backup.")
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            ours = {"alembic_version", "generation_requests"} <= tables
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if ours else None
    except sqlite3.Error as error:
        raise _explain(error, named) from error
    return check_revision(row[0] if row else None, named)


def _explain(error: sqlite3.Error, named: str) -> CannotRestore:
    if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
        return CannotRestore(f"{named} is no backup of crewgen: it is no database.", "Give a file that `backup` made.")
    return CannotRestore(f"{named} is damaged: {error}.", "Restore an older backup.")


def _bring_up_to_date(file: Path) -> int:
    """Migrate it, and end what was open in it; return how many requests that were."""
    database = Database.open(f"sqlite:///{file}")
    try:
        with database.begin() as connection:
            return requests.mark_interrupted(connection, older_than_s=0)
    finally:
        database.close()


def _replace(place: Path, copy: Path, force: bool) -> Path | None:
    """Put the restored database in place, and return where the one before is now."""
    with _connect(copy) as restored:
        restored.execute("PRAGMA journal_mode = WAL")
    if not place.exists():
        put_in_place(copy, place)
        return None
    kept = name_kept(place, place.suffix)
    try:
        with _connect(place) as present:
            if not force:
                _take_alone(present)
            with _connect(kept, "rwc") as before:
                present.backup(before)
                before.execute("PRAGMA journal_mode = DELETE")
            with _connect(copy) as restored:
                restored.backup(present)  # one transaction, also for others that have the file open
    except sqlite3.Error as error:
        kept.unlink(missing_ok=True)
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise CannotRestore(IN_USE, CLOSE_IT) from error
        if not name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            raise
        for ending in ("", "-wal", "-shm"):  # what is there is no database any more: it is moved aside as it is
            with suppress(FileNotFoundError):
                Path(f"{place}{ending}").replace(f"{kept}{ending}")
        put_in_place(copy, place)
    kept.chmod(0o600)
    return kept


def _take_alone(connection: sqlite3.Connection) -> None:
    """Keep everybody else out until the connection is closed; fails where anybody is in, even one who only waits.

    Who has a file with write-ahead log open holds a shared lock on it, which an exclusive one does not stand beside.
    """
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")
