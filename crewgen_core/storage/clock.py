"""The clock of the database: the one that all programs share, since those of machines differ."""

import time

from sqlalchemy import Connection, text


def tell_ms(connection: Connection) -> int:
    """Return milliseconds since 1970."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT extract(epoch FROM clock_timestamp()) * 1000")) or 0)
    return int(time.time() * 1000)
