"""Figures about runs over a range of days: what came of them, and what their models cost."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, and_, case, cast, func, select

from crewgen_core.learning.measures import wilson
from crewgen_core.models.analytics import Actual, Period, RoleSpend, Scope, Spent
from crewgen_core.storage import ownership, runs
from crewgen_core.storage.money import to_usd
from crewgen_core.storage.tables import crew_tables, request_tables, run_tables
from crewgen_core.storage.tally_reading import filters
from crewgen_core.storage.utc_day import day_of

_outcomes, _runs, _usage = run_tables.outcomes, run_tables.runs, run_tables.run_usage
_requests, _kinds = request_tables.generation_requests, request_tables.request_kinds
_agents, _versions = crew_tables.agents, crew_tables.crew_versions


def list_outcomes(connection: Connection, scope: Scope, period: Period) -> list[Any]:
    """Return for each day of runs with an outcome: ``day``, ``runs``, ``succeeded``, the sum of ``expected``."""
    day = day_of(_outcomes.c.ran_at)
    query = (
        select(
            day.label("day"),
            func.count().label("runs"),
            func.sum(case((_outcomes.c.succeeded, 1), else_=0)).label("succeeded"),
            func.sum(_outcomes.c.predicted_success).label("expected"),
        )
        .where(*_within(_outcomes.c.ran_at, period), ownership.is_kept(_outcomes))
        .group_by(day)
    )
    return list(connection.execute(_filter(query, _outcomes, scope)))


def read_actual(rows: list[Any]) -> Actual | None:
    """Return what came of the runs that the rows sum up; None where there are none."""
    runs = sum(row.runs for row in rows)
    if not runs:
        return None
    succeeded = sum(int(row.succeeded) for row in rows)
    low, high = wilson(succeeded, runs)
    return Actual(runs=runs, succeeded=succeeded, low=low, high=high, expected=sum(row.expected for row in rows) / runs)


def sum_usage(connection: Connection, scope: Scope, period: Period) -> list[Any]:
    """Return what runs cost by ``day`` and ``model``: ``micro_usd``, and ``unknown``, the parts without a price."""
    day = day_of(_runs.c.created_at)
    query = (
        select(day.label("day"), _usage.c.model, *_costs())
        .join_from(_usage, _runs, _runs.c.id == _usage.c.run_id)
        .where(*_within(_runs.c.created_at, period), ~_runs.c.dry)
        .group_by(day, _usage.c.model)
    )
    return list(connection.execute(_filter(query, _runs, scope)))


def read_cost(rows: list[Any]) -> Spent:
    """Return what runs cost together."""
    return Spent(usd=to_usd(sum(row.micro_usd for row in rows)), unknown=sum(row.unknown for row in rows))


def list_roles(connection: Connection, scope: Scope, most: int) -> tuple[RoleSpend, ...]:
    """Return what agents of each role cost in runs, the dearest first; one that is no worker goes by its key.

    Roles stand in crews: only runs that who asks may see are counted.
    """
    role = func.coalesce(_agents.c.role, _usage.c.agent)
    query = (
        select(
            role.label("role"),
            func.count(_usage.c.run_id.distinct()).label("runs"),
            cast(func.sum(_usage.c.calls), BigInteger).label("calls"),
            cast(func.sum(_usage.c.tokens_in + _usage.c.tokens_out), BigInteger).label("tokens"),
            *_costs(),
        )
        .join_from(_usage, _runs, _runs.c.id == _usage.c.run_id)
        .outerjoin(
            _versions, and_(_versions.c.crew_id == _runs.c.crew_id, _versions.c.number == _runs.c.version_number)
        )
        .outerjoin(_agents, and_(_agents.c.crew_version_id == _versions.c.id, _agents.c.key == _usage.c.agent))
        .where(*_within(_runs.c.created_at, scope.period), ~_runs.c.dry, *runs.narrow(connection))
        .group_by(role)
    )
    rows = sorted(
        connection.execute(_filter(query, _runs, scope)), key=lambda row: (-row.micro_usd, -row.tokens, row.role)
    )
    return tuple(
        RoleSpend(
            role=row.role or "(no agent)",
            runs=row.runs,
            calls=row.calls,
            tokens=row.tokens,
            total=Spent(usd=to_usd(row.micro_usd), unknown=row.unknown),
        )
        for row in rows[:most]
    )


def find_run_span(connection: Connection) -> tuple[date | None, date | None]:
    """Return the days of the first and the last run, recorded outcomes of others among them."""
    ends = [
        moment
        for column in (_runs.c.created_at, _outcomes.c.ran_at)
        for moment in (connection.scalar(select(func.min(column))), connection.scalar(select(func.max(column))))
        if moment is not None
    ]
    days = [moment.astimezone(UTC).date() for moment in ends]
    return (min(days), max(days)) if days else (None, None)


def _costs() -> tuple[ColumnElement[Any], ...]:
    known = cast(func.coalesce(func.sum(_usage.c.cost_micro_usd), 0), BigInteger)
    return known.label("micro_usd"), func.sum(case((_usage.c.cost_micro_usd.is_(None), 1), else_=0)).label("unknown")


def _within(moment: ColumnElement[Any], period: Period) -> tuple[ColumnElement[bool], ...]:
    first = datetime.combine(period.first, time(), UTC)
    return moment >= first, moment < datetime.combine(period.last + timedelta(days=1), time(), UTC)


def _filter(query: Select[*tuple[Any, ...]], table: Any, scope: Scope) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 runs or outcomes
    """Keep what belongs to crews whose request a scope lets count; the template is the run's own."""
    if scope.templates:
        query = query.where(func.coalesce(table.c.template_key, "").in_(scope.templates))
    if not scope.demo:
        query = query.where(table.c.demo.is_(False))
    others = filters(scope.model_copy(update={"templates": (), "demo": True}))
    if not others:
        return query
    made = select(_requests.c.generated_crew_id).join(_kinds, _kinds.c.id == _requests.c.kind_id)
    same = _requests.c.generated_crew_id == table.c.crew_id
    return query.where(made.where(same, *others).exists())
