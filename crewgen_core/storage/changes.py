"""Whether anything was stored, by whichever process, without a look at what."""

import sqlite3
from threading import Lock
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection


class Changes:
    """Watches a database of SQLite over a connection of its own, which never writes."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` is asked for the connection when it is first needed."""
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None
        self._lock = Lock()

    def count(self) -> int | None:
        """Return a number that is another one after any other connection stored anything; None where that fails.

        Source: sqlite.org/pragma.html#pragma_data_version.
        """
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._engine.raw_connection()
                cursor: Any = self._connection.cursor()
                return int(cursor.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error:
                return None

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
