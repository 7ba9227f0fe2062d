"""Items: the rows of jobs, from pending to what came of them.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``. A row
leaves ``pending`` once, in the transaction that stores what came of it: whoever comes second finds nothing to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, case, func, insert, select, update

from crewgen_core.models.job import Figures, FinishedItem, Item, JobKind, NewItem, Priority
from crewgen_core.storage import audit, tally
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.ended import of_failure
from crewgen_core.storage.jobs import check_change, count_up, lock
from crewgen_core.storage.money import read_usd, to_micro_usd, to_usd, write_usd
from crewgen_core.storage.tables import job_tables

_jobs, _items = job_tables.jobs, job_tables.job_items

CHUNK: Mapping[JobKind, int] = {"generate": 25, "validate": 25, "optimize": 5}
"""Rows that are worked on together: about half a second of one processor, so that the queue costs little beside it."""

CAREFUL_AFTER = 2
"""Attempts without an end after which rows are worked on one by one."""

_ROWS_A_STATEMENT = 5_000

_MAY_BE_EMPTY = ("requirements", "tags", "extra", "crew_id")
"""Columns whose default is what an empty value means."""


def add(connection: Connection, job_id: int, rows: Iterable[NewItem]) -> int:
    """Store the rows of a new job in their order and return how many there were.

    A chunk holds rows of one priority, all with or all without a model.
    """
    job = lock(connection, job_id)
    size = CHUNK[job.kind]
    chunks, filled = 0, dict[tuple[Priority, bool], list[int]]()
    total, batch = job.total, list[dict[str, Any]]()
    for row in rows:
        total += 1
        place = filled.setdefault((row.priority, bool(row.model)), [0, size])
        if place[1] == size:
            chunks += 1
            place[:] = chunks, 0
        place[1] += 1
        batch.append(
            {
                "job_id": job_id,
                "position": total,
                "line": row.line,
                "chunk": place[0],
                "name": row.name,
                "objective": row.text,
                "requirements": row.requirements or None,
                "model": row.model,
                "priority": row.priority,
                "tags": row.tags,
                "extra": row.extra or None,
                "crew_id": row.crew_id,
            }
        )
        if len(batch) == _ROWS_A_STATEMENT:
            _insert(connection, batch)
            batch.clear()
    _insert(connection, batch)
    values = {"total": total, "chunk_count": _jobs.c.chunk_count + chunks}
    connection.execute(update(_jobs).where(_jobs.c.id == job_id).values(**values))
    count_up(connection, job_id)  # a job without rows is at its end
    return total - job.total


def _insert(connection: Connection, batch: list[dict[str, Any]]) -> None:
    """Store rows; a column that is empty in all of them is left out, since each one costs a tenth of the time."""
    if batch:
        empty = [name for name in _MAY_BE_EMPTY if not any(row[name] for row in batch)]
        if empty:
            batch = [{name: value for name, value in row.items() if name not in empty} for row in batch]
        connection.execute(insert(_items), batch)


def list_models(connection: Connection, job_id: int) -> tuple[str, ...]:
    """Return the LiteLLM names of the models that rows of a job are generated with."""
    query = select(_items.c.model).where(_items.c.job_id == job_id, _items.c.model != "").distinct()
    return tuple(sorted(connection.scalars(query)))


def begin(
    connection: Connection, job_id: int, chunk: int, grant: Callable[[int], int] = lambda wanted: wanted
) -> tuple[Item, ...]:
    """Return the pending rows of a chunk as they were, and count that work on them begins.

    ``grant`` is told how many of them nobody has begun before, and says how many of these may begin.
    Where work on rows began several times without an end, only the one that was begun the fewest times is returned:
    if one of them kills the process, it kills nothing but itself.
    """
    query = select(_items).where(*_pending_of(job_id, chunk)).order_by(_items.c.attempts, _items.c.id)
    found = connection.execute(query.with_for_update()).all()
    if found and found[-1].attempts >= CAREFUL_AFTER:
        found = found[:1]
    fresh = sum(row.attempts == 0 for row in found)  # they come first
    granted = grant(fresh)
    found = [*found[:granted], *found[fresh:]]
    ids = [row.id for row in found]
    connection.execute(update(_items).where(_items.c.id.in_(ids)).values(attempts=_items.c.attempts + 1))
    return tuple(map(read_item, found))


def lock_pending(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Return those of the items that are still pending, and keep others from finishing them until the end."""
    query = select(_items.c.id).where(_items.c.id.in_(ids), _items.c.state == "pending").with_for_update()
    return set(connection.scalars(query))


