"""Reading uploads in tests with few words."""

from collections.abc import Iterable

from crewgen_core.imports.sheet.mapping import guess_mapping
from crewgen_core.imports.sheet.report import inspect_upload
from crewgen_core.imports.sheet.rows import check_rows
from crewgen_core.imports.sheet.sheet import read_sheet
from crewgen_core.models.upload import BadRow, ObjectiveRow, SharedRequirements, UploadReport

DOMAINS = {"data": "Data and analytics", "legal": "Law and compliance", "hr": "Human resources and recruiting"}
MODELS = ("openai/gpt-5", "gpt-5-mini")


def encode(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def checked(
    content: str | bytes,
    mapping: dict[str, str] | None = None,
    shared: SharedRequirements | None = None,
    delimiter: str | None = None,
) -> list[ObjectiveRow | BadRow]:
    """Return all rows of a file, checked."""
    sheet = read_sheet("rows.csv", encode(content), delimiter=delimiter)
    chosen = mapping or guess_mapping(sheet.columns)
    known = shared or SharedRequirements()
    return list(check_rows(sheet, chosen, known, DOMAINS, MODELS.__contains__, lambda _: MODELS))


def good(rows: Iterable[ObjectiveRow | BadRow]) -> list[ObjectiveRow]:
    """Return the rows, all of which must be good."""
    found = list(rows)
    assert [row for row in found if isinstance(row, BadRow)] == []
    return [row for row in found if isinstance(row, ObjectiveRow)]


def only_bad(content: str | bytes) -> BadRow:
    """Return the one row of a file, which must be bad."""
    (row,) = checked(content)
    assert isinstance(row, BadRow)
    return row


def inspected(content: str | bytes, **choices: object) -> UploadReport:
    """Return the report of a file."""
    shared = choices.pop("shared", SharedRequirements())
    return inspect_upload("rows.csv", encode(content), shared, DOMAINS, MODELS.__contains__, **choices)
