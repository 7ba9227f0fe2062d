"""Whose things are: who may see them and who may change them.

One rule for crews, jobs and templates. What has no owner was made without login and is everybody's; the owner's are the
owner's, and everybody's to look at and use once they are shared; administrators see and change everything.
"""

from sqlalchemy import ColumnElement, Connection, Table, false, or_, select, true

from crewgen_core.errors import NotAllowed, NotFound
from crewgen_core.models.person import Role
from crewgen_core.storage.database import person_of


def sees(connection: Connection, table: Table) -> ColumnElement[bool]:
    """Return the condition under which who asks may see a row of a table that has owners."""
    person = person_of(connection)
    if person.role is Role.ADMIN:
        return true()
    columns = table.c
    shared = columns.shared if "shared" in columns else false()
    return or_(columns.owner_id.is_(None), columns.owner_id == person.id, shared)


def check_change(connection: Connection, table: Table, row_id: int, what: str) -> None:
    """Refuse a change of a row by somebody who may not make it; ``what`` names it in the sentence ("crew 7").

    Raises NotAllowed; NotFound where who asks may not even see it, so that nobody learns what there is.
    """
    person = person_of(connection)
    if person.role is Role.ADMIN:
        return
    columns = table.c
    row = connection.execute(select(columns.owner_id).where(columns.id == row_id, sees(connection, table))).first()
    if row is None:
        raise NotFound(f"There is no {what}.")
    if row.owner_id is not None and row.owner_id != person.id:
        raise NotAllowed(
            f"{what[:1].upper()}{what[1:]} belongs to somebody else, who shared it to look at and to use.",
            "Make a copy of your own and change that, or ask its owner.",
        )


def owner(connection: Connection) -> int | None:
    """Return whose a new row is: of who asks."""
    return person_of(connection).id