def finish(connection: Connection, job_id: int, finished: Sequence[FinishedItem]) -> None:
    """Store what came of pending rows, and count it; the caller has made sure that they are pending."""
    now = tell_time()
    rows = [{"item_id": done.id, **_write_finished(done), "finished_at": now} for done in finished]
    if not rows:
        return
    columns = (name for name in rows[0] if name != "item_id")
    statement = update(_items).where(_items.c.id == bindparam("item_id"))
    connection.execute(statement.values({name: bindparam(name) for name in columns}), rows)
    completed = sum(done.state == "completed" for done in finished)
    count_up(connection, job_id, completed, len(finished) - completed)
    _tally_failed(connection, [_items.c.id.in_([done.id for done in finished if done.state == "failed"])], times=1)


def _tally_failed(connection: Connection, rows: Sequence[Any], times: Literal[1, -1]) -> None:
    """Count failed rows as failed requests, or take them out again; of jobs that generate only."""
    names = ("job_id", "requirements", "model", "failure_reason", "finished_at", "spent_micro_usd")
    failed = (
        select(*(_items.c[name] for name in names))
        .join(_jobs, _jobs.c.id == _items.c.job_id)
        .where(*rows, _items.c.state == "failed", _jobs.c.kind == "generate")
    )
    ended = [
        of_failure(
            "bulk",
            row.job_id,
            row.requirements or {},
            row.model,
            row.failure_reason,
            row.finished_at,
            row.spent_micro_usd,
        )
        for row in connection.execute(failed)
    ]
    tally.add(connection, ended, times)


def leave(connection: Connection, job_id: int, chunk: int) -> int:
    """Give the rows of a chunk that are still pending a new chunk, for later; return how many there were.

    Work on a chunk ends with it, so that no row is ever without a chunk that somebody will work on.
    """
    lock(connection, job_id)
    begun = case((_items.c.attempts > 0, 1), else_=0)  # attempts that ended well do not count, but are not forgotten
    return _move(connection, job_id, _pending_of(job_id, chunk), attempts=begun)


def leave_all(connection: Connection, job_id: int) -> int:
    """Do the same with every pending row of a job whose chunk the queue was given."""
    lock(connection, job_id)
    given = select(_jobs.c.enqueued_chunks).where(_jobs.c.id == job_id).scalar_subquery()
    rows = (_items.c.job_id == job_id, _items.c.state == "pending", _items.c.chunk <= given)
    return _move(connection, job_id, rows)


def retry(connection: Connection, job_id: int, ids: Sequence[int] = ()) -> int:
    """Make failed and cancelled rows pending again, all or the given ones; return how many there were.

    The job runs again. Raises NotFound, NotAllowed for a job of somebody else.
    """
    check_change(connection, job_id)
    lock(connection, job_id)
    rows = [_items.c.job_id == job_id, _items.c.state.in_(("failed", "cancelled"))]
    if ids:
        rows.append(_items.c.id.in_(ids))
    counted = connection.execute(select(_items.c.state, func.count()).where(*rows).group_by(_items.c.state)).all()
    counts = {row[0]: row[1] for row in counted}
    if not counts:
        return 0
    _tally_failed(connection, rows, times=-1)
    moved = _move(connection, job_id, rows, state="pending", attempts=0, failure_reason="", finished_at=None)
    job = _jobs.c
    values: dict[str, Any] = {
        "failed_count": job.failed_count - counts.get("failed", 0),
        "cancelled_count": job.cancelled_count - counts.get("cancelled", 0),
        "state": "running",
        "state_reason": "",
        "finished_at": None,
    }
    connection.execute(update(_jobs).where(job.id == job_id).values(**values))
    audit.record(connection, "retried", "job", job_id, f"Rows that are worked on again: {moved}.")
    return moved


