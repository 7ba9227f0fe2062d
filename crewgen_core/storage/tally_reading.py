"""Figures read from the tally: sums over a range of days, as whole months and the days left over, with filters."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, cast, func, select, union_all

from crewgen_core.models.analytics import Period, Predicted, Problem, Scope, Spent
from crewgen_core.storage import ownership
from crewgen_core.storage.money import to_usd
from crewgen_core.storage.tables import job_tables, request_tables, template_tables

_kinds, _days, _times = request_tables.request_kinds, request_tables.request_days, request_tables.request_times

SUMS = ("requests", "success_ppm", "success_p10_ppm", "success_p90_ppm", "cost_micro_usd", "unpriced")

_PPM = 1_000_000
_EXAMPLES = 3


def filters(scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions on kinds of requests that a scope sets."""
    chosen = {
        _kinds.c.model: scope.models,
        _kinds.c.domain: scope.domains,
        _kinds.c.template_key: scope.templates,
        _kinds.c.state: scope.states,
        _kinds.c.origin: scope.origins,
    }
    conditions: list[ColumnElement[bool]] = [column.in_(values) for column, values in chosen.items() if values]
    return conditions if scope.demo else [*conditions, _kinds.c.demo.is_(False)]


def sum_up(
    connection: Connection, scope: Scope, period: Period, *by: str, only: ColumnElement[bool] | None = None
) -> list[Any]:
    """Return rows of sums (``SUMS``, and the greatest ``newest_id``) over a range, by columns of kinds and "day".

    Where months are enough, "day" may be the first of a month. ``only`` is one more condition on kinds.
    """
    counted = _cover(_days, period, _by_months(scope))
    if "day" not in by:  # numbers are grouped faster than names, and there are far fewer kinds than days of kinds
        summed = [func.sum(counted.c[name]).label(name) for name in SUMS]
        newest = func.max(counted.c.newest_id).label("newest_id")
        counted = select(counted.c.kind_id, *summed, newest).group_by(counted.c.kind_id).subquery()
    groups = _columns(counted, by)
    sums = [cast(func.sum(counted.c[name]), BigInteger).label(name) for name in SUMS]
    query = (
        select(*groups, *sums, func.max(counted.c.newest_id).label("newest_id"))
        .join_from(counted, _kinds, _kinds.c.id == counted.c.kind_id)
        .where(*filters(scope), *([] if only is None else [only]))
        .group_by(*groups)
    )
    return [row for row in connection.execute(query) if row.requests]


def count_times(
    connection: Connection, scope: Scope, period: Period, *by: str
) -> dict[tuple[Any, ...], dict[int, int]]:
    """Return how many generations took how long, by step of the scale, for each value of the columns ``by``."""
    counted = _cover(_times, period, _by_months(scope))
    if "day" not in by:
        kinds_of_steps = counted.c.kind_id, counted.c.step
        summed = func.sum(counted.c.requests).label("requests")
        by_kind: Any = select(*kinds_of_steps, summed).group_by(*kinds_of_steps).subquery()
        counted = by_kind
    groups = [*_columns(counted, by), counted.c.step]
    query = (
        select(*groups, cast(func.sum(counted.c.requests), BigInteger).label("requests"))
        .join_from(counted, _kinds, _kinds.c.id == counted.c.kind_id)
        .where(*filters(scope))
        .group_by(*groups)
    )
    found: dict[tuple[Any, ...], dict[int, int]] = {}
    for *key, step, requests in connection.execute(query):
        if requests:
            found.setdefault(tuple(key), {})[step] = requests
    return found


def read_predicted(rows: Iterable[Any]) -> Predicted | None:
    """Return the mean prediction over the completed requests that the rows sum up; None where there are none."""
    completed = [row for row in rows if row.state == "completed"]
    crews = sum(row.requests for row in completed)
    if not crews:
        return None
    mean, p10, p90 = (
        sum(getattr(row, name) for row in completed) / crews / _PPM
        for name in ("success_ppm", "success_p10_ppm", "success_p90_ppm")
    )
    return Predicted(crews=crews, mean=mean, p10=p10, p90=p90)


def read_spent(rows: Iterable[Any]) -> Spent:
    """Return what generating cost."""
    rows = list(rows)
    return Spent(usd=to_usd(sum(row.cost_micro_usd for row in rows)), unknown=sum(row.unpriced for row in rows))


