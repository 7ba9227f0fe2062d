"""The audit: who made and changed what, written in the transaction that does it."""

from sqlalchemy import Connection, insert, or_, select

from crewgen_core.logs import current_request
from crewgen_core.models.person import AuditEvent
from crewgen_core.storage.database import person_of
from crewgen_core.storage.paging import cut_page
from crewgen_core.storage.tables import people_tables

_events = people_tables.audit_events

LONGEST_SUMMARY = 1_000
"""Characters of a summary that are kept."""

LONGEST_ID = 100
"""Characters of what names a thing, likewise."""


def record(connection: Connection, action: str, thing: str, thing_id: int | str, summary: str) -> None:
    """Note what who asks does; ``action`` is in the past tense ("created"), ``thing`` a word of crewgen ("crew")."""
    person = person_of(connection)
    connection.execute(
        insert(_events).values(
            person_id=person.id,
            person_name=person.name,
            token_id=person.token_id,
            action=action,
            thing=thing,
            thing_id=str(thing_id)[:LONGEST_ID],
            summary=summary[:LONGEST_SUMMARY],
            request_id=current_request(),
        )
    )


def list_events(
    connection: Connection,
    thing: str = "",
    thing_id: str = "",
    search: str = "",
    limit: int = 50,
    before: int | None = None,
) -> tuple[AuditEvent, ...]:
    """Return events, the newest first: of one thing, or those whose person, action or summary holds the text."""
    query = select(_events)
    if thing:
        query = query.where(_events.c.thing == thing)
    if thing_id:
        query = query.where(_events.c.thing_id == thing_id)
    if search:
        fields = (_events.c.person_name, _events.c.action, _events.c.summary)
        query = query.where(or_(*(field.icontains(search, autoescape=True) for field in fields)))
    rows = connection.execute(cut_page(query, _events.c.id, limit, before)).mappings()
    return tuple(AuditEvent.model_validate(dict(row)) for row in rows)
