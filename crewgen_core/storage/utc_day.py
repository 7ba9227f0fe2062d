"""The day of a moment, in UTC, worked out by the database."""

from typing import Any

from sqlalchemy import ColumnElement, Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class utc_day(FunctionElement[Any]):  # noqa: N801 written like SQL's own functions
    """``utc_day(column)``: a date."""

    type = Date()
    inherit_cache = True
    name = "utc_day"


@compiles(utc_day)
def _in_sqlite(element: utc_day, compiler: Any, **options: Any) -> str:  # noqa: ANN401  pyright: ignore[reportUnusedFunction]
    return f"date({compiler.process(element.clauses, **options)})"  # moments are kept in UTC


@compiles(utc_day, "postgresql")
def _in_postgresql(element: utc_day, compiler: Any, **options: Any) -> str:  # noqa: ANN401  pyright: ignore[reportUnusedFunction]
    return f"CAST(timezone('UTC', {compiler.process(element.clauses, **options)}) AS DATE)"


def day_of(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the day of a column of moments."""
    return utc_day(column)
