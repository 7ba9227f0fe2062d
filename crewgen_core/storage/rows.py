"""Many rows stored at once: in one statement where ids are not wanted or the database tells them in order.

SQLite promises no order (sqlite.org/lang_returning), so SQLAlchemy asks it for one row at a time, on one prepared
statement.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table, insert


def add_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Store rows, which all name the same columns."""
    if rows:
        connection.execute(insert(table), rows)


def number_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> Sequence[int]:
    """Store rows, which all name the same columns, and return their ids in the same order."""
    if not rows:
        return ()
    return connection.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows).all()
