"""The rows of a job as files: CSV for people with a spreadsheet, JSON Lines with everything for programs.

Both are written row by row to whatever is open, so that a hundred thousand rows need no more memory than one.
"""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import safe_name
from crewgen_core.exports.table import stream_csv
from crewgen_core.models.job import Figures, Item
from crewgen_core.models.table import Cell

_READERS: dict[str, Callable[[Item], Cell]] = {
    "row": lambda item: item.line or item.position,
    "name": lambda item: item.name,
    "objective": lambda item: item.objective,
    "state": lambda item: item.state,
    "crew_id": lambda item: item.crew_id,
    "crew_name": lambda item: item.crew_name,
    "engine": lambda item: item.engine,
    "domain": lambda item: item.domain,
    "success": lambda item: _figure(item, lambda it: it.success),
    "success_p10": lambda item: _figure(item, lambda it: it.success_p10),
    "success_p90": lambda item: _figure(item, lambda it: it.success_p90),
    "cost_usd": lambda item: _figure(item, lambda it: None if it.cost_usd is None else float(it.cost_usd)),
    "duration_s": lambda item: _figure(item, lambda it: it.duration_s),
    "agents": lambda item: _figure(item, lambda it: it.agents),
    "tasks": lambda item: _figure(item, lambda it: it.tasks),
    "errors": lambda item: _figure(item, lambda it: it.errors),
    "warnings": lambda item: _figure(item, lambda it: it.warnings),
    "score": lambda item: _figure(item, lambda it: it.score),
    "spent_usd": lambda item: float(item.spent_usd),
    "seconds": lambda item: item.seconds,
    "failure_reason": lambda item: item.failure_reason,
    "notice": lambda item: item.notice,
    "tags": lambda item: item.tags,
}

COLUMNS = tuple(_READERS)
"""``row`` is the one in the uploaded file, as a spreadsheet counts; success is a chance from 0 to 1, cost and duration
are the typical ones (P50) of one run; ``spent_usd`` and ``seconds`` are what making the crew took."""


def write_job_csv(file: BinaryIO, items: Iterable[Item], extra: Sequence[str] = ()) -> None:
    """Write one line for each row: ``COLUMNS``, then the uploaded columns named in ``extra`` with what they held.

    An uploaded column with the name of one of ours is told apart by "(uploaded)". No cell is a formula.
    """
    rows = ([*(read(item) for read in _READERS.values()), *(item.extra.get(it) for it in extra)] for item in items)
    stream_csv(file, [*COLUMNS, *_tell_apart(extra)], rows)


def write_job_jsonl(file: BinaryIO, items: Iterable[Item]) -> None:
    """Write one JSON object for each row, with everything about it and every text as it was uploaded."""
    for item in items:
        line = json.dumps(item_document(item), ensure_ascii=False, separators=(",", ":"))
        file.write(f"{line}\n".encode("utf-8", "replace"))


def item_document(item: Item) -> dict[str, Any]:
    """Return a row as plain values."""
    return item.model_dump(mode="json") | {"spent_usd": float(item.spent_usd)}


def export_job_csv(name: str, items: Iterable[Item], extra: Sequence[str] = ()) -> Exported:
    """Return the rows of the job with this name as a CSV file; see ``write_job_csv``."""
    file = io.BytesIO()
    write_job_csv(file, items, extra)
    return Exported(f"{_stem(name)}.csv", file.getvalue(), "text/csv")


def export_job_jsonl(name: str, items: Iterable[Item]) -> Exported:
    """Return the rows of the job with this name as JSON Lines; see ``write_job_jsonl``."""
    file = io.BytesIO()
    write_job_jsonl(file, items)
    return Exported(f"{_stem(name)}.jsonl", file.getvalue(), "application/jsonl")


def _stem(name: str) -> str:
    return f"{safe_name(name, 'job')}_results"


def _figure(item: Item, read: Callable[[Figures], Cell]) -> Cell:
    return None if item.figures is None else read(item.figures)


def _tell_apart(extra: Sequence[str]) -> list[str]:
    """Return different names for the uploaded columns, none of them one of ours."""
    taken, names = set(COLUMNS), list[str]()
    for column in extra:
        name = column
        while name in taken or (name != column and name in extra):
            name = f"{name} (uploaded)"
        taken.add(name)
        names.append(name)
    return names
