"""Jobs: bulk work that people asked for, its state, and how far it is.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``. Those that
move items hold the row of their job until the transaction ends, so that its counts never drift from its items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Row, case, cast, func, insert, select, update

from crewgen_core.errors import NotFound, UnusableJob
from crewgen_core.models.job import OPEN_STATES, Job, JobSettings, JobState, NewJob, Priority
from crewgen_core.models.limit import Spender
from crewgen_core.storage import audit, ownership
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.database import person_of
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.money import read_usd, to_usd, write_usd
from crewgen_core.storage.paging import cut_page
from crewgen_core.storage.tables import crew_tables, job_tables

_jobs, _items = job_tables.jobs, job_tables.job_items

STRIDES: Mapping[Priority, int] = {"high": 1, "normal": 4, "low": 16}
"""How far apart the turns of a job's chunks are: a job of high priority gets four times the turns of a normal one."""


@dataclass(frozen=True)
class Standing:
    """What people want of a job, and what its queue was brought to."""

    job_id: int
    state: JobState
    queue_state: str
    """"running", "paused", "cancelled", or "cleared" when nothing of the job is left in the queue."""
    chunks_waiting: int
    """Chunks that the queue was not given yet."""


def create(connection: Connection, new: NewJob) -> int:
    """Store a job of who asks without items, to be worked on from the turn that other jobs have reached.

    Return its id.
    """
    job_id = connection.execute(
        insert(_jobs)
        .values(
            name=new.name,
            kind=new.kind,
            file_name=new.file_name,
            state="running",
            priority=new.priority,
            model=new.model,
            settings=new.settings,
            source_job_id=new.source_job_id,
            owner_id=ownership.owner(connection),
            budget_micro_usd=write_usd(new.budget_usd),
            first_turn=_find_turn(connection),
            token_id=person_of(connection).token_id,
        )
        .returning(_jobs.c.id)
    ).scalar_one()
    audit.record(connection, "started", "job", job_id, f'Job "{new.name}".')
    return job_id


def get(connection: Connection, job_id: int) -> Job:
    """Return a job. Raises NotFound."""
    seen = ownership.narrow(connection, _jobs)
    rows = connection.execute(select(_jobs).where(_jobs.c.id == job_id, *seen)).all()
    if not rows:
        raise NotFound(f"There is no job {job_id}.")
    return _read_jobs(connection, rows)[0]


def list_jobs(connection: Connection, limit: int = 20, before: int | None = None) -> tuple[Job, ...]:
    """Return jobs, the newest first, at most ``limit``; ``before`` is the id of the last one of the page before."""
    query = select(_jobs).where(*ownership.narrow(connection, _jobs))
    return _read_jobs(connection, connection.execute(cut_page(query, _jobs.c.id, limit, before)).all())


def find_open(connection: Connection) -> tuple[Job, ...]:
    """Return the jobs that are not at their end, the oldest first."""
    query = select(_jobs).where(_jobs.c.state.in_(OPEN_STATES), *ownership.narrow(connection, _jobs))
    return _read_jobs(connection, connection.execute(query.order_by(_jobs.c.id)).all())


def has_work(connection: Connection) -> bool:
    """Tell whether there is anything for a worker to do: rows to work on, or a queue to bring to what people want."""
    waits = (_jobs.c.state == "running") | (_jobs.c.queue_state.notin_(("cleared", _jobs.c.state))) | _is_due()
    return connection.scalar(select(_jobs.c.id).where(waits).limit(1)) is not None


def find_due(connection: Connection) -> tuple[int, ...]:
    """Return the paused jobs that are to go on by themselves now, the oldest first."""
    return tuple(connection.scalars(select(_jobs.c.id).where(_is_due()).order_by(_jobs.c.id)))


def wake(connection: Connection, job_id: int) -> None:
    """Go on with a paused job, if that is still to be done by itself."""
    due = (_jobs.c.id == job_id) & _is_due()
    values = {"state": "running", "state_reason": "", "resumes_at": None}
    connection.execute(update(_jobs).where(due).values(**values))


