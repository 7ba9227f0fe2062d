"""What came of templates: uses, success, cost and time, summed up in the database.

Every function works within a transaction of ``Database``, usually ``read()``.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, cast, func, select

from crewgen_core.models.template_figures import DayCount, VersionRecord
from crewgen_core.storage.ownership import is_kept
from crewgen_core.storage.tables import crew_tables, request_tables, run_tables

_crews, _versions, _outcomes = crew_tables.crews, crew_tables.crew_versions, run_tables.outcomes

NEWEST = 1_000
"""Runs that medians are taken of, the newest ones."""


def read_records(connection: Connection) -> dict[str, tuple[float, int, int]]:
    """Return for each template: the chance that was predicted, and how many of how many runs succeeded.

    Without a run, the chance is that of the newest crew made from it; templates never used are not there.
    """
    newest = (
        select(_crews.c.template_key, func.max(_crews.c.id).label("id"))
        .where(_crews.c.template_key.is_not(None))
        .group_by(_crews.c.template_key)
        .subquery()
    )
    made = select(newest.c.template_key, _versions.c.success).join_from(
        newest, _versions, (_versions.c.crew_id == newest.c.id) & (_versions.c.number == 1)
    )
    records = {row.template_key: (float(row.success), 0, 0) for row in connection.execute(made)}
    ran = (
        select(
            _outcomes.c.template_key,
            func.avg(_outcomes.c.predicted_success).label("predicted"),
            _count_successes().label("succeeded"),
            func.count().label("runs"),
        )
        .where(_outcomes.c.template_key.is_not(None), is_kept(_outcomes))
        .group_by(_outcomes.c.template_key)
    )
    for row in connection.execute(ran):
        records[row.template_key] = (float(row.predicted), int(row.succeeded), int(row.runs))
    return records


def read_versions(connection: Connection, key: str) -> tuple[VersionRecord, ...]:
    """Return uses and success of each version of a template that was used, the newest first."""
    used = select(_crews.c.template_number, func.count().label("uses")).where(_crews.c.template_key == key)
    uses = {row.template_number: row.uses for row in connection.execute(used.group_by(_crews.c.template_number))}
    ran = (
        select(
            _outcomes.c.template_number,
            func.avg(_outcomes.c.predicted_success).label("predicted"),
            _count_successes().label("succeeded"),
            func.count().label("runs"),
        )
        .where(_outcomes.c.template_key == key, is_kept(_outcomes))
        .group_by(_outcomes.c.template_number)
    )
    found = {row.template_number: row for row in connection.execute(ran)}
    return tuple(
        VersionRecord(
            number=number,
            uses=uses.get(number, 0),
            predicted=float(found[number].predicted) if number in found else None,
            succeeded=int(found[number].succeeded) if number in found else 0,
            runs=int(found[number].runs) if number in found else 0,
        )
        for number in sorted({number for number in (*uses, *found) if number}, reverse=True)
    )


def read_days(connection: Connection, key: str) -> tuple[DayCount, ...]:
    """Return how many crews were made from a template and how their runs went, for each day that has some, in order."""
    made, judged = func.date(_crews.c.created_at).label("day"), func.date(_outcomes.c.created_at).label("day")
    uses = select(made, func.count().label("uses")).where(_crews.c.template_key == key).group_by(made)
    runs = select(judged, _count_successes().label("succeeded"), func.count().label("runs"))
    used = {_read_day(row.day): row.uses for row in connection.execute(uses)}
    ran = {
        _read_day(row.day): (int(row.succeeded), int(row.runs))
        for row in connection.execute(runs.where(_outcomes.c.template_key == key, is_kept(_outcomes)).group_by(judged))
    }
    return tuple(
        DayCount(day=day, uses=used.get(day, 0), succeeded=ran.get(day, (0, 0))[0], runs=ran.get(day, (0, 0))[1])
        for day in sorted({*used, *ran})
    )


def read_costs(connection: Connection, key: str | None) -> list[float]:
    """Return actual over predicted cost of the newest runs of a template's crews; None: of crews without one."""
    return _read_ratios(connection, key, _outcomes.c.actual_cost_micro_usd, _outcomes.c.predicted_cost_micro_usd)


def read_durations(connection: Connection, key: str | None) -> list[float]:
    """Return actual over predicted duration, likewise."""
    return _read_ratios(connection, key, _outcomes.c.actual_duration_s, _outcomes.c.predicted_duration_s)


def _read_ratios(
    connection: Connection, key: str | None, actual: ColumnElement[Any], predicted: ColumnElement[Any]
) -> list[float]:
    chosen = _outcomes.c.template_key == key if key else _outcomes.c.template_key.is_(None)
    ratio = actual * 1.0 / predicted
    query = select(ratio).where(chosen, actual > 0, predicted > 0, is_kept(_outcomes))
    return [float(value) for value in connection.scalars(query.order_by(_outcomes.c.id.desc()).limit(NEWEST))]


def read_generating(connection: Connection, key: str | None) -> list[float]:
    """Return the seconds that generating took, of the newest requests with a template, or without any."""
    requests = request_tables.generation_requests
    chosen = requests.c.template_id == key if key else requests.c.template_id.is_(None)
    query = select(requests.c.generation_time_seconds).where(chosen, requests.c.generation_time_seconds > 0)
    return [float(value) for value in connection.scalars(query.order_by(requests.c.id.desc()).limit(NEWEST))]


def _count_successes() -> ColumnElement[int]:
    return func.sum(cast(_outcomes.c.succeeded, Integer))


def _read_day(day: object) -> date:
    return date.fromisoformat(str(day)[:10])
