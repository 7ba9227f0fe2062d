"""Pages of long lists: newest first, cut in the database."""

from typing import Any

from sqlalchemy import ColumnElement, Select

MAX_ROWS = 1_000
"""Most rows of one page."""


def cut_page(query: Select[*tuple[Any, ...]], identifier: ColumnElement[int], limit: int, before: int | None) -> Any:
    """Return the query cut to one page: at most ``limit`` rows (1 to 1,000), older than the row ``before``."""
    if before is not None:
        query = query.where(identifier < before)
    return query.order_by(identifier.desc()).limit(min(max(limit, 1), MAX_ROWS))
