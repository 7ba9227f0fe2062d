"""Pages of long lists: newest first, cut in the database."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])

MAX_ROWS = 1_000
"""Most rows of one page."""


def cut_page(query: Query, identifier: ColumnElement[int], limit: int, before: int | None) -> Query:
    """Return the query cut to one page: at most ``limit`` rows (1 to 1,000), older than the row ``before``."""
    if before is not None:
        query = query.where(identifier < before)
    return query.order_by(identifier.desc()).limit(min(max(limit, 1), MAX_ROWS))
