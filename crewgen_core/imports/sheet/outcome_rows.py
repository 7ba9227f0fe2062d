"""Checks the rows of a table of outcomes: each becomes a run made elsewhere, or is told with all its faults."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.cells import CellFault, read_count, read_minutes, read_usd, shorten
from crewgen_core.imports.sheet.mapping import plain_name, quote_names
from crewgen_core.imports.sheet.sheet import Sheet
from crewgen_core.models.objective import clean_text
from crewgen_core.models.outcome import LONGEST_COMMENT, OutcomeRow, OutsideRun
from crewgen_core.models.upload import BadRow

COLUMNS = (
    "crew",
    "version",
    "succeeded",
    "rating",
    "comment",
    "cost_usd",
    "tokens",
    "duration_minutes",
    "ran_at",
)
"""Columns that mean something, as the sample has them; crew and succeeded must be there."""

MOST_TOKENS = 10**15

FAR_AHEAD = timedelta(days=1)
"""How far a run may lie ahead of this machine's clock: the day has begun elsewhere."""

KnowsVersion = Callable[[int, int | None], str]
"""Says why a version of a crew (None: its newest) cannot be meant; empty where it is there."""

_NAMES = {
    "crew": "crew, crew id, crew number, id",
    "version": "version, version number, crew version",
    "succeeded": "succeeded, success, successful, outcome, result, ok",
    "rating": "rating, stars, score, grade",
    "comment": "comment, comments, note, notes, remark, remarks",
    "cost_usd": "cost usd, cost, cost in usd, cost $, price, actual cost",
    "tokens": "tokens, total tokens, token count",
    "duration_minutes": "duration minutes, duration, minutes, duration min, actual duration",
    "ran_at": "ran at, ran, date, when, time, started at, run at, day",
}
_PLAIN = {field: [plain_name(name) for name in names.split(",")] for field, names in _NAMES.items()}

_YES = frozenset("yes y true t 1 ok success succeeded met ja oui sí si".split())
_NO = frozenset("no n false f 0 failed failure fail nein non".split()) | {"not met"}
_CREW = re.compile(r"(?:crew\s*)?#?\s*([0-9]{1,12})", re.I)
_VERSION = re.compile(r"(?:version|v)?\s*([0-9]{1,9})", re.I)


def check_outcome_rows(sheet: Sheet, knows: KnowsVersion, now: datetime) -> Iterator[OutcomeRow | BadRow]:
    """Yield every row of the sheet that is not blank, in order: good or bad.

    Raises UnreadableUpload where there is no column for the crew or for success, and while reading as ``Sheet.rows``.
    """
    places = find_columns(sheet.columns)
    readers: dict[str, Callable[[str], Any]] = {
        "crew": _read_crew,
        "version": _read_version,
        "succeeded": read_yes,
        "rating": read_rating,
        "comment": read_comment,
        "cost_usd": lambda cell: read_usd(cell, "cost"),
        "tokens": lambda cell: read_count(cell, "number of tokens", MOST_TOKENS),
        "duration_minutes": lambda cell: read_minutes(cell, "duration"),
        "ran_at": lambda cell: read_moment(cell, now),
    }
    seen = Counter[str]()
    for record in sheet.rows():
        if isinstance(record, BadRow):
            yield record
            continue
        row, cells = record
        said: dict[str, Any] = {}
        faults: list[tuple[str, str, str]] = []
        if len(cells) > len(sheet.columns):
            faults.append(("", shorten(cells[-1]), "The row has more cells than the header."))
        for field, place in places.items():
            cell = clean_text(cells[place])
            try:
                said[field] = readers[field](cell) if cell else None
            except CellFault as fault:
                faults.append((sheet.columns[place], cell, str(fault)))
        named = {column for column, _, _ in faults}
        missing = [field for field in _MISSING if said.get(field) is None and sheet.columns[places[field]] not in named]
        faults += [(sheet.columns[places[field]], "", _MISSING[field]) for field in missing]
        if not faults and (why := knows(said["crew"], said.get("version"))):
            faults.append((sheet.columns[places["crew"]], clean_text(cells[places["crew"]]), why))
        if faults:
            yield _make_bad(row, faults)
            continue
        minutes = said.get("duration_minutes")
        run = OutsideRun(
            crew_id=said["crew"],
            number=said.get("version"),
            succeeded=said["succeeded"],
            rating=said.get("rating"),
            comment=said.get("comment") or "",
            cost_usd=said.get("cost_usd"),
            tokens=said.get("tokens"),
            duration_s=None if minutes is None else minutes * 60,
            ran_at=said.get("ran_at"),
        )
        content = run.model_dump_json()
        seen[content] += 1
        yield OutcomeRow(row, run, hashlib.sha256(f"{content} {seen[content]}".encode()).hexdigest())


