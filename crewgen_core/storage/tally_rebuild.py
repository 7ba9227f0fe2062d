"""The tally made anew from requests and rows of jobs: for databases that are older than it, and to test it against."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, delete, select, update

from crewgen_core.models.value import Quantiles
from crewgen_core.storage import tally
from crewgen_core.storage.ended import of_failure
from crewgen_core.storage.metrics import GENERATION_COST
from crewgen_core.storage.problem import name_problem
from crewgen_core.storage.tables import job_tables, request_tables
from crewgen_core.storage.tally import Ended, Kind

_requests, _metrics = request_tables.generation_requests, request_tables.generation_metrics
_items, _jobs = job_tables.job_items, job_tables.jobs

_AT_ONCE = 2_000


def rebuild_tally(
    connection: Connection, of_jobs: Collection[int] | None = None, of_demo: Collection[int] = ()
) -> None:
    """Count every request that has ended and every failed row of a generating job, from nothing.

    ``of_jobs`` are the requests that are rows of jobs; None looks them up. ``of_demo`` are those of the demo, which
    older schemas cannot tell.
    """
    for table in (request_tables.request_times, request_tables.request_days):
        connection.execute(delete(table))
    rows_of_jobs = select(_items.c.request_id).where(_items.c.request_id.is_not(None))
    bulk = set(connection.scalars(rows_of_jobs)) if of_jobs is None else of_jobs
    after = 0
    while rows := connection.execute(_completed().where(_requests.c.id > after).limit(_AT_ONCE)).all():
        _count(connection, [(row.id, _read_completed(row, row.id in bulk, row.id in of_demo)) for row in rows])
        after = rows[-1].id
    columns = ("id", "requirements", "llm_provider", "failure_reason", "created_at")
    failed = select(*(_requests.c[name] for name in columns)).where(_requests.c.generation_status == "failed")
    for rows in _cut(connection.execute(failed).all()):
        made = [
            of_failure("single", row.id, row.requirements, row.llm_provider, row.failure_reason, row.created_at)
            for row in rows
        ]
        _count(connection, [(one.newest_id, one) for one in made])
    for rows in _cut(connection.execute(_failed_rows()).all()):
        tally.add(
            connection,
            [
                of_failure(
                    "bulk",
                    row.job_id,
                    row.requirements or {},
                    row.model,
                    row.failure_reason,
                    row.finished_at,
                    row.spent_micro_usd,
                )
                for row in rows
            ],
        )


def count_again(connection: Connection, request_ids: Collection[int]) -> None:
    """Count completed requests that are counted nowhere: those of the demo that somebody made their own."""
    rows_of_jobs = select(_items.c.request_id).where(_items.c.request_id.in_(request_ids))
    bulk = set(connection.scalars(rows_of_jobs))
    rows = connection.execute(_completed().where(_requests.c.id.in_(request_ids))).all()
    _count(connection, [(row.id, _read_completed(row, row.id in bulk)) for row in rows])


def _count(connection: Connection, ended: list[tuple[int, Ended]]) -> None:
    by_kind: dict[int, list[int]] = {}
    for kind_id, (request_id, _) in zip(tally.add(connection, [one for _, one in ended]), ended, strict=True):
        by_kind.setdefault(kind_id, []).append(request_id)
    for kind_id, ids in by_kind.items():
        connection.execute(update(_requests).where(_requests.c.id.in_(ids)).values(kind_id=kind_id))


def _completed() -> Any:  # noqa: ANN401 a select of these columns
    success, cost = _metrics.alias("success"), _metrics.alias("cost")
    kept = _requests.c.generation_result
    names = ("id", "llm_provider", "requirements", "created_at", "generation_time_seconds")
    return (
        select(
            *(_requests.c[name] for name in names),
            kept["analysis"]["domain"].as_string().label("domain"),
            kept["provenance"]["fallback_reason"].as_string().label("fallback_reason"),
            success.c.metric_value.label("success"),
            success.c.metric_metadata.label("interval"),
            cost.c.metric_value.label("cost"),
        )
        .outerjoin(success, _metric(success, "estimated_success_rate"))
        .outerjoin(cost, _metric(cost, GENERATION_COST))
        .where(_requests.c.generation_status == "completed")
        .order_by(_requests.c.id)
    )


def _metric(alias: Any, name: str) -> Any:  # noqa: ANN401 an alias of a table, a condition
    return and_(alias.c.generation_request_id == _requests.c.id, alias.c.metric_name == name)


def _read_completed(row: Any, bulk: bool, demo: bool = False) -> Ended:  # noqa: ANN401 a row of _completed
    model, reason = row.llm_provider or "", row.fallback_reason or ""
    kind = Kind(
        state="completed",
        origin="bulk" if bulk else "single",
        model=model,
        fallback=bool(reason),
        domain=(row.domain or "")[:200],
        template_key=(row.requirements.get("template") or "")[:100],
        problem=name_problem(reason, model),
        demo=demo,
    )
    p50: float = row.success or 0.0
    interval: dict[str, float] = row.interval or {}
    success = Quantiles(p10=interval.get("p10", p50), p50=p50, p90=interval.get("p90", p50))
    cost = None if row.cost is None else int(row.cost)
    return Ended(kind, row.created_at, row.id, row.generation_time_seconds, success, cost)


def _failed_rows() -> Any:  # noqa: ANN401 a select of these columns
    names = ("job_id", "requirements", "model", "failure_reason", "finished_at", "spent_micro_usd")
    return (
        select(*(_items.c[name] for name in names))
        .join(_jobs, _jobs.c.id == _items.c.job_id)
        .where(_items.c.state == "failed", _jobs.c.kind == "generate", _items.c.finished_at.is_not(None))
        .order_by(_items.c.id)
    )


def _cut(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, _AT_ONCE)):
        yield part
