"""Answers that are kept for a day, so that a request that comes twice is answered twice and done once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables import people_tables

_keys = people_tables.idempotency_keys

KEPT_FOR = timedelta(hours=24)

GIVEN_UP_AFTER = timedelta(minutes=10)
"""A first request that is open for longer belongs to a program that stopped: none takes that long."""


@dataclass(frozen=True)
class First:
    """The first request with a key."""

    fingerprint: str
    """Of everything that was asked for."""
    status: int | None
    """HTTP status of its answer; None while there is none yet."""
    headers: Mapping[str, str]
    body: str


def begin(connection: Connection, caller: str, key: str, fingerprint: str) -> First | None:
    """Note that a caller's request is being answered; where its key came before, return the first request instead."""
    now = tell_time()
    _forget_old(connection, now)
    try:
        with connection.begin_nested():
            values = {"caller": caller, "key": key, "fingerprint": fingerprint, "created_at": now}
            connection.execute(insert(_keys).values(**values))
    except IntegrityError:
        first = connection.execute(select(_keys).where(_keys.c.caller == caller, _keys.c.key == key)).one()
        return First(first.fingerprint, first.status, first.headers or {}, first.body or "")
    return None


def keep(connection: Connection, caller: str, key: str, status: int, headers: Mapping[str, str], body: str) -> None:
    """Keep the answer to the first request with a key."""
    values = {"status": status, "headers": dict(headers), "body": body}
    connection.execute(update(_keys).where(_keys.c.caller == caller, _keys.c.key == key).values(**values))


def drop(connection: Connection, caller: str, key: str) -> None:
    """Forget a key whose request came to nothing, so that it can be tried again."""
    connection.execute(delete(_keys).where(_keys.c.caller == caller, _keys.c.key == key))


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(_keys).where(_keys.c.created_at < now - KEPT_FOR))
    stopped = _keys.c.status.is_(None) & (_keys.c.created_at < now - GIVEN_UP_AFTER)
    connection.execute(delete(_keys).where(stopped))