def find_owner(connection: Connection, job_id: int) -> Spender:
    """Return for whom a job works."""
    query = select(_jobs.c.owner_id, _jobs.c.token_id).where(_jobs.c.id == job_id)
    row = connection.execute(query).one()
    return Spender(person_id=row.owner_id, token_id=row.token_id)


def lock(connection: Connection, job_id: int) -> Job:
    """Return a job and keep others from moving its items until the transaction ends. Raises NotFound."""
    row = connection.execute(select(_jobs).where(_jobs.c.id == job_id).with_for_update()).first()
    if row is None:
        raise NotFound(f"There is no job {job_id}.")
    return _read_job(row, {"owner_id": row.owner_id, "shared": row.shared})


def check_change(connection: Connection, job_id: int) -> None:
    """Refuse a change of a job by somebody who may not make it. Raises NotAllowed, NotFound."""
    ownership.check_change(connection, _jobs, job_id, f"job {job_id}")


def share(connection: Connection, job_id: int, shared: bool) -> Job:
    """Let everybody look at a job and its crews and use them, or its owner alone again; return it.

    Its crews are those of its rows that belong to the same person, those still to come among them. Raises NotFound,
    NotAllowed.
    """
    check_change(connection, job_id)
    job = lock(connection, job_id)
    ownership.share(connection, _jobs, job_id, shared, "job", job.name)
    crews = crew_tables.crews
    of_job = select(_items.c.crew_id).where(_items.c.job_id == job_id, _items.c.crew_id.is_not(None))
    same_owner = crews.c.owner_id.is_not_distinct_from(job.owner_id)
    connection.execute(update(crews).where(crews.c.id.in_(of_job), same_owner).values(shared=shared))
    return get(connection, job_id)


def set_state(
    connection: Connection, job_id: int, wanted: JobState, reason: str = "", resumes_at: datetime | None = None
) -> Job:
    """Pause a running job, resume a paused one or cancel either, and return it as it stands then.

    One that is paused goes on by itself when it is ``resumes_at``. Asking for the state that it has changes nothing.
    Raises NotFound, NotAllowed for a job of somebody else, and UnusableJob for one at its end.
    """
    check_change(connection, job_id)
    job = lock(connection, job_id)
    if job.state == wanted:
        return job
    if job.state not in OPEN_STATES:
        raise UnusableJob(f"Job {job_id} is {job.state}; there is nothing to change about it.")
    values: dict[str, Any] = {"state": wanted, "state_reason": reason, "resumes_at": resumes_at}
    if wanted == "cancelled":
        values |= {"finished_at": tell_time(), "cancelled_count": job.cancelled + job.pending}
        pending = (_items.c.job_id == job_id) & (_items.c.state == "pending")
        connection.execute(update(_items).where(pending).values(state="cancelled"))
    connection.execute(update(_jobs).where(_jobs.c.id == job_id).values(**values))
    done = "resumed" if wanted == "running" else wanted
    audit.record(connection, done, "job", job_id, f'Job "{job.name}". {reason}'.strip())
    return get(connection, job_id)


def set_budget(connection: Connection, job_id: int, budget_usd: Decimal | None) -> Job:
    """Change what a job may spend, in USD; None is no limit. Raises NotFound, NotAllowed."""
    check_change(connection, job_id)
    job = lock(connection, job_id)
    amount = write_usd(budget_usd)
    connection.execute(update(_jobs).where(_jobs.c.id == job_id).values(budget_micro_usd=amount))
    most = "whatever it takes" if budget_usd is None else f"at most {budget_usd} USD"
    audit.record(connection, "changed", "job", job_id, f'Job "{job.name}" may spend {most}.')
    return get(connection, job_id)


def count_up(connection: Connection, job_id: int, completed: int = 0, failed: int = 0) -> None:
    """Add what was done to the counts of a job; one whose rows are all done is completed by it."""
    job = _jobs.c
    done = job.completed_count + job.failed_count + job.cancelled_count + completed + failed
    ends = (job.state.in_(OPEN_STATES)) & (done >= job.total)
    connection.execute(
        update(_jobs)
        .where(job.id == job_id)
        .values(
            completed_count=job.completed_count + completed,
            failed_count=job.failed_count + failed,
            state=case((ends, "completed"), else_=job.state),
            state_reason=case((ends, ""), else_=job.state_reason),
            finished_at=case((ends, tell_time()), else_=job.finished_at),
        )
    )


