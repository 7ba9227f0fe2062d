"""People who have signed in, and the tokens by which their programs ask.

Within a transaction of ``Database``: ``begin()`` for what writes, else ``read()``.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, func, insert, select, update

from crewgen_core.errors import NotFound
from crewgen_core.models.person import LOCAL, Person, PersonRow, Role, Scope, TokenRow
from crewgen_core.storage.tables import people_tables

_people, _tokens = people_tables.people, people_tables.api_tokens

SEEN_EVERY = timedelta(minutes=10)
"""How exactly it is kept when a person was last here."""

USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a token was last used."""


def find_person(connection: Connection, subject: str) -> PersonRow | None:
    """Return who a provider knows by this subject, None where they were never here."""
    row = connection.execute(select(_people).where(_people.c.subject == subject)).first()
    return None if row is None else _read_person(row)


def get_person(connection: Connection, person_id: int) -> PersonRow:
    """Return a person. Raises NotFound."""
    row = connection.execute(select(_people).where(_people.c.id == person_id)).first()
    if row is None:
        raise NotFound(f"There is no person {person_id}.", "Look at the people under Settings.")
    return _read_person(row)


def find_maker(connection: Connection, person_id: int) -> Person:
    """Return a person as work that they began goes on for them, whatever role they have by now. Raises NotFound."""
    person = get_person(connection, person_id).person
    return person if person.role.covers(Role.EDITOR) else person.model_copy(update={"role": Role.EDITOR})


def add_person(connection: Connection, subject: str, email: str, name: str, role: Role) -> int:
    """Store who signs in for the first time and return their id."""
    values = {"subject": subject, "email": email, "name": name, "role": role.value}
    return connection.execute(insert(_people).values(**values).returning(_people.c.id)).scalar_one()


def update_person(connection: Connection, person_id: int, **values: object) -> None:
    """Store other values of a person."""
    connection.execute(update(_people).where(_people.c.id == person_id).values(**values))


def list_people(connection: Connection) -> tuple[PersonRow, ...]:
    """Return everybody who has signed in, by name."""
    rows = connection.execute(select(_people).order_by(func.lower(_people.c.name), _people.c.id)).all()
    return tuple(_read_person(row) for row in rows)


def count_admins(connection: Connection) -> int:
    """Return how many people may administrate."""
    admins = (_people.c.role == Role.ADMIN.value) & _people.c.is_active
    return connection.scalar(select(func.count()).select_from(_people).where(admins)) or 0


def add_token(
    connection: Connection,
    person_id: int | None,
    name: str,
    prefix: str,
    digest: str,
    scope: Scope,
    expires_at: datetime | None,
) -> TokenRow:
    """Store a new token by its digest and return its row."""
    values = {"name": name, "prefix": prefix, "digest": digest, "scope": scope, "expires_at": expires_at}
    token_id = connection.execute(
        insert(_tokens).values(person_id=person_id, **values).returning(_tokens.c.id)
    ).scalar_one()
    return get_token(connection, token_id)


def find_token(connection: Connection, digest: str) -> tuple[TokenRow, PersonRow | None] | None:
    """Return the token with this digest, whatever its state, and whose it is; None where there is none."""
    found = connection.execute(_token_rows().where(_tokens.c.digest == digest)).mappings().first()
    if found is None:
        return None
    token = _read_token(found)
    return token, None if token.person_id is None else get_person(connection, token.person_id)


def get_token(connection: Connection, token_id: int) -> TokenRow:
    """Return a token. Raises NotFound."""
    row = connection.execute(_token_rows().where(_tokens.c.id == token_id)).mappings().first()
    if row is None:
        raise NotFound(f"There is no token {token_id}.", "Look at the tokens under Settings.")
    return _read_token(row)


def list_tokens(connection: Connection, person_id: int | None, everybody: bool) -> tuple[TokenRow, ...]:
    """Return the tokens of a person, or of everybody, the newest first."""
    query = _token_rows().order_by(_tokens.c.id.desc())
    if not everybody:
        query = query.where(_tokens.c.person_id.is_not_distinct_from(person_id))
    return tuple(_read_token(row) for row in connection.execute(query).mappings())


def update_token(connection: Connection, token_id: int, **values: object) -> None:
    """Store other values of a token."""
    connection.execute(update(_tokens).where(_tokens.c.id == token_id).values(**values))


def _token_rows() -> Select[*tuple[Any, ...]]:
    columns = (column for column in _tokens.c if column is not _tokens.c.digest)
    return select(*columns, _people.c.name.label("person_name")).outerjoin(_people, _people.c.id == _tokens.c.person_id)


def _read_person(row: Row[*tuple[Any, ...]]) -> PersonRow:
    return PersonRow(
        person=Person(id=row.id, name=row.name, email=row.email, role=Role(row.role)),
        is_active=row.is_active,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


def _read_token(row: RowMapping) -> TokenRow:
    return TokenRow.model_validate({**row, "person_name": row["person_name"] or LOCAL.name})
