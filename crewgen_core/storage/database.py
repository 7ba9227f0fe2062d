"""The database: opened once, then asked for transactions."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from json import JSONDecodeError
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from crewgen_core.errors import NotAllowed, StorageFault
from crewgen_core.models.person import SYSTEM, Person, Role
from crewgen_core.storage.changes import Changes
from crewgen_core.storage.engine import BEGIN, READING, WRITING, make_engine, make_queue_engine
from crewgen_core.storage.faults import explain_fault, name_database
from crewgen_core.storage.migration import is_current, migrate

Transaction = Connection
"""What ``begin`` and ``read`` give: everything asked within it is of one state, and stored together or not at all."""

_PERSON = "crewgen_person"
"""Execution option of a connection: who asks."""

PATIENCE_S = 30.0
"""How long a writer waits for another one before it gives up, in seconds."""


@dataclass(frozen=True)
class Database:
    """An open, up-to-date database; any number of threads may use it at once."""

    url: URL
    engine: Engine
    _turn: RLock = field(default_factory=RLock, compare=False, repr=False)
    """SQLite has one writer, and who finds it busy sleeps up to a tenth of a second; threads of one process take turns
    without sleeping."""
    _changes: Changes | None = field(default=None, compare=False, repr=False)
    """Of SQLite only."""
    person: Person = SYSTEM
    """Who asks: every function of this room shows and changes only what this person may see and change."""

    @classmethod
    def open(cls, url: str, patience_s: float = PATIENCE_S) -> "Database":
        """Make the folder and the file where they are missing, bring the tables up to date, and return the database.

        Raises StorageFault when that cannot be done.
        """
        address = read_address(url)
        _make_folder(address)
        try:
            engine = make_engine(address, patience_s)
            migrate(address, engine, patience_s)
        except SQLAlchemyError as error:
            raise explain_fault(error, address) from error
        except ModuleNotFoundError as error:
            raise StorageFault(
                f"The driver for {address.get_backend_name()} is not installed ({error.name}).",
                'PostgreSQL needs `pip install "psycopg[binary]"`; unset CREWGEN_DATABASE_URL to use SQLite.',
            ) from error
        return cls(address, engine, _changes=Changes(engine) if address.get_backend_name() == "sqlite" else None)

    def acting_for(self, person: Person) -> "Database":
        """Return the same database, asked by this person."""
        return replace(self, person=person)

    @property
    def is_file(self) -> bool:
        """Whether it is a file on this machine (SQLite), whose readers wait for nobody, and not a server."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def begin(self) -> Generator[Connection, None, None]:
        """Give a transaction that may write: all of it is stored when the block ends, nothing when it raises.

        Raises NotAllowed for a person who may only look, StorageFault where the database fails.
        """
        if not self.person.role.covers(Role.EDITOR):
            raise NotAllowed(f"{self.person.name} may look at what is here, not make or change anything.")
        turn = self._turn if self.is_file else nullcontext()
        with turn, self._transaction(WRITING) as connection:
            yield connection

    @contextmanager
    def read(self) -> Generator[Connection, None, None]:
        """Give a transaction that reads one consistent state and waits for no writer. Raises StorageFault."""
        with self._transaction(READING) as connection:
            yield connection

    def is_up_to_date(self) -> bool:
        """Tell whether the tables are this program's: a newer one may have been here since. Raises StorageFault."""
        with self.read() as connection:
            return is_current(connection)

    def open_queue_engine(self) -> Engine:
        """Return an engine for the queue of jobs, whose tables are in this database too."""
        return make_queue_engine(self.url)

    def count_changes(self) -> int | None:
        """Return a number that is another one once any connection stored anything; None where nothing tells."""
        return self._changes.count() if self._changes else None

    def close(self) -> None:
        """Close the connections that are not in use."""
        if self._changes:
            self._changes.close()
        self.engine.dispose()

    @contextmanager
    def _transaction(self, begin: str) -> Generator[Connection, None, None]:
        try:
            with (
                self.engine.connect().execution_options(**self._choose_options(begin)) as connection,
                connection.begin(),
            ):
                yield connection
        except (SQLAlchemyError, UnicodeEncodeError, JSONDecodeError) as error:
            raise explain_fault(error, self.url) from error

    def _choose_options(self, begin: str) -> dict[str, Any]:
        """Return how a transaction begins; on a server, one that reads would else see what others store meanwhile."""
        options: dict[str, Any] = {BEGIN: begin, _PERSON: self.person}
        if begin == READING and not self.is_file:
            options["isolation_level"] = "REPEATABLE READ"
        return options


def person_of(connection: Connection) -> Person:
    """Return who asks within a transaction; crewgen itself where nobody was named."""
    return connection.get_execution_options().get(_PERSON, SYSTEM)


def is_there(url: str) -> bool:
    """Tell whether there may be a database to read: a file of SQLite has to exist, a server is asked only on opening.

    Raises StorageFault for an address that is none.
    """
    address = read_address(url)
    if address.get_backend_name() != "sqlite":
        return True
    return bool(address.database) and Path(address.database or "").is_file()


def find_file(url: str) -> Path | None:
    """Return the file of a database of SQLite, None for one on a server. Raises StorageFault for no address."""
    address = read_address(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def read_address(url: str) -> URL:
    """Return the address of a database. Raises StorageFault for one that is none."""
    try:
        address = make_url(url)
        address.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StorageFault(
            "The address of the database cannot be read.",
            'Set CREWGEN_DATABASE_URL to something like "sqlite:////folder/crewgen.db" or "postgresql://host/name".',
        ) from error
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise StorageFault(
            "The address of the database names no file.",
            'Set CREWGEN_DATABASE_URL to something like "sqlite:////folder/crewgen.db".',
        )
    return address


def _make_folder(address: URL) -> None:
    if address.get_backend_name() != "sqlite" or address.database is None or address.database.startswith("file:"):
        return
    try:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFault(
            f"{name_database(address)} cannot be made: {error.strerror or error}.",
            "Make its folder writable for the user that runs crewgen, or set CREWGEN_DATABASE_URL.",
        ) from error