def mark_started(connection: Connection, job_id: int) -> None:
    """Note when work on the first row began."""
    fresh = (_jobs.c.id == job_id) & _jobs.c.started_at.is_(None)
    connection.execute(update(_jobs).where(fresh).values(started_at=tell_time()))


def find_unsettled(connection: Connection) -> tuple[Standing, ...]:
    """Return where the jobs stand whose queue may not be what they want."""
    job = _jobs.c
    settled = (job.queue_state == "cleared") & job.state.in_(("completed", "cancelled"))
    columns = (job.id, job.state, job.queue_state, job.chunk_count - job.enqueued_chunks)
    return tuple(Standing(*row) for row in connection.execute(select(*columns).where(~settled).order_by(job.id)))


def note_queue(connection: Connection, job_id: int, queue_state: str) -> None:
    """Note the state that the queue was brought to."""
    connection.execute(update(_jobs).where(_jobs.c.id == job_id).values(queue_state=queue_state))


def take_chunks(connection: Connection, job_id: int, limit: int) -> list[tuple[int, int, bool]]:
    """Take chunks that the queue does not have yet, at most ``limit``: number, turn, and whether models are asked.

    The caller enqueues them in the same transaction.
    """
    job = connection.execute(select(_jobs).where(_jobs.c.id == job_id).with_for_update()).one()
    last = min(job.chunk_count, job.enqueued_chunks + limit)
    if job.state != "running" or last == job.enqueued_chunks:
        return []
    item = _items.c
    found = connection.execute(
        select(item.chunk, func.min(item.priority), func.max(item.model))
        .where(item.job_id == job_id, item.chunk > job.enqueued_chunks, item.chunk <= last)
        .group_by(item.chunk)
        .order_by(item.chunk)
    ).all()
    connection.execute(update(_jobs).where(_jobs.c.id == job_id).values(enqueued_chunks=last))
    return [(chunk, job.first_turn + STRIDES[priority] * chunk, bool(model)) for chunk, priority, model in found]


def _read_jobs(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Job, ...]:
    owners = ownership.tell_owners(connection, rows)
    return tuple(_read_job(row, owned) for row, owned in zip(rows, owners, strict=True))


def _read_job(row: Row[Any], owned: Mapping[str, Any]) -> Job:
    return Job(
        **owned,
        id=row.id,
        name=row.name,
        kind=row.kind,
        file_name=row.file_name,
        priority=row.priority,
        model=row.model,
        budget_usd=read_usd(row.budget_micro_usd),
        settings=read_value(JobSettings, row.settings, f"job {row.id}"),
        source_job_id=row.source_job_id,
        state=row.state,
        state_reason=row.state_reason,
        resumes_at=row.resumes_at if row.state == "paused" else None,
        total=row.total,
        completed=row.completed_count,
        failed=row.failed_count,
        cancelled=row.cancelled_count,
        spent_usd=to_usd(row.spent_micro_usd),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _is_due() -> ColumnElement[bool]:
    return (_jobs.c.state == "paused") & (_jobs.c.resumes_at <= tell_time())


def _find_turn(connection: Connection) -> int:
    """Return the turn that the running job furthest behind has reached: no job waits for the backlog of another.

    This is start-time fair queueing (Goyal, Vin, Cheng 1996) with the chunk as unit of work.
    """
    stride = case(dict(STRIDES), value=_jobs.c.priority, else_=STRIDES["normal"])
    done = _jobs.c.completed_count + _jobs.c.failed_count + _jobs.c.cancelled_count
    share = cast(done, Float) / case((_jobs.c.total > 0, _jobs.c.total), else_=1)
    reached = _jobs.c.first_turn + stride * _jobs.c.chunk_count * share
    return int(connection.scalar(select(func.min(reached)).where(_jobs.c.state == "running")) or 0)
