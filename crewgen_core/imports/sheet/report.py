"""What an uploaded file holds: every row checked, counted, and what is to be told kept."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.cells import shorten
from crewgen_core.imports.sheet.mapping import guess_mapping, quote_names
from crewgen_core.imports.sheet.rows import Suggest, check_rows
from crewgen_core.imports.sheet.sheet import Sheet, read_sheet
from crewgen_core.models.upload import (
    MOST_TOLD,
    ROWS_IN_PREVIEW,
    BadRow,
    DuplicateRow,
    ObjectiveRow,
    SharedRequirements,
    UploadReport,
)


def inspect_upload(
    name: str,
    content: bytes,
    shared: SharedRequirements,
    known_domains: Mapping[str, str],
    is_known_model: Callable[[str], bool],
    suggest_models: Suggest = lambda _: (),
    *,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    tab: str | None = None,
) -> UploadReport:
    """Return what a CSV or XLSX file holds, after checking all its rows; what is not chosen is found out.

    Raises UnreadableUpload when no table can be made of the file, it has no row below the header, no column for the
    objective or more than 200,000 rows; UnusableObjective when the shared domain or model is not known.
    """
    sheet = read_sheet(name, content, encoding, delimiter, tab)
    chosen = dict(guess_mapping(sheet.columns) if mapping is None else mapping)
    found = _count(check_rows(sheet, chosen, shared, known_domains, is_known_model, suggest_models))
    if not found.preview:
        raise UnreadableUpload(f"{sheet.name} has a header, but no row below it.", "Write one objective into each row.")
    good = sum(found.models.values())
    return UploadReport(
        name=sheet.name,
        kind=sheet.kind,
        digest=hashlib.sha256(content).hexdigest(),
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        tab=sheet.tab,
        tabs=sheet.tabs,
        columns=sheet.columns,
        mapping=chosen,
        rows=good + found.bad,
        good=good,
        bad=found.bad,
        duplicates=found.duplicates,
        preview=tuple(found.preview),
        bad_rows=tuple(found.bad_rows),
        duplicate_rows=tuple(found.duplicate_rows),
        models=dict(found.models.most_common()),
        notes=(*sheet.notes, *_note(sheet, chosen, found)),
    )


class _Found(NamedTuple):
    preview: list[ObjectiveRow | BadRow]
    bad_rows: list[BadRow]
    duplicate_rows: list[DuplicateRow]
    models: Counter[str]
    bad: int
    duplicates: int
    with_template: int


def _count(rows: Iterable[ObjectiveRow | BadRow]) -> _Found:
    preview: list[ObjectiveRow | BadRow] = []
    bad_rows: list[BadRow] = []
    duplicate_rows: list[DuplicateRow] = []
    models = Counter[str]()
    bad = duplicates = with_template = 0
    for row in rows:
        if len(preview) < ROWS_IN_PREVIEW:
            preview.append(row)
        if isinstance(row, BadRow):
            bad += 1
            if bad <= MOST_TOLD:
                bad_rows.append(row)
            continue
        models[row.model] += 1
        with_template += "template" in row.requirements
        if row.duplicate_of is not None:
            duplicates += 1
            if duplicates <= MOST_TOLD:
                duplicate_rows.append(DuplicateRow(row.row, row.duplicate_of, shorten(row.text)))
    return _Found(preview, bad_rows, duplicate_rows, models, bad, duplicates, with_template)


def _note(sheet: Sheet, mapping: Mapping[str, str], found: _Found) -> list[str]:
    notes: list[str] = []
    kept = [column for column in sheet.columns if column not in mapping.values()]
    if kept:
        notes.append(f"Kept with each row, without a meaning for its crew: {quote_names(kept)}.")
    if found.with_template:
        notes.append(
            f"{found.with_template:,} rows name a template: their crews start from it. A row whose template is not "
            "there, or needs more than the objective says, fails with that reason."
        )
    for count, what in ((found.bad, "bad rows"), (found.duplicates, "duplicates")):
        if count > MOST_TOLD:
            notes.append(f"The first {MOST_TOLD:,} of {count:,} {what} are listed.")
    return notes
