"""What people starred and what they opened lately, each for themselves.

Every function works within a transaction of ``Database``; ``subject`` is whose bookmarks they are (``Person.subject``).
"""

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crewgen_core.models.found import Findable
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables import people_tables

_bookmarks = people_tables.bookmarks

MOST_OPENED = 50
"""Opened things that are kept for each person; those opened longest ago are forgotten first."""

MOST_STARRED = 200
"""Favourites that are listed."""

Name = tuple[Findable, str]
"""What a thing is, and its key."""


def star(connection: Connection, subject: str, name: Name, starred: bool) -> None:
    """Make something a favourite, or no longer one."""
    _put(connection, subject, name, {"starred_at": tell_time() if starred else None})
    if not starred:
        _forget_unused(connection, subject)


def note_opened(connection: Connection, subject: str, name: Name) -> None:
    """Note that somebody opened something just now."""
    _put(connection, subject, name, {"opened_at": tell_time()})
    oldest = (
        select(_bookmarks.c.opened_at)
        .where(_bookmarks.c.subject == subject, _bookmarks.c.opened_at.is_not(None))
        .order_by(_bookmarks.c.opened_at.desc())
        .offset(MOST_OPENED)
        .limit(1)
    )
    moment = connection.scalar(oldest)
    if moment is not None:
        old = (_bookmarks.c.subject == subject) & (_bookmarks.c.opened_at <= moment)
        connection.execute(update(_bookmarks).where(old).values(opened_at=None))
        _forget_unused(connection, subject)


def list_starred(connection: Connection, subject: str) -> list[Name]:
    """Return favourites, the one starred last first, at most 200."""
    return _list(connection, subject, _bookmarks.c.starred_at, MOST_STARRED)


def list_opened(connection: Connection, subject: str, limit: int) -> list[Name]:
    """Return what was opened, the latest first."""
    return _list(connection, subject, _bookmarks.c.opened_at, limit)


def _list(connection: Connection, subject: str, moment: ColumnElement[object], limit: int) -> list[Name]:
    rows = connection.execute(
        select(_bookmarks.c.thing, _bookmarks.c.thing_id)
        .where(_bookmarks.c.subject == subject, moment.is_not(None))
        .order_by(moment.desc())
        .limit(limit)
    )
    return [(row.thing, row.thing_id) for row in rows]


def _put(connection: Connection, subject: str, name: Name, values: dict[str, object]) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(_bookmarks).values(subject=subject, thing=name[0], thing_id=name[1], **values)
    connection.execute(row.on_conflict_do_update(index_elements=["subject", "thing", "thing_id"], set_=values))


def _forget_unused(connection: Connection, subject: str) -> None:
    unused = _bookmarks.c.starred_at.is_(None) & _bookmarks.c.opened_at.is_(None)
    connection.execute(delete(_bookmarks).where(_bookmarks.c.subject == subject, unused))