def _move(connection: Connection, job_id: int, rows: Sequence[Any], **values: object) -> int:
    """Give rows new chunks, with further values; return how many there were."""
    kind, before = connection.execute(select(_jobs.c.kind, _jobs.c.chunk_count).where(_jobs.c.id == job_id)).one()
    size = CHUNK[kind]
    columns = (_items.c.id, _items.c.priority, _items.c.model)
    found = connection.execute(select(*columns).where(*rows).order_by(_items.c.priority, _items.c.id)).all()
    chunk, filled, last = before, size, None
    moves: dict[int, list[int]] = {}
    for row in found:
        bucket = (row.priority, bool(row.model))
        if filled == size or bucket != last:
            chunk, filled, last = chunk + 1, 0, bucket
        filled += 1
        moves.setdefault(chunk, []).append(row.id)
    for number, ids in moves.items():
        connection.execute(update(_items).where(_items.c.id.in_(ids)).values(chunk=number, **values))
    connection.execute(update(_jobs).where(_jobs.c.id == job_id).values(chunk_count=chunk))
    return len(found)


def read_item(row: Row[Any]) -> Item:
    """Return a row of the table as an item."""
    return Item(
        id=row.id,
        job_id=row.job_id,
        position=row.position,
        line=row.line,
        state=row.state,
        name=row.name,
        objective=row.objective,
        requirements=row.requirements or {},
        model=row.model,
        priority=row.priority,
        tags=row.tags,
        extra=row.extra or {},
        attempts=row.attempts,
        failure_reason=row.failure_reason,
        notice=row.notice,
        crew_id=row.crew_id,
        crew_name=row.crew_name,
        version_number=row.version_number,
        request_id=row.request_id,
        engine=row.engine,
        domain=row.domain,
        figures=_read_figures(row),
        before=None if row.before is None else read_value(Figures, row.before, f"item {row.id}"),
        spent_usd=to_usd(row.spent_micro_usd),
        seconds=row.seconds,
        finished_at=row.finished_at,
    )


def _read_figures(row: Row[Any]) -> Figures | None:
    if row.success is None:
        return None
    return Figures(
        success=row.success,
        success_p10=row.success_p10,
        success_p90=row.success_p90,
        cost_usd=read_usd(row.cost_micro_usd),
        duration_s=row.duration_s,
        agents=row.agent_count,
        tasks=row.task_count,
        errors=row.error_count,
        warnings=row.warning_count,
        score=row.score,
    )


def _write_finished(done: FinishedItem) -> dict[str, Any]:
    figures = done.figures
    cost = figures.cost_usd if figures else None
    return {
        "state": done.state,
        "failure_reason": done.failure_reason,
        "notice": done.notice,
        "crew_id": done.crew_id,
        "version_number": done.version_number,
        "request_id": done.request_id,
        "crew_name": done.crew_name,
        "engine": done.engine,
        "domain": done.domain,
        "success": figures and figures.success,
        "success_p10": figures and figures.success_p10,
        "success_p90": figures and figures.success_p90,
        "cost_micro_usd": write_usd(cost),
        "duration_s": figures and figures.duration_s,
        "agent_count": figures and figures.agents,
        "task_count": figures and figures.tasks,
        "error_count": figures and figures.errors,
        "warning_count": figures and figures.warnings,
        "score": figures and figures.score,
        "before": done.before,
        "spent_micro_usd": to_micro_usd(done.spent_usd),
        "seconds": done.seconds,
    }


def _pending_of(job_id: int, chunk: int) -> tuple[Any, ...]:
    return (_items.c.job_id == job_id, _items.c.chunk == chunk, _items.c.state == "pending")