def find_columns(columns: Sequence[str]) -> Mapping[str, int]:
    """Return the place of each field's column. Raises UnreadableUpload without a crew or success."""
    plain = [plain_name(column) for column in columns]
    places: dict[str, int] = {}
    for field, names in _PLAIN.items():
        found = next((plain.index(name) for name in names if name in plain), None)
        if found is not None and found not in places.values():
            places[field] = found
    missing = [field for field in ("crew", "succeeded") if field not in places]
    if missing:
        raise UnreadableUpload(
            f"There is no column {' and no column '.join(missing)}; the first row has {quote_names(columns)}.",
            "Name the columns as the sample file does: crew and succeeded must be there.",
        )
    return places


def list_unused(columns: Sequence[str]) -> list[str]:
    """Return the columns that mean nothing."""
    used = set(find_columns(columns).values())
    return [column for place, column in enumerate(columns) if place not in used]


def sample_outcomes_csv() -> bytes:
    """Return a CSV file for download, in UTF-8 with the mark by which spreadsheet programs recognise it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerow(("1", "", "yes", "4", "Sent to the board as it was", "0.12", "48200", "6.5", "2026-03-02 14:30"))
    writer.writerow(("1", "2", "no", "2", "Two of the sources did not exist", "0.19", "71500", "9", "2026-03-04"))
    writer.writerow(("1", "", "yes", "", "", "", "", "", "2026-03-09T08:15:00+01:00"))
    return text.getvalue().encode("utf-8-sig")


def read_yes(cell: str) -> bool:
    """Return whether a run succeeded: yes or no, and their usual synonyms. Raises CellFault for anything else."""
    word = cell.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellFault(f'"{shorten(cell)}" is neither yes nor no: write yes where the objective was met, otherwise no.')


def read_moment(cell: str, now: datetime) -> datetime:
    """Return a moment as ISO 8601 writes it (2026-03-02, with or without time and zone); without zone it is UTC.

    Raises CellFault for anything else, and for a moment that is still to come.
    """
    try:
        moment = datetime.fromisoformat(cell.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CellFault(f'"{shorten(cell)}" is no moment: write 2026-03-02 or 2026-03-02 14:30.') from error
    if moment > now + FAR_AHEAD:
        raise CellFault(f'"{shorten(cell)}" is still to come: write when the run began.')
    if moment.year < 2020:
        raise CellFault(f'"{shorten(cell)}" is before there were such crews: write when the run began.')
    return moment


def read_rating(cell: str) -> int:
    """Return a rating from 1 to 5. Raises CellFault for anything else."""
    rating = read_count(cell, "rating", 5)
    if rating < 1:
        raise CellFault(f'The rating "{shorten(cell)}" is out of range: write 1 to 5, or nothing.')
    return rating


def read_comment(cell: str) -> str:
    """Return a comment as it is. Raises CellFault for one that is too long."""
    if len(cell) > LONGEST_COMMENT:
        raise CellFault(f"The comment has {len(cell):,} characters, and {LONGEST_COMMENT:,} is the most: shorten it.")
    return cell


_MISSING = {
    "crew": "No crew is named: write its number, as the list of crews shows it.",
    "succeeded": "It is not said whether the run succeeded: write yes or no.",
}


def _read_crew(cell: str) -> int:
    match = _CREW.fullmatch(cell)
    if match is None:
        raise CellFault(
            f'"{shorten(cell)}" is no number of a crew: write it as the list of crews shows it, such as 12.'
        )
    return int(match[1])


def _read_version(cell: str) -> int:
    match = _VERSION.fullmatch(cell.removesuffix(".0"))
    if match is None or int(match[1]) < 1:
        raise CellFault(f'"{shorten(cell)}" is no version: write its number, such as 2, or nothing for the newest.')
    return int(match[1])


def _make_bad(row: int, faults: list[tuple[str, str, str]]) -> BadRow:
    columns = "; ".join(dict.fromkeys(column for column, _, _ in faults if column))
    cells = "; ".join(shorten(cell) for _, cell, _ in faults if cell)
    return BadRow(row, columns, cells, " ".join(reason for _, _, reason in faults))
