"""Backups of a PostgreSQL database, by the programs that come with it (postgresql.org/docs/current/backup-dump.html).

``pg_dump`` sees one state of the database, whatever others write meanwhile. The password reaches the programs by their
environment, since everybody on the machine may read their arguments.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError

from crewgen_core.errors import CannotBackUp, CannotRestore, CrewgenError
from crewgen_core.models.backup import Backup, Restored
from crewgen_core.storage import requests
from crewgen_core.storage.backup_rules import CLOSE_IT, IN_USE, check_revision, make_beside, name_kept, put_in_place
from crewgen_core.storage.database import Database
from crewgen_core.storage.engine import make_engine
from crewgen_core.storage.faults import explain_fault
from crewgen_core.storage.migration import list_revisions

ENDING = ".dump"

_EMPTY = """
DROP SCHEMA IF EXISTS dbos CASCADE;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE public.%I CASCADE', name);
    END LOOP;
END $$;
"""
"""Takes away our tables and those of the queue, also such as the backup does not know."""


def back_up(address: URL, target: Path) -> Backup:
    """Save the database as it is at one moment into a new file, which is there only once it is whole.

    Raises CannotBackUp.
    """
    try:
        with make_beside(target) as copy:
            _dump(address, copy)
            revision = _examine(copy, f"The database {address.database}")
            size = copy.stat().st_size
            put_in_place(copy, target)
    except CannotRestore as fault:  # of the copy, so of what was copied
        raise CannotBackUp(str(fault)) from fault
    except OSError as error:
        raise CannotBackUp(
            f"{target} cannot be written: {error.strerror or error}.", "Choose another place."
        ) from error
    return Backup(path=target, bytes=size, revision=revision)


def restore(address: URL, source: Path, force: bool) -> Restored:
    """Put a backup where the database is, in one transaction, and bring it up to date.

    What was there before is kept as a backup beside ``source``. While others are connected it is refused, unless with
    ``force``. Raises CannotRestore, StorageFault.
    """
    if not source.is_file():
        raise CannotRestore(f"{source} cannot be read: there is no such file.", "Check its path.")
    revision = _examine(source, str(source))
    tables, others = _look_at(address)
    if tables and "generation_requests" not in tables:
        raise CannotRestore(
            f"The database {address.database} holds tables of another program, which would be lost.",
            "Set CREWGEN_DATABASE_URL to an empty database.",
        )
    if others and not force:
        raise CannotRestore(IN_USE, CLOSE_IT)
    kept = None
    if tables:
        kept = name_kept(source, ENDING)
        with make_beside(kept) as copy:
            _dump(address, copy)
            put_in_place(copy, kept)
    with make_beside(source) as script:
        _run("pg_restore", None, CannotRestore, "--no-owner", "--no-privileges", f"--file={script}", str(source))
        options = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run("psql", address, CannotRestore, *options, f"--command={_EMPTY}", f"--file={script}")
    database = Database.open(address.render_as_string(hide_password=False))
    try:
        with database.begin() as connection:
            interrupted = requests.mark_interrupted(connection, older_than_s=0)
    finally:
        database.close()
    return Restored(revision=revision, migrated=revision != list_revisions()[-1], interrupted=interrupted, kept=kept)


def _dump(address: URL, target: Path) -> None:
    _run("pg_dump", address, CannotBackUp, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _examine(file: Path, named: str) -> str:
    """Return the revision of a dump that is whole and ours. Raises CannotRestore."""
    try:
        listed = _run("pg_restore", None, CannotRestore, "--list", str(file))
        _run("pg_restore", None, CannotRestore, f"--file={os.devnull}", str(file))  # reads all of it
    except CannotRestore as fault:
        if "is not installed" in str(fault):
            raise
        raise CannotRestore(
            f"{named} is damaged, or no backup of a PostgreSQL database.", "Give a file that `backup` made."
        ) from fault
    if not re.search(r" TABLE public generation_requests ", listed):
        return check_revision(None, named)
    rows = _run("pg_restore", None, CannotRestore, "--data-only", "--table=alembic_version", "--file=-", str(file))
    found = re.search(r"^COPY public\.alembic_version .*\n(\S+)$", rows, re.MULTILINE)
    return check_revision(found[1] if found else None, named)


def _look_at(address: URL) -> tuple[set[str], int]:
    """Return the tables that the database has, and how many connections to it there are beside our own."""
    engine = make_engine(address, 0, for_migration=True)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        with engine.connect() as connection:
            tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            return set(tables), connection.scalar(text(f"{others} AND backend_type = 'client backend'")) or 0
    except SQLAlchemyError as error:
        raise explain_fault(error, address) from error


def _run(program: str, address: URL | None, fault: type[CrewgenError], *options: str) -> str:
    """Run a program of PostgreSQL, on the database where an address is given, and return what it prints."""
    path = shutil.which(program)
    if path is None:
        raise fault(
            f"The program {program} of PostgreSQL is not installed.",
            "Install the client of your server's version (`apt-get install postgresql-client`), or let the server's "
            "own backups do this.",
        )
    environment = dict(os.environ)
    if address is not None:
        plain = address.set(drivername="postgresql", password=None)
        options = (f"--dbname={plain.render_as_string(hide_password=False)}", *options)
        environment |= {"PGPASSWORD": address.password} if address.password else {}
    done = subprocess.run([path, *options], env=environment, capture_output=True, text=True, errors="replace")  # noqa: S603 PostgreSQL's own
    if done.returncode:
        words = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise fault(f"{program} could not do it: {words[0]}.")
    return done.stdout
