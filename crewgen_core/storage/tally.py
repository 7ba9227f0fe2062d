"""The tally: ended requests summed up by day and by month, so that figures over many of them are read at once.

It is written in the transaction that ends a request, and for the failed rows of jobs, so it is never behind or ahead.
Rows are added to in the order of their keys: two writers on one server wait for each other, and never in a circle.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Table, case, select
from sqlalchemy.dialects import postgresql, sqlite

from crewgen_core.models.value import Quantiles
from crewgen_core.storage.tables import request_tables
from crewgen_core.time_scale import step_of

Origin = Literal["single", "bulk"]

_kinds, _days, _times = request_tables.request_kinds, request_tables.request_days, request_tables.request_times

_PPM = 1_000_000
_SUMMED = ("requests", "success_ppm", "success_p10_ppm", "success_p90_ppm", "cost_micro_usd", "unpriced")


@dataclass(frozen=True)
class Kind:
    """What requests are filtered and grouped by; see the table ``request_kinds``."""

    state: Literal["completed", "failed"]
    origin: Origin
    model: str = ""
    fallback: bool = False
    domain: str = ""
    template_key: str = ""
    problem: str = ""
    demo: bool = False
    """Put in by the demo: counted apart, so that it can be left out and taken out again."""

    @property
    def fingerprint(self) -> str:
        """Return what tells it from every other kind."""
        told = astuple(self)
        return hashlib.sha256(json.dumps(told if self.demo else told[:-1]).encode()).hexdigest()


@dataclass(frozen=True)
class Ended:
    """A request that has ended, or a failed row of a job, as it is counted."""

    kind: Kind
    at: datetime
    """When it was asked for; of a failed row, when it failed."""
    newest_id: int
    """Of the request; of the job, for a failed row."""
    seconds: float | None = None
    """What generating took; None for what failed."""
    success: Quantiles | None = None
    cost_micro_usd: int | None = 0
    """None: not known, because the price of the model is not."""


def add(connection: Connection, ended: Sequence[Ended], times: Literal[1, -1] = 1) -> Sequence[int]:
    """Count what has ended, or with ``times`` -1 take it out again; return the id of the kind of each, in order."""
    kinds = _find_kinds(connection, {one.kind.fingerprint: one.kind for one in ended})
    ids = [kinds[one.kind.fingerprint] for one in ended]
    sums: dict[tuple[str, date, int], dict[str, int]] = {}
    steps: dict[tuple[str, date, int, int], int] = {}
    for one, kind_id in zip(ended, ids, strict=True):
        for grain, day in _days_of(one.at):
            row = sums.setdefault((grain, day, kind_id), dict.fromkeys((*_SUMMED, "newest_id"), 0))
            for name, value in _measure(one).items():
                row[name] += times * value
            row["newest_id"] = max(row["newest_id"], one.newest_id if times > 0 else 0)
            if one.seconds is not None:
                at = (grain, day, kind_id, step_of(one.seconds))
                steps[at] = steps.get(at, 0) + times
    _add_up(connection, _days, [{**_key(key), **values} for key, values in sorted(sums.items())])
    _add_up(connection, _times, [{**_key(key), "step": key[3], "requests": n} for key, n in sorted(steps.items())])
    return ids


def _measure(one: Ended) -> Mapping[str, int]:
    success = one.success or Quantiles(p10=0, p50=0, p90=0)
    return {
        "requests": 1,
        "success_ppm": round(success.p50 * _PPM),
        "success_p10_ppm": round(success.p10 * _PPM),
        "success_p90_ppm": round(success.p90 * _PPM),
        "cost_micro_usd": one.cost_micro_usd or 0,
        "unpriced": int(one.cost_micro_usd is None),
    }


def _days_of(moment: datetime) -> tuple[tuple[str, date], ...]:
    day = moment.astimezone(UTC).date()
    return ("day", day), ("month", day.replace(day=1))


def _key(key: tuple[Any, ...]) -> dict[str, object]:
    return {"grain": key[0], "day": key[1], "kind_id": key[2]}


def _find_kinds(connection: Connection, wanted: Mapping[str, Kind]) -> dict[str, int]:
    """Return the ids of kinds by their fingerprints; those that are new are stored."""
    found = _read_kinds(connection, wanted)
    new = [
        {"fingerprint": fingerprint, **_describe(wanted[fingerprint])} for fingerprint in sorted(wanted.keys() - found)
    ]
    if new:
        for alike in ([row for row in new if "demo" not in row], [row for row in new if "demo" in row]):
            if alike:
                statement = _insert(connection, _kinds).on_conflict_do_nothing(index_elements=["fingerprint"])
                connection.execute(statement, alike)
        found = _read_kinds(connection, wanted)
    return found


def _describe(kind: Kind) -> dict[str, object]:
    """Return its columns; schemas from before the demo have none for it."""
    return {name: getattr(kind, name) for name in Kind.__dataclass_fields__ if name != "demo" or kind.demo}


def _read_kinds(connection: Connection, fingerprints: Iterable[str]) -> dict[str, int]:
    query = select(_kinds.c.fingerprint, _kinds.c.id).where(_kinds.c.fingerprint.in_(list(fingerprints)))
    return {row[0]: row[1] for row in connection.execute(query)}


def _add_up(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Add the figures of rows to those that have the same key already."""
    if not rows:
        return
    statement = _insert(connection, table)
    sums: dict[str, Any] = {}
    for column in table.c:
        given = statement.excluded[column.name]
        if column.name in _SUMMED:
            sums[column.name] = column + given
        elif column.name == "newest_id":
            sums[column.name] = case((given > column, given), else_=column)
    connection.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=sums), rows)


def _insert(connection: Connection, table: Table) -> Any:  # noqa: ANN401 the two have no type in common
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
