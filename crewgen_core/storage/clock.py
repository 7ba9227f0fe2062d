"""What time it is: by this machine, and by the database, whose clock all programs share: those of machines differ."""

import time
from datetime import UTC, datetime

from sqlalchemy import Connection, text


def tell_time() -> datetime:
    """Return the present moment in UTC, by this machine."""
    return datetime.now(UTC)


def tell_ms(connection: Connection) -> int:
    """Return milliseconds since 1970, by the clock of the database."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT extract(epoch FROM clock_timestamp()) * 1000")) or 0)
    return int(time.time() * 1000)
