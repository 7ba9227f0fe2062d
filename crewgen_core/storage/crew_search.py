"""Finding crews by words, however many there are: an index of the three-letter pieces of their names and objectives.

SQLite keeps it as a full-text table, up to date by triggers on ``crews`` (a migration that rebuilds that table has to
make them again: call ``create_crew_search``). PostgreSQL has it where its extension pg_trgm may be used; elsewhere it
looks through all crews.
"""

from sqlalchemy import ColumnElement, Connection, Integer, Select, column, func, literal_column, select, table
from sqlalchemy.exc import DBAPIError

from crewgen_core.models.objective import clean_text
from crewgen_core.storage.ownership import Conditions, narrow, narrow_by_crew
from crewgen_core.storage.plurals import contains_any, with_plural
from crewgen_core.storage.tables import crew_tables

LEAST_CHARACTERS = 3
"""Characters from which a search looks through all crews."""

NEWEST_LOOKED_AT = 1_000
"""Crews that a shorter search looks through, the newest: an index has no pieces of one or two letters."""

INDEX = "crew_search"
"""Name of the table of SQLite; those that it makes for itself begin with it too."""

_crews = crew_tables.crews

_SQLITE = (
    "CREATE VIRTUAL TABLE crew_search "
    "USING fts5(name, objective, content='crews', content_rowid='id', tokenize='trigram')",
    "INSERT INTO crew_search (crew_search) VALUES ('rebuild')",
    "CREATE TRIGGER crew_search_added AFTER INSERT ON crews BEGIN "
    "INSERT INTO crew_search (rowid, name, objective) VALUES (new.id, new.name, new.objective); END",
    "CREATE TRIGGER crew_search_removed AFTER DELETE ON crews BEGIN "
    "INSERT INTO crew_search (crew_search, rowid, name, objective) "
    "VALUES ('delete', old.id, old.name, old.objective); END",
    "CREATE TRIGGER crew_search_renamed AFTER UPDATE OF name, objective ON crews BEGIN "
    "INSERT INTO crew_search (crew_search, rowid, name, objective) "
    "VALUES ('delete', old.id, old.name, old.objective); "
    "INSERT INTO crew_search (rowid, name, objective) VALUES (new.id, new.name, new.objective); END",
)

_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX crew_search_name ON crews USING gin (lower(name) gin_trgm_ops)",
    "CREATE INDEX crew_search_objective ON crews USING gin (lower(objective) gin_trgm_ops)",
)


def create_crew_search(connection: Connection) -> None:
    """Make the index for the crews that are there."""
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE:
            connection.exec_driver_sql(statement)
        return
    try:
        with connection.begin_nested():
            for statement in _POSTGRESQL:
                connection.exec_driver_sql(statement)
    except DBAPIError:  # the extension is not installed, or only an administrator may: searching is slower then
        return


def find_crews(connection: Connection, wanted: str, limit: int, before: int | None = None) -> Select[tuple[int]] | None:
    """Return a query of the crews whose name or objective contains the text, in capitals or not; None for no text.

    It gives at most ``limit`` ids of crews that who asks may see, the newest first, older than ``before``. Of less than
    three characters, only the newest 1,000 of them are looked through. "Bakery" finds bakeries too.
    """
    wanted = clean_text(wanted)
    if not wanted:
        return None
    if len(wanted) < LEAST_CHARACTERS or connection.dialect.name != "sqlite":
        identifier, condition = _crews.c.id, contains_any(wanted, _crews.c.name, _crews.c.objective)
        seen = narrow(connection, _crews)
        if len(wanted) < LEAST_CHARACTERS:
            condition = condition & (_crews.c.id >= _oldest_looked_at(seen))
    else:
        index = table(INDEX, column("rowid", Integer))
        phrases = (form.replace('"', '""') for form in with_plural(wanted))
        matched = " OR ".join(f'"{phrase}"' for phrase in phrases)
        identifier, condition = index.c.rowid, literal_column(INDEX).op("MATCH", is_comparison=True)(matched)
        seen = narrow_by_crew(connection, index.c.rowid)
    query = select(identifier).where(condition, *seen).order_by(identifier.desc()).limit(limit)
    return query if before is None else query.where(identifier < before)


def _oldest_looked_at(seen: Conditions) -> ColumnElement[int]:
    ids = select(_crews.c.id).where(*seen).order_by(_crews.c.id.desc()).limit(1).offset(NEWEST_LOOKED_AT - 1)
    return func.coalesce(ids.scalar_subquery(), 0)
