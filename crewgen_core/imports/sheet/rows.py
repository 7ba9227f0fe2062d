"""Checks the rows of a table: each becomes an objective with its requirements, or is told with all its faults."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import JsonValue
from rapidfuzz import fuzz, process

from crewgen_core.errors import UnusableObjective
from crewgen_core.imports.sheet.cells import (
    BUILT_IN_WORDS,
    CellFault,
    read_agents,
    read_minutes,
    read_priority,
    read_tags,
    read_usd,
    shorten,
)
from crewgen_core.imports.sheet.mapping import check_mapping, plain_name
from crewgen_core.imports.sheet.sheet import Sheet
from crewgen_core.models.job import Priority
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, clean_text
from crewgen_core.models.upload import BadRow, ObjectiveRow, SharedRequirements

LONGEST_CELL = MAX_OBJECTIVE_CHARACTERS
"""Characters of any cell."""

LONGEST_NAME = 200
"""Characters of the name of a row, a template or a model."""

Suggest = Callable[[str], Sequence[str]]
"""Names of models that a name may stand for, the nearest first."""

_MOST_SUGGESTED = 100
"""Unknown domains and models for which near names are looked up: that takes milliseconds each."""

_NEAR = 70
"""Least likeness, from 0 to 100, of a domain's name that is suggested [assumption]."""

_MOST_REMEMBERED = 10_000
"""Different cells of a column that are read only once; most columns have few."""

_LONGEST_REMEMBERED = 60
"""Characters of such a cell."""

_LETTER = re.compile(r"[^\W\d_]")


def check_rows(
    sheet: Sheet,
    mapping: Mapping[str, str],
    shared: SharedRequirements,
    known_domains: Mapping[str, str],
    is_known_model: Callable[[str], bool],
    suggest_models: Suggest = lambda _: (),
) -> Iterator[ObjectiveRow | BadRow]:
    """Yield every row of the sheet that is not blank, in order: good or bad.

    ``mapping`` gives the column of each field; ``shared`` holds for all rows, and what a row says itself overrides it.
    ``known_domains`` are names by key. Raises UnreadableUpload for a mapping that does not fit the sheet, and while
    reading as ``Sheet.rows`` does; UnusableObjective when the shared domain or model is not known.
    """
    names = _KnownNames(known_domains, is_known_model, suggest_models)
    columns = _arrange(sheet.columns, mapping, names)
    return _check(sheet, columns, _check_shared(shared, names))


class _KnownNames:
    """Domains and models that cells may name."""

    def __init__(self, domains: Mapping[str, str], is_known_model: Callable[[str], bool], suggest: Suggest) -> None:
        self._names = domains
        self._keys = {plain_name(name): key for key, name in domains.items()} | {
            plain_name(key): key for key in domains
        }
        self._is_known_model, self._suggest = is_known_model, suggest
        self._suggested = 0

    def read_domain(self, cell: str) -> str:
        """Return the key of a domain by key or name, in any case."""
        key = self._keys.get(plain_name(cell))
        if key is None:
            near = self._find_near_domain(cell)
            meant = f'did you mean "{near}"? Correct it, or' if near else "choose one of the catalog, or"
            raise CellFault(f'There is no domain "{shorten(cell)}": {meant} leave it empty to have it found out.')
        return key

    def read_model(self, cell: str) -> str:
        """Return the name of a known model; empty for Built-in."""
        if cell.casefold() in BUILT_IN_WORDS:
            return ""
        if len(cell) > LONGEST_NAME or not cell.isprintable() or not self._is_known_model(cell):
            near = self._suggest(cell)[:3] if self._may_suggest(cell) else ()
            meant = f"did you mean {' or '.join(near)}?" if near else "write a name as LiteLLM has it, or built-in."
            raise CellFault(f'The model "{shorten(cell)}" is not known: {meant}')
        return cell

    def _find_near_domain(self, cell: str) -> str:
        if not self._may_suggest(cell):
            return ""
        found = process.extractOne(plain_name(cell), list(self._keys), scorer=fuzz.WRatio, score_cutoff=_NEAR)
        return self._names[self._keys[found[0]]] if found else ""

    def _may_suggest(self, cell: str) -> bool:
        self._suggested += 1
        return len(cell) <= LONGEST_NAME and self._suggested <= _MOST_SUGGESTED


class _Reader(dict[str, Any]):
    """What cells of one column say, by cell: its value, None for an empty one, or the CellFault.

    A column of requirements has few different cells, so each is read once and then looked up.
    """

    def __init__(self, read: Callable[[str], Any], remembers: bool = True) -> None:
        """``read`` takes a cell that is cleaned and not empty, and raises CellFault."""
        super().__init__({"": None})
        self._read, self._remembers = read, remembers

    def __missing__(self, cell: str) -> Any:  # noqa: ANN401 - whatever the cell says
        cleaned = clean_text(cell)
        try:
            said = self._read(cleaned) if cleaned else None
        except CellFault as fault:
            said = fault.with_traceback(None)
        if self._remembers and len(cell) <= _LONGEST_REMEMBERED and len(self) < _MOST_REMEMBERED:
            self[cell] = said
        return said


class _Columns(NamedTuple):
    """What the columns mean, and how their cells are read."""

    names: Sequence[str]
    objective: int
    """Place of its column."""
    readers: Sequence[tuple[str, int, "_Reader"]]
    """Field, place and reader of the other columns that mean something."""
    kept: Sequence[tuple[int, str]]
    """Place and name of those that mean nothing."""


