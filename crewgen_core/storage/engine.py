"""Connects to the database: SQLite with the settings that many readers and writers at once need, or PostgreSQL."""

import json
import sqlite3
from typing import Any

from pydantic_core import PydanticSerializationError
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from crewgen_core.models.value import Value

BEGIN = "crewgen_begin"
"""Execution option of a connection: how SQLite begins its transactions; without it there are none (autocommit)."""
READING = "BEGIN"
WRITING = "BEGIN IMMEDIATE"
"""Takes the write lock at once: a reader that turns writer fails when another one wrote meanwhile, a writer waits."""

KEPT_OPEN, MOST_OPEN = 16, 100
"""Connections to SQLite that a process keeps, and has at most: one for each of the threads that answer programs (40)
and draw pages. Who found none would wait 30 s and fail; opening one costs as much as a question."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

_QUEUE_PATIENCE_S = 30.0
"""How long the queue waits for other writers, in seconds; DBOS tries again by itself after it."""


def make_engine(url: URL, patience_s: float, *, for_migration: bool = False) -> Engine:
    """Return an engine; it connects when first asked.

    ``patience_s`` is how long a writer waits for another one, in seconds. A migration rebuilds tables, and foreign
    keys that are on would then delete the rows of other tables, so it works with them off (sqlite.org/lang_altertable).
    """
    options: dict[str, Any] = {"json_serializer": _write_json}
    if for_migration:
        options["poolclass"] = NullPool
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, **options)
    if not for_migration:
        options |= {"pool_size": KEPT_OPEN, "max_overflow": MOST_OPEN - KEPT_OPEN}
    engine = create_engine(url, connect_args={"timeout": patience_s, "check_same_thread": False}, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # transactions begin where `begin` below says so, not where sqlite3 guesses
        connection.execute("PRAGMA synchronous = NORMAL")  # with WAL a power cut loses the last commits, never the file
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if for_migration else 'ON'}")
        connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows A to Z only

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        how = connection.get_execution_options().get(BEGIN)
        if how is not None:
            connection.exec_driver_sql(how)

    return engine


def _write_json(document: object) -> str:
    """Return what a JSON column keeps; a word writes itself, ten times as fast as by way of dictionaries."""
    if isinstance(document, Value):
        try:
            return document.model_dump_json()
        except PydanticSerializationError:  # half of a character: the database refuses it, and says so as of any text
            document = document.model_dump(mode="json")
    return _ENCODER.encode(document)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def make_queue_engine(url: URL) -> Engine:
    """Return an engine for the queue of jobs, which keeps its tables in the same database.

    It begins transactions itself; on SQLite they write from their first statement on, like ours (``WRITING``).
    """
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _QUEUE_PATIENCE_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    return engine
