"""Turns a workbook into a plain table: read from standard input, written to standard output. A program of its own.

A workbook of a few bytes can make the library that reads it ask for hundreds of gigabytes, which ends the process, or
work for hours (calamine reserves the whole rectangle that its cells span). Here that ends nothing but this program,
whose memory and time are limited. It is started by ``workbook`` and imports nothing of crewgen.

Arguments: the name of the sheet to read, or nothing for the first one that is not empty; the most bytes that the
workbook may unpack to; the most rows. Output: a line of JSON with what was read or what is wrong, then CSV in UTF-8,
each record beginning with the number of its row.
"""

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

import python_calamine

MOST_MEMORY = 1_500_000_000
"""Bytes of address space; a workbook of 200,000 rows takes a tenth."""

MOST_SECONDS = 30
"""Seconds of processor time; a workbook of 200,000 rows takes two."""

MOST_CHARACTERS = 100_000_000
"""Characters of all cells together."""

Cell = str | float | bool | date | time | timedelta


def main() -> None:
    """Read, check and write."""
    _limit_resources()
    tab, most_bytes, most_rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    content = sys.stdin.buffer.read()
    fault = _check_package(content, most_bytes)
    if fault:
        return _write({"fault": fault})
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        tabs = _list_tabs(workbook)
        if tab and tab not in tabs:
            return _write({"fault": "no such tab", "tabs": tabs})
        for name in [tab] if tab else tabs:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                return _write({"tab": name, "tabs": tabs}, _rows(sheet, most_rows))
    except python_calamine.PasswordError:
        return _write({"fault": "password"})
    except python_calamine.CalamineError:
        return _write({"fault": "broken"})
    return _write({"fault": "empty"})


def show(cell: Cell) -> str:
    """Return what a person sees in a cell, as far as it can be known: 2.0 is "2", midnight is not shown with a date.

    Formats of numbers cannot: an amount in a currency is its number, with the 15 digits that spreadsheets keep.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        clock = cell.time()
        return f"{cell:%Y-%m-%d}" + (f" {show(clock)}" if clock != time() else "")
    if isinstance(cell, time):
        return f"{cell:%H:%M:%S}" if cell.second else f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        clock = f"{seconds // 3_600}:{seconds // 60 % 60:02d}"
        return f"{clock}:{seconds % 60:02d}" if seconds % 60 else clock
    return cell.isoformat()


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits: there the program may take long, and its starter ends it
        return
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        except (ValueError, OSError):  # a system that takes no such limit
            continue


def _check_package(content: bytes, most_bytes: int) -> str:
    """Return what is wrong with the ZIP around the workbook: the sizes it states are looked at before it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except Exception:  # noqa: BLE001 - whatever zipfile raises for a damaged file, it is one
        return "broken"
    if sum(member.file_size for member in members) > most_bytes:
        return "too large"
    names = {member.filename.lower() for member in members}
    if any(name.endswith("workbook.bin") for name in names) or "content.xml" in names:
        return "other spreadsheet"
    return "" if any(name.endswith("workbook.xml") for name in names) else "no workbook"


def _list_tabs(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    """Return the sheets with cells: those that people see first."""
    sheets = [m for m in workbook.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
    shown = [m.name for m in sheets if m.visible == python_calamine.SheetVisibleEnum.Visible]
    return shown + [m.name for m in sheets if m.name not in shown]


def _rows(sheet: python_calamine.CalamineSheet, most_rows: int) -> Iterator[list[str]]:
    """Yield rows that are not blank, with their number, without empty cells at their end; one more than the most."""
    rows = characters = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cell if type(cell) is str else show(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        yield [str(number), *texts]
        rows += 1
        characters += sum(map(len, texts))
        if rows > most_rows or characters > MOST_CHARACTERS:
            return


def _write(told: dict[str, str | list[str]], rows: Iterable[list[str]] = ()) -> None:
    output = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    output.write(json.dumps(told) + "\n")
    csv.writer(output).writerows(rows)
    output.flush()


if __name__ == "__main__":
    main()
