"""Whose things are: who may see them and who may change them; what is deleted is seen by nobody.

One rule for crews, jobs and templates. What has no owner was made without login and is everybody's; the owner's are the
owner's, and everybody's to look at and use once they are shared; administrators see and change everything. What belongs
to a crew (its runs, outcomes, optimizations) is seen by who sees the crew.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Table,
    and_,
    false,
    func,
    or_,
    select,
    true,
    union_all,
    update,
)

from crewgen_core.errors import NotAllowed, NotFound
from crewgen_core.models.person import Role
from crewgen_core.storage import audit
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.database import person_of
from crewgen_core.storage.tables import crew_tables, people_tables

Conditions = tuple[ColumnElement[bool], ...]
"""What a query is narrowed by: as little as there is to look at, so that it stays as quick as it was."""


def is_kept(table: FromClause) -> ColumnElement[bool]:
    """Return the condition under which a row is there: it is not deleted."""
    return table.c.deleted_at.is_(None) if "deleted_at" in table.c else true()


def sees(connection: Connection, table: FromClause) -> ColumnElement[bool]:
    """Return the condition under which who asks may see a row of a table that has owners."""
    person = person_of(connection)
    if person.role is Role.ADMIN:
        return is_kept(table)
    return and_(is_kept(table), or_(*_reasons(table.c, person.id)))


def narrow(connection: Connection, table: FromClause) -> Conditions:
    """Return the same for the ``where`` of a query."""
    if sees_everything(connection) and "deleted_at" not in table.c:
        return ()
    return (sees(connection, table),)


def count_rows(connection: Connection, table: Table) -> int:
    """Return how many rows of a table who asks may see; by an index where they see everything."""
    if sees_everything(connection):
        return count_kept(connection, table)
    return connection.scalar(select(func.count()).select_from(table).where(*narrow(connection, table))) or 0


def count_kept(connection: Connection, table: Table) -> int:
    """Return how many rows of a table are there, whosever they are; by an index."""
    rows = select(func.count()).select_from(table)
    deleted = connection.scalar(rows.where(table.c.deleted_at.is_not(None))) or 0
    return (connection.scalar(rows) or 0) - deleted


def narrow_page(
    connection: Connection, table: Table, limit: int, before: int | None, *only: ColumnElement[bool]
) -> Conditions:
    """Return the same for a page of at most ``limit`` rows, the newest first, older than ``before``.

    Each reason to see a row is looked up by an index, so that a page is as quick among a hundred thousand rows of
    others as among none. ``only`` are further conditions on the rows.
    """
    if sees_everything(connection):
        return narrow(connection, table)
    columns, older = table.c, (is_kept(table),) if before is None else (is_kept(table), table.c.id < before)
    pages = [
        select(columns.id).where(reason, *older, *only).order_by(columns.id.desc()).limit(limit).subquery()
        for reason in _reasons(columns, person_of(connection).id)
    ]
    return (columns.id.in_(union_all(*(select(page.c.id) for page in pages))),)


def _reasons(columns: Any, person_id: int | None) -> list[ColumnElement[bool]]:  # noqa: ANN401 the columns of any table
    """Return why somebody sees a row; ``IS`` true, since that is what the index of shared rows is made for."""
    reasons = [columns.owner_id.is_(None), columns.owner_id == person_id]
    return [*reasons, columns.shared.is_(True)] if "shared" in columns else reasons


def narrow_by_crew(connection: Connection, crew_id: ColumnElement[int]) -> Conditions:
    """Return the conditions under which who asks may see the crew that a row of another table names."""
    return (sees_crew(connection, crew_id),)


def sees_crew(connection: Connection, crew_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition under which who asks may see the crew that a row of another table names."""
    crews = crew_tables.crews.alias()
    return select(crews.c.id).where(crews.c.id == crew_id, sees(connection, crews)).exists()


def sees_everything(connection: Connection) -> bool:
    """Tell whether nothing is hidden from who asks."""
    return person_of(connection).role is Role.ADMIN


def may_change(connection: Connection, owner_id: int | None) -> bool:
    """Tell whether who asks may change what belongs to this person, or was made without login (None)."""
    person = person_of(connection)
    return person.role is Role.ADMIN or (person.role.covers(Role.EDITOR) and owner_id in (None, person.id))


def is_own(connection: Connection, owner_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the same as ``may_change`` as a condition on rows."""
    person = person_of(connection)
    if person.role is Role.ADMIN:
        return true()
    return or_(owner_id.is_(None), owner_id == person.id) if person.role.covers(Role.EDITOR) else false()


def check_change(connection: Connection, table: Table, row_id: int, what: str) -> None:
    """Refuse a change of a row by somebody who may not make it; ``what`` names it in the sentence ("crew 7").

    Raises NotAllowed; NotFound where who asks may not even see it, so that nobody learns what there is.
    """
    columns = table.c
    row = connection.execute(select(columns.owner_id).where(columns.id == row_id, sees(connection, table))).first()
    if row is None:
        raise NotFound(f"There is no {what}.")
    if not may_change(connection, row.owner_id):
        raise NotAllowed(
            f"{what[:1].upper()}{what[1:]} belongs to somebody else, who shared it to look at and to use.",
            "Make a copy of your own and change that, or ask its owner.",
        )


def check_admin(connection: Connection, what: str) -> None:
    """Refuse what only administrators may do; ``what`` says it ("correct what is known about models").

    Raises NotAllowed.
    """
    if not sees_everything(connection):
        raise NotAllowed(f"Only administrators may {what}.")


def owner(connection: Connection) -> int | None:
    """Return whose a new row is: of who asks."""
    return person_of(connection).id


def share(
    connection: Connection, table: Table, row_id: int, shared: bool, thing: str, name: str, key: str = ""
) -> None:
    """Share a crew, job or template with everybody, or with nobody any more.

    For the audit: what ``thing`` it is, its ``name``, and its ``key`` where it goes by that. The caller has checked
    that who asks may change it.
    """
    values: dict[str, Any] = {"shared": shared}
    if "updated_at" in table.c:
        values["updated_at"] = tell_time()
    changed = connection.execute(
        update(table).where(table.c.id == row_id, table.c.shared.is_not(shared)).values(values)
    )
    if changed.rowcount:
        action, whom = ("shared", "everybody") if shared else ("unshared", "its owner alone")
        audit.record(connection, action, thing, key or row_id, f'"{name}" is for {whom} to see.')


def name_people(connection: Connection, ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names of people by id, "" for None; asks nothing where there is nobody to name."""
    people, wanted = people_tables.people, {id for id in ids if id is not None}
    names: dict[int | None, str] = {None: ""}
    if wanted:
        rows = connection.execute(select(people.c.id, people.c.name).where(people.c.id.in_(wanted)))
        names |= {row.id: row.name for row in rows}
    return names


def tell_owners(connection: Connection, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return for each row with ``owner_id``, perhaps ``shared`` and ``demo``, what ``Owned`` says of it."""
    names = name_people(connection, (row.owner_id for row in rows))
    return [
        {
            "owner_id": row.owner_id,
            "owner_name": names.get(row.owner_id, ""),
            "shared": getattr(row, "shared", False),
            "may_change": may_change(connection, row.owner_id),
            "demo": getattr(row, "demo", False),
        }
        for row in rows
    ]
