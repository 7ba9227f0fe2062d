"""The table in an uploaded file: its header, and its rows one by one."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.cells import shorten
from crewgen_core.imports.sheet.delimited import Record, check_delimiter, find_delimiter, read_records
from crewgen_core.imports.sheet.encoding import find_encoding
from crewgen_core.imports.sheet.mapping import name_columns, quote_names
from crewgen_core.imports.sheet.workbook import is_workbook, read_workbook
from crewgen_core.models.upload import BadRow

LARGEST_FILE = 50_000_000
"""Bytes of an uploaded file."""

MOST_ROWS = 200_000
"""Rows of an upload, the header not counted."""

MOST_COLUMNS = 200


@dataclass(frozen=True)
class Sheet:
    """A table whose header was read. It holds the file's bytes, not its rows."""

    name: str
    """The file's."""
    kind: Literal["csv", "xlsx"]
    columns: tuple[str, ...]
    """Names of the columns, each unique."""
    encoding: str
    """As people call it; empty for XLSX."""
    delimiter: str
    """What separates cells; empty for XLSX, and where each line is one cell."""
    tab: str
    """The sheet of the workbook; empty for CSV."""
    tabs: tuple[str, ...]
    """All sheets of the workbook."""
    notes: tuple[str, ...]
    """What was assumed, in plain sentences."""
    records: Callable[[], Iterator[Record]]
    """Begins to read from the header on."""

    def rows(self) -> Iterator[Record]:
        """Yield the rows below the header that are not blank, each with its number, as many cells as there are columns,
        or more where they are not empty.

        The number is the line in which it begins (CSV) or the row of the spreadsheet (XLSX). Raises UnreadableUpload
        after the 200,000th row, and in a cell that never ends.
        """
        width = len(self.columns)
        records = self.records()
        next(records, None)
        for count, record in enumerate(records, start=1):
            if count > MOST_ROWS:
                raise UnreadableUpload(
                    f"{self.name} has more than {MOST_ROWS:,} rows.",
                    "Split it into several files, each with the header.",
                )
            if not isinstance(record, BadRow):
                cells = record[1]
                if len(cells) < width:
                    cells.extend([""] * (width - len(cells)))
                while len(cells) > width and not cells[-1].strip():
                    cells.pop()
            yield record


def read_sheet(
    name: str, content: bytes, encoding: str | None = None, delimiter: str | None = None, tab: str | None = None
) -> Sheet:
    """Return the table in a CSV or XLSX file; what it is, its bytes say, not its name.

    ``encoding`` (one of ``encoding.ENCODINGS``, or Python's name for it) and ``delimiter`` overrule what is found out,
    ``tab`` names the sheet of a workbook. Raises UnreadableUpload when the file is empty, larger than 50 MB, no table,
    has more than 200 columns, or when what was chosen does not fit.
    """
    name = shorten(name) or "The file"
    if len(content) > LARGEST_FILE:
        raise UnreadableUpload(f"{name} is larger than {LARGEST_FILE // 1_000_000} MB.", "Split it into several files.")
    if not content.strip():
        raise UnreadableUpload(f"{name} is empty.")
    if is_workbook(content):
        return _read_workbook(name, content, tab)
    return _read_csv(name, content, encoding, delimiter)


def _read_csv(name: str, content: bytes, encoding: str | None, delimiter: str | None) -> Sheet:
    if encoding:  # a mark of UTF-8 is no letter, whatever the rest is read as
        content = content.removeprefix(codecs.BOM_UTF8)
    found = find_encoding(name, content, encoding)
    separator = check_delimiter(delimiter) if delimiter else find_delimiter(content, found.codec)

    def records() -> Iterator[Record]:
        return read_records(content, found.codec, separator)

    columns, notes = _read_header(name, records())
    if found.note:
        notes.insert(0, found.note)
    if not separator:
        notes.append("There is one column, so each line is one cell, with its commas.")
    return Sheet(name, "csv", columns, found.label, separator, "", (), tuple(notes), records)


def _read_workbook(name: str, content: bytes, tab: str | None) -> Sheet:
    book = read_workbook(name, content, tab, MOST_ROWS + 1)  # the header is one of them

    def records() -> Iterator[Record]:
        for record in read_records(book.table, "utf-8", ","):
            if not isinstance(record, BadRow):
                number, *cells = record[1]
                if any(map(str.strip, cells)):
                    yield int(number), cells

    columns, notes = _read_header(name, records())
    if len(book.tabs) > 1:
        notes.insert(0, f"Of {len(book.tabs)} sheets, {quote_names([book.tab])} is read.")
    return Sheet(name, "xlsx", columns, "", "", book.tab, book.tabs, tuple(notes), records)


def _read_header(name: str, records: Iterator[Record]) -> tuple[tuple[str, ...], list[str]]:
    """Return the names of the columns, without those at the end that have none, and what is to be told of them."""
    first = next(records, None)
    if first is None:
        raise UnreadableUpload(f"{name} has no rows.")
    if isinstance(first, BadRow):
        raise UnreadableUpload(f"The first row of {name} cannot be read. {first.reason}")
    cells = [cell.strip().lstrip("\ufeff") for cell in first[1]]
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise UnreadableUpload(
            f"{name} has {len(cells):,} columns, and {MOST_COLUMNS} is the most.", "Take out those that are not needed."
        )
    if not cells:
        raise UnreadableUpload(f"The first row of {name} has no names of columns.")
    columns = name_columns(cells)
    filled = [cell for cell in cells if cell]
    twice = len(set(filled)) < len(filled)
    return columns, ["Several columns have the same name; they are numbered."] if twice else []
