"""Says what went wrong with a database in plain English; the foreign error stays the cause."""

import sqlite3
from json import JSONDecodeError

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crewgen_core.errors import StorageFault

_SQLITE_FAULTS: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": (
        "is locked by another program",
        "Close the program that has it open (a database browser, a backup), then try again; nothing was changed.",
    ),
    "SQLITE_LOCKED": ("is locked by another program", "Wait a moment, then try again; nothing was changed."),
    "SQLITE_READONLY": (
        "cannot be written: it is read-only",
        "Make the file and its folder writable for the user that runs crewgen, or set CREWGEN_DATABASE_URL.",
    ),
    "SQLITE_FULL": ("cannot grow: the disk is full", "Make room on the disk, then try again; nothing was changed."),
    "SQLITE_NOTADB": (
        "is not a database file",
        "Set CREWGEN_DATABASE_URL to another file, or move this one away to start with an empty database.",
    ),
    "SQLITE_CORRUPT": (
        "is damaged",
        "Restore it from a backup, or move it away to start with an empty database.",
    ),
    "SQLITE_CANTOPEN": (
        "cannot be opened",
        "Check that its folder exists and is writable for the user that runs crewgen, or set CREWGEN_DATABASE_URL.",
    ),
    "SQLITE_IOERR": ("cannot be read or written: the disk reports a fault", "Check the disk, then try again."),
}
"""What the primary result codes of SQLite (sqlite.org/rescode.html) mean for a person, and what to do."""


def explain_fault(error: SQLAlchemyError | UnicodeEncodeError | JSONDecodeError, url: URL) -> StorageFault:
    """Return the fault that a person reads for a foreign error; the password of the address is never in it."""
    place = name_database(url)
    if isinstance(error, UnicodeEncodeError):
        return StorageFault(
            "The text contains half of a character, which no database can hold.",
            "Remove the damaged character from the text, then try again.",
        )
    if isinstance(error, JSONDecodeError):
        return StorageFault(
            f"{place} holds a document that cannot be read: it is no JSON.",
            "It was changed outside of crewgen: restore the database from a backup.",
        )
    if isinstance(error, PoolTimeout):
        return StorageFault(
            f"{place} is busy: all its connections are in use.", "Wait a moment, then try again.", passing=True
        )
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        for code, (what, hint) in _SQLITE_FAULTS.items():
            if getattr(cause, "sqlite_errorname", "").startswith(code):
                return StorageFault(f"{place} {what}.", hint, passing=True)
    elif isinstance(error, OperationalError | InterfaceError):
        return StorageFault(
            f"{place} cannot be reached.",
            "Check that its server runs and that user, password and name in CREWGEN_DATABASE_URL are right.",
            passing=True,
        )
    return StorageFault(f"{place} could not do what was asked: {_first_line(cause or error)}.")


def name_database(url: URL) -> str:
    """Return what a person calls the database: its file, or its name and server."""
    if url.get_backend_name() == "sqlite":
        return f"The database file {url.database}"
    return f"The database {url.database} on {url.host or 'this machine'}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
