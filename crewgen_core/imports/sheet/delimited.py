"""Records of a CSV text, one after the other, with the line that each begins in. Nothing but the bytes is held."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import TextIO

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.mapping import guess_mapping
from crewgen_core.models.upload import BadRow

DELIMITERS = (",", ";", "\t", "|")
"""What may separate cells without being chosen by a person."""

Record = tuple[int, list[str]] | BadRow
"""The row number with its cells, or why there are none."""

LONGEST_CELL = 1_000_000
"""Characters up to which a cell is read, to tell that it is too long; more is a quotation mark that is never closed."""

_NO_DELIMITER = "\x1f"
"""Stands for none: a control character that no text for people has."""

_SEP_LINE = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE | re.DOTALL)
"""What Excel reads, and some programs write, as first line."""

_SAMPLE_RECORDS = 50
_SAMPLE_CHARACTERS = 100_000


def read_records(content: bytes, codec: str, delimiter: str) -> Iterator[Record]:
    """Yield the records that are not blank; a record with misplaced quotation marks is bad, and the next line is tried.

    ``delimiter`` is one character, or empty where each line is one cell. Raises UnreadableUpload for a cell that
    never ends.
    """
    csv.field_size_limit(LONGEST_CELL)  # of the whole process; nothing else in it reads CSV
    lines = _open(content, codec)
    reader = csv.reader(lines, delimiter=delimiter or _NO_DELIMITER, strict=True, skipinitialspace=True)
    while True:
        begins = reader.line_num + 1
        try:
            for cells in reader:
                if any(map(str.strip, cells)) and not (begins == 1 and _is_sep_line(cells, delimiter)):
                    yield begins, cells
                begins = reader.line_num + 1
        except csv.Error as error:
            if "field larger" in str(error):
                raise _refuse_endless(begins) from error
            yield _tell_quotes(begins, reader.line_num)
        else:
            return


def find_delimiter(content: bytes, codec: str) -> str:
    """Return what separates the cells: what the first line says (``sep=;``), else what gives the best table.

    The best table has columns that are known, rows as long as the header, and many columns. Empty when nothing
    separates: then each line is one cell, and a comma in it is part of the text.
    """
    stream = _open(content, codec)
    text = stream.read(_SAMPLE_CHARACTERS)
    said = _SEP_LINE.match(text)
    if said and _can_separate(said[1]):
        return said[1]
    lines = io.StringIO(text, newline="").readlines()
    scores = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best][2] > 1 else ""


def check_delimiter(chosen: str) -> str:
    """Return what a person chose. Raises UnreadableUpload when it cannot separate cells."""
    if not _can_separate(chosen):
        raise UnreadableUpload(
            "What separates the cells must be one character, and no letter, digit, space or quotation mark.",
            "Choose comma, semicolon, tab or |.",
        )
    return chosen


def _can_separate(text: str) -> bool:
    return len(text) == 1 and text not in '" \r\n\0' and not text.isalnum()


def _open(content: bytes, codec: str) -> TextIO:
    return io.TextIOWrapper(io.BytesIO(content), encoding=codec, newline="")


def _is_sep_line(cells: list[str], delimiter: str) -> bool:
    said = _SEP_LINE.fullmatch((delimiter or _NO_DELIMITER).join(cells))
    return said is not None


def _refuse_endless(line: int) -> UnreadableUpload:
    return UnreadableUpload(
        f"A cell in the row that begins in line {line:,} is longer than {LONGEST_CELL:,} characters.",
        "Probably a quotation mark opens there and is never closed: close it, or take it out.",
    )


def _tell_quotes(first: int, last: int) -> BadRow:
    where = f"lines {first:,} to {last:,}" if last > first else f"line {first:,}"
    return BadRow(
        first,
        "",
        "",
        f"The quotation marks in {where} do not match, so the cells cannot be told apart: put a cell with commas or "
        "line breaks into quotation marks, and write a quotation mark within it twice.",
    )


def _score(lines: list[str], delimiter: str) -> tuple[int, float, int]:
    """Return how good a table it gives: fields recognised, share of rows as long as the header, columns."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        records = [record for record in islice(reader, _SAMPLE_RECORDS) if any(record)]
    except csv.Error:  # a cell beyond the limit
        return 0, 0, 0
    if not records or len(records[0]) < 2:
        return 0, 0, len(records[0]) if records else 0
    header, rest = records[0], records[1:]
    agree = sum(len(record) == len(header) for record in rest) / len(rest) if rest else 1.0
    return len(guess_mapping(header)), agree, len(header)
