"""Puts the templates that come with crewgen into the database: once, and again where their text is newer.

A template that a person deleted does not come back, and one that a person edited stays as they left it.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, insert, select, text, update

from crewgen_core.models.template import Template
from crewgen_core.storage import templates
from crewgen_core.storage.tables import template_tables

_shipped = template_tables.shipped_templates

_LOCK = 0x74656D70
"""Number of the PostgreSQL lock that starting processes wait for ("temp" in ASCII)."""


def find_unknown(connection: Connection, fingerprints: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of shipped templates, given with their fingerprints, that are not in the database as they are."""
    rows = connection.execute(select(_shipped.c.key, _shipped.c.fingerprint)).all()
    known = {row.key: row.fingerprint for row in rows}
    return tuple(key for key, fingerprint in fingerprints.items() if known.get(key) != fingerprint)


def put_in(connection: Connection, fingerprints: Mapping[str, str], read: Callable[[str], Template]) -> None:
    """Store what is new among the shipped templates; ``read`` gives the template of a key."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    for key in find_unknown(connection, fingerprints):
        put = connection.execute(select(_shipped.c.number).where(_shipped.c.key == key)).first()
        if put is None:
            number = _add(connection, read(key))
            connection.execute(insert(_shipped).values(key=key, fingerprint=fingerprints[key], number=number))
            continue
        number = _renew(connection, read(key), put.number)
        connection.execute(
            update(_shipped).where(_shipped.c.key == key).values(fingerprint=fingerprints[key], number=number)
        )


def _add(connection: Connection, template: Template) -> int:
    """Store a template that is new; one of a person's with its key stays as it is."""
    if templates.is_there(connection, template.key):
        return 0
    return templates.create(connection, template, "Came with crewgen", shipped=True).number


def _renew(connection: Connection, template: Template, number: int) -> int:
    """Make the newer text the newest version, unless the template was deleted or edited; return its number."""
    if not templates.is_there(connection, template.key):
        return number
    present = templates.get(connection, template.key)
    if present.number != number or present.template == template:
        return number
    return templates.save_version(connection, template.key, template, "Came with a newer crewgen", number).number
