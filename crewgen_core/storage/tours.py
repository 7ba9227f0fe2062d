"""Who took the tour of the dashboard.

Both functions work within a transaction of ``Database``; ``subject`` is that of a person.
"""

from sqlalchemy import Connection, insert, select

from crewgen_core.storage.tables import people_tables

_tours = people_tables.tours


def is_done(connection: Connection, subject: str) -> bool:
    """Tell whether somebody has taken the tour, or left it."""
    return connection.scalar(select(_tours.c.subject).where(_tours.c.subject == subject)) is not None


def finish(connection: Connection, subject: str) -> None:
    """Note that somebody has."""
    if not is_done(connection, subject):
        connection.execute(insert(_tours).values(subject=subject))