def list_problems(connection: Connection, scope: Scope) -> tuple[Problem, ...]:
    """Return why requests failed or fell back, the most frequent first, with some that did and may be seen."""
    groups = ("problem", "fallback", "origin", "state")
    rows = sum_up(connection, scope, scope.period, *groups, "day", only=_kinds.c.problem != "")
    found: dict[tuple[str, bool], list[Any]] = {}
    for row in rows:
        found.setdefault((row.problem, row.fallback), []).append(row)
    problems = [
        Problem(
            reason=reason,
            fell_back=fallback,
            count=sum(row.requests for row in of),
            requests=_newest(row.newest_id for row in of if not _is_row(row)),
            jobs=_newest(row.newest_id for row in of if _is_row(row)),
        )
        for (reason, fallback), of in found.items()
    ]
    problems = _hide(connection, problems)
    return tuple(sorted(problems, key=lambda problem: (-problem.count, problem.reason)))


def _hide(connection: Connection, problems: list[Problem]) -> list[Problem]:
    """Leave out the examples that who asks may not see, or that were deleted."""
    kept: dict[str, set[int]] = {}
    for name, table in (("requests", request_tables.generation_requests), ("jobs", job_tables.jobs)):
        ids = {id for problem in problems for id in getattr(problem, name)}
        query = select(table.c.id).where(table.c.id.in_(ids), ownership.sees(connection, table))
        kept[name] = set(connection.scalars(query))
    return [
        problem.model_copy(
            update={name: tuple(id for id in getattr(problem, name) if id in seen) for name, seen in kept.items()}
        )
        for problem in problems
    ]


def _is_row(row: Any) -> bool:  # noqa: ANN401 a row of sum_up
    return row.origin == "bulk" and row.state == "failed"


def _newest(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({id for id in ids if id}, reverse=True)[:_EXAMPLES])


def fold(parts: Sequence[Period], days: Iterable[tuple[date, Any]]) -> list[list[Any]]:
    """Return for each part of a range, in order, what belongs to its days."""
    folded: list[list[Any]] = [[] for _ in parts]
    at = 0
    for day, value in sorted(days, key=lambda one: one[0]):
        while at < len(parts) - 1 and day > parts[at].last:
            at += 1
        folded[at].append(value)
    return folded


def _by_months(scope: Scope) -> bool:
    return scope.period.grain == "month"


def _columns(counted: Any, by: Sequence[str]) -> list[Any]:  # noqa: ANN401 a subquery
    return [counted.c.day if name == "day" else _kinds.c[name] for name in by]


def _cover(table: Table, period: Period, by_months: bool) -> Any:  # noqa: ANN401 a subquery
    """Return the rows of a range; with ``by_months``, whole months and the days before and after them."""
    pieces = _split(period) if by_months else [("day", period.first, period.last)]
    queries = [
        select(*(column for column in table.c if column.name != "grain")).where(
            table.c.grain == grain, table.c.day >= first, table.c.day <= last
        )
        for grain, first, last in pieces
    ]
    return (queries[0] if len(queries) == 1 else union_all(*queries)).subquery()


def _split(period: Period) -> list[tuple[str, date, date]]:
    """Return the pieces of a range: days up to a first of the month, whole months, days after them."""
    first, after = period.first, period.last + timedelta(days=1)
    start = first if first.day == 1 else (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    end = after.replace(day=1)
    if start >= end:
        return [("day", first, period.last)]
    one = timedelta(days=1)
    pieces = [("day", first, start - one), ("month", start, end - one), ("day", end, after - one)]
    return [(grain, low, high) for grain, low, high in pieces if low <= high]


def find_span(connection: Connection) -> tuple[date | None, date | None]:
    """Return the first and the last day on which requests were made that have ended."""
    first, last = (  # one question for each end: the index answers it without reading what is between
        connection.scalar(select(end(_days.c.day)).where(_days.c.grain == "day")) for end in (func.min, func.max)
    )
    return first, last


def list_values(connection: Connection, name: str) -> tuple[str, ...]:
    """Return the values that a column of kinds has, sorted."""
    query = select(_kinds.c[name]).distinct().order_by(_kinds.c[name])
    return tuple(connection.scalars(query))


def name_templates(connection: Connection) -> dict[str, str]:
    """Return the names of templates that requests were made from, by key; those that were deleted have none."""
    templates = template_tables.dynamic_crew_templates
    used = select(_kinds.c.template_key)
    seen = ownership.narrow(connection, templates)
    query = select(templates.c.key, templates.c.name).where(templates.c.key.in_(used), *seen)
    return {row.key: row.name for row in connection.execute(query)}


def find_hidden_templates(connection: Connection) -> frozenset[str]:
    """Return the keys of templates that who asks may not see."""
    if ownership.sees_everything(connection):
        return frozenset()
    templates = template_tables.dynamic_crew_templates
    return frozenset(connection.scalars(select(templates.c.key).where(~ownership.sees(connection, templates))))
