"""Brings a database up to date. Alembic takes a quarter of a second to import, so it is asked only when needed."""

import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import OperationalError

from crewgen_core.errors import StorageFault
from crewgen_core.storage.engine import BEGIN, WRITING, make_engine
from crewgen_core.storage.faults import name_database

MIGRATIONS = Path(__file__).with_name("migrations")

_LOCK = 0x63726577
"""Number of the PostgreSQL lock that migrating processes wait for ("crew" in ASCII)."""


def list_revisions() -> tuple[str, ...]:
    """Return the numbers of all migrations, oldest first: the beginnings of their file names."""
    return tuple(sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def migrate(url: URL, engine: Engine, patience_s: float) -> None:
    """Bring the database up to date; several processes may do so at once, and the first one does the work.

    Raises StorageFault when the database was made by a newer crewgen.
    """
    known = list_revisions()
    with engine.connect() as connection:
        present = _read_revision(connection)
    if present == known[-1]:
        return
    if present is not None and present not in known:
        raise StorageFault(
            f"{name_database(url)} was made by a newer version of crewgen.",
            "Start that version, or set CREWGEN_DATABASE_URL to another database.",
        )
    workshop = make_engine(url, patience_s, for_migration=True)
    if url.get_backend_name() == "sqlite":
        _enter_wal(workshop, patience_s)
    with workshop.connect().execution_options(**{BEGIN: WRITING}) as connection, connection.begin():
        if url.get_backend_name() == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _read_revision(connection) != known[-1]:  # another process may have been faster
            _upgrade(connection)


def is_current(connection: Connection) -> bool:
    """Tell whether the database has all migrations that this program knows, and no other."""
    return _read_revision(connection) == list_revisions()[-1]


def _read_revision(connection: Connection) -> str | None:
    """Return the revision of the database; None when it has no tables yet."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _enter_wal(engine: Engine, patience_s: float) -> None:
    """Switch the file to write-ahead logging, which it then keeps; SQLite does not wait for others here by itself."""
    give_up = time.monotonic() + patience_s
    while True:
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            return
        except OperationalError as error:
            if time.monotonic() > give_up or "locked" not in str(error.orig):
                raise
        time.sleep(0.02)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
