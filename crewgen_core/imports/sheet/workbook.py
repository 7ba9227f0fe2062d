"""XLSX files: recognised by their bytes, read by a process of its own (``workbook_program`` says why)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.cells import shorten
from crewgen_core.imports.sheet.mapping import quote_names
from crewgen_core.imports.unpacking import is_zip

LARGEST_UNPACKED = 500_000_000
"""Bytes that the parts of a workbook may have together; 200,000 rows of 300 characters have about 150 million."""

_SECONDS = 60
"""Seconds until the reading process is ended."""

_PROGRAM = Path(__file__).with_name("workbook_program.py")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the container of old Office files and of encrypted new ones begins."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_ANEW = "Open it in your spreadsheet program and save it as .xlsx or as “CSV UTF-8”."


class Workbook(NamedTuple):
    """One sheet of a workbook as a plain table."""

    tab: str
    """Its name."""
    tabs: tuple[str, ...]
    """All sheets, those first that are not hidden."""
    table: bytes
    """CSV in UTF-8; each record begins with the number of its row."""


def is_workbook(content: bytes) -> bool:
    """Say whether the bytes are no text but a spreadsheet of some kind."""
    return is_zip(content) or content.startswith((_OLE, b"PK\x05\x06"))


def read_workbook(name: str, content: bytes, tab: str | None, most_rows: int) -> Workbook:
    """Return the chosen sheet, or the first that is not empty, with up to ``most_rows`` rows and one more.

    Raises UnreadableUpload for what is no XLSX file, is damaged, protected by a password, too large, or empty.
    """
    if content.startswith(_OLE):
        raise _refuse_old(name, content)
    command = [sys.executable, "-P", str(_PROGRAM), tab or "", str(LARGEST_UNPACKED), str(most_rows)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the sheet's name is an argument, not a command
            command, input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableUpload(f"Reading {name} took longer than {_SECONDS} seconds.", _SAVE_ANEW) from error
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        raise UnreadableUpload(f"{name} could not be read: no process can be started for it.", _SAVE_ANEW) from error
    head, _, table = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise UnreadableUpload(
            f"{name} is damaged, or its cells are spread over too large an area.",
            "Copy the table into a new, empty spreadsheet, save it as .xlsx or as “CSV UTF-8”, and give that.",
        )
    told: dict[str, Any] = json.loads(head)
    if "fault" in told:
        raise _refuse(name, tab or "", told)
    return Workbook(told["tab"], tuple(told["tabs"]), table)


def _refuse_old(name: str, content: bytes) -> UnreadableUpload:
    if _ENCRYPTED in content:
        return UnreadableUpload(f"{name} is protected by a password.", "Take the password off, and save it again.")
    return UnreadableUpload(f"{name} is an old Excel file (.xls) or another Office file.", _SAVE_ANEW)


def _refuse(name: str, tab: str, told: dict[str, Any]) -> UnreadableUpload:
    fault = told["fault"]
    if fault == "no such tab":
        return UnreadableUpload(f'{name} has no sheet "{shorten(tab, 40)}".', f"It has {quote_names(told['tabs'])}.")
    if fault == "password":
        return UnreadableUpload(f"{name} is protected by a password.", "Take the password off, and save it again.")
    sentences = {
        "empty": f"{name} has no sheet with cells.",
        "too large": f"{name} unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB.",
        "other spreadsheet": f"{name} is a spreadsheet, but no .xlsx file.",
        "no workbook": f"{name} is a ZIP file, but no spreadsheet.",
    }
    hints = {
        "empty": "Fill in a header row and rows below it, or choose another file.",
        "too large": "Copy the table alone into a new spreadsheet, or split it into several files.",
        "no workbook": "Give the CSV or XLSX file itself.",
    }
    return UnreadableUpload(sentences.get(fault, f"{name} is damaged."), hints.get(fault, _SAVE_ANEW))
