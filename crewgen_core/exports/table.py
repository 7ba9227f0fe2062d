"""Tables as CSV that spreadsheets open without running anything: the one place that writes CSV."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO, TextIO

from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import safe_name
from crewgen_core.models.table import Cell, Table

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet would take for a formula (OWASP, CSV Injection), wide forms included."""


_STARTS_ONE_INSIDE = re.compile(
    r"""
    ([;\t\r\n][ "]*)                     # where a spreadsheet that takes these for the ends of cells begins another
    (?= [=@＝＠]
      | [+\-＋－] (?!\ )
      | [+\-＋－]\ [^;\t\r\n]* (?: \w\( | \| | !\S )  # but no plain "- item" of a list
    )""",
    re.VERBOSE,
)
"""A formula within a text: where the semicolon separates lists, Excel cuts a file with commas apart at semicolons, tabs
and ends of lines, whatever is quoted."""


def export_table(table: Table) -> Exported:
    """Return the table as a CSV file, named after its title.

    UTF-8 with a byte order mark, without which Excel takes it for Windows-1252; lines end as RFC 4180 wants.
    """
    content = write_csv(table.columns, table.rows).encode("utf-8-sig")
    return Exported(f"{safe_name(table.title, 'table')}.csv", content, "text/csv")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return header and rows as CSV. What is not known is an empty cell; figures have at most six digits."""
    text = io.StringIO()
    _write_rows(text, columns, rows)
    return text.getvalue()


def stream_csv(file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the same to a file as it comes, with the byte order mark; for tables that are long."""
    text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="")
    _write_rows(text, columns, rows)
    text.detach()


def _write_rows(text: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    writer = csv.writer(text)
    writer.writerow([_harmless(name) for name in columns])
    writer.writerows([_write(cell) for cell in row] for row in rows)


def _write(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _harmless(cell)
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _harmless(text: str) -> str:
    """Put an apostrophe before what would be a formula; a number is no text and keeps its sign."""
    clean = _STARTS_ONE_INSIDE.sub(r"\1'", text.replace("\0", ""))
    return f"'{clean}" if clean.lstrip(" ").startswith(STARTS_A_FORMULA) else clean