_Fault = tuple[str, str, str]
"""Column, cell and reason."""


class _Shared(NamedTuple):
    requirements: dict[str, JsonValue]
    model: str
    priority: Priority


def _arrange(columns: Sequence[str], mapping: Mapping[str, str], names: _KnownNames) -> _Columns:
    places = check_mapping(mapping, columns)
    readers: dict[str, _Reader] = {
        "name": _Reader(_read_name, remembers=False),
        "context": _Reader(str, remembers=False),
        "domain": _Reader(names.read_domain),
        "budget_usd": _Reader(read_usd),
        "deadline_minutes": _Reader(read_minutes),
        "max_agents": _Reader(read_agents),
        "template": _Reader(_read_name),
        "model": _Reader(names.read_model),
        "priority": _Reader(read_priority),
        "tags": _Reader(read_tags),
        "preferences": _Reader(str, remembers=False),
    }
    return _Columns(
        columns,
        places["objective"],
        [(field, places[field], readers[field]) for field in places if field in readers],
        [(place, name) for place, name in enumerate(columns) if place not in places.values()],
    )


def _check_shared(shared: SharedRequirements, names: _KnownNames) -> _Shared:
    try:
        domain = {"domain": names.read_domain(shared.domain)} if shared.domain else {}
        model = names.read_model(shared.model) if shared.model else ""
    except CellFault as fault:
        raise UnusableObjective(str(fault), "Change what holds for all rows.") from fault
    return _Shared({**shared.dump_requirements(), **domain}, model, shared.priority)


def _check(sheet: Sheet, columns: _Columns, shared: _Shared) -> Iterator[ObjectiveRow | BadRow]:
    width = len(columns.names)
    seen: dict[int, int] = {}  # hashes, not texts: in one file of a billion, two rows are taken for the same by chance
    for record in sheet.rows():
        if isinstance(record, BadRow):
            yield record
            continue
        row, cells = record
        shaped = len(cells) == width and len("".join(cells)) <= LONGEST_CELL  # faster than looking at each one
        faults: list[_Fault] = [] if shaped else _find_misshapen(cells, columns)
        text = clean_text(cells[columns.objective])
        if not (text[:1].isalpha() or _LETTER.search(text)):
            faults.append((columns.names[columns.objective], text, _tell_no_objective(text)))
        own = _read_cells(cells, columns, faults)
        if faults:
            yield _make_bad(row, faults)
            continue
        name, tags = own.pop("name", ""), own.pop("tags", ())
        model, priority = own.pop("model", shared.model), own.pop("priority", shared.priority)
        requirements = {**shared.requirements, **own}
        first = seen.setdefault(hash((_fold(text), model, *requirements.items())), row)
        extra = {column: clean_text(cells[place]) for place, column in columns.kept if cells[place].strip()}
        repeated = None if first == row else first
        yield ObjectiveRow(row, name, text, requirements, model, priority, tags, extra, repeated)


def _find_misshapen(cells: list[str], columns: _Columns) -> list[_Fault]:
    """Return what is wrong with the row's shape; cells that are too long are cut, so that they are told only once."""
    faults: list[_Fault] = []
    width = len(columns.names)
    if len(cells) > width:
        surplus = ", ".join(cells[width : width + 5])
        faults.append(
            (
                "",
                surplus,
                f"The row has {len(cells):,} cells and the header {width}: put a text that has what separates cells "
                "into quotation marks, or give the other columns a name.",
            )
        )
    if max(map(len, cells)) > LONGEST_CELL:
        for place, name in enumerate(columns.names):
            length = len(cells[place])
            if length > LONGEST_CELL:
                told = f'"{shorten(name)}" has {length:,} characters, and {LONGEST_CELL:,} is the most: shorten it.'
                faults.append((name, cells[place], told))
                cells[place] = "cut" if place == columns.objective else ""
    return faults


def _fold(text: str) -> str:
    """Return the text for comparing, without case and with one space for any white space."""
    simple = text.isprintable() and "  " not in text  # most texts; saves a tenth of the time for all rows
    return (text if simple else " ".join(text.split())).casefold()


def _tell_no_objective(text: str) -> str:
    if not text:
        return "The objective is empty: say what should exist in the end."
    return f'The objective "{shorten(text)}" has no letters: say in words what should exist in the end.'


def _read_cells(cells: list[str], columns: _Columns, faults: list[_Fault]) -> dict[str, Any]:
    """Return what the cells say, by field; adds to the faults what cannot be read."""
    said: dict[str, Any] = {}
    for field, place, reader in columns.readers:
        value = reader[cells[place]]
        if value is None:
            continue
        if isinstance(value, CellFault):
            faults.append((columns.names[place], cells[place], str(value)))
        else:
            said[field] = value
    return said


def _make_bad(row: int, faults: list[_Fault]) -> BadRow:
    columns = "; ".join(column for column, _, _ in faults if column)
    cells = "; ".join(shorten(cell) for _, cell, _ in faults if cell)
    return BadRow(row, columns, cells, " ".join(reason for _, _, reason in faults))


def _read_name(cell: str) -> str:
    name = " ".join(cell.split())
    if len(name) > LONGEST_NAME:
        raise CellFault(f'"{shorten(name)}" is longer than {LONGEST_NAME} characters: give a shorter name.')
    return name
