"""Tables as CSV that spreadsheets open without running anything: the one place that writes CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import safe_name
from crewgen_core.models.table import Cell, Table

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet would take for a formula (OWASP, CSV Injection), wide forms included."""


def export_table(table: Table) -> Exported:
    """Return the table as a CSV file, named after its title.

    UTF-8 with a byte order mark, without which Excel takes it for Windows-1252; lines end as RFC 4180 wants.
    """
    content = write_csv(table.columns, table.rows).encode("utf-8-sig")
    return Exported(f"{safe_name(table.title, 'table')}.csv", content, "text/csv")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return header and rows as CSV. What is not known is an empty cell; figures have at most six digits."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_harmless(name) for name in columns])
    writer.writerows([_write(cell) for cell in row] for row in rows)
    return text.getvalue()


def _write(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _harmless(cell)
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _harmless(text: str) -> str:
    """Put an apostrophe before what would be a formula; a number is no text and keeps its sign."""
    clean = text.replace("\0", "")
    return f"'{clean}" if clean.lstrip(" ").startswith(STARTS_A_FORMULA) else clean
