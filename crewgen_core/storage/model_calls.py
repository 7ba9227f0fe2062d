"""Calls of models: who is being asked now, who was asked lately, what it cost, and what was answered.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``. That
transaction is the gate of all workers on all machines: whether a call fits is decided, and it is noted, in one.
"""

import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, insert, select, text, update

from crewgen_core.llm.call import Answer
from crewgen_core.models.limit import NO_LIMITS, PROVIDER, TOKEN, DayLimits, LimitStanding, Spender
from crewgen_core.storage import usage
from crewgen_core.storage.clock import tell_ms
from crewgen_core.storage.database import person_of
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.money import to_micro_usd, write_usd
from crewgen_core.storage.tables import job_tables, model_tables, run_tables

_calls, _jobs, _runs = model_tables.model_calls, job_tables.jobs, run_tables.runs

MINUTE_MS = 63_000
"""The minute that providers count, in milliseconds, and three seconds by which one call may be longer on its way than
another: they count when it arrives."""

GRACE_MS = 10_000
"""Milliseconds after its deadline until a call that is still open is taken for one of a dead process."""

DAY_MS = 86_400_000

_SETTLED = (
    "job_id",
    "person_id",
    "token_id",
    "provider",
    "started_ms",
    "cost_micro_usd",
    "reserved_micro_usd",
)
"""Columns of a call that say who has to pay for it."""

Refusal = Literal["busy", "budget", "stopped", "limit"]
"""Why a call does not pass: others must end first, the budget of its job is used up, its job does not run, or a limit
of the day is used up."""


@dataclass(frozen=True)
class Ask:
    """A call that wants to pass."""

    provider: str
    model: str
    at_once: int
    """Most calls of the provider that may be open."""
    per_minute: int
    """Most calls of the provider that may begin within a minute; 0 is no limit."""
    deadline_s: float
    """Seconds within which it ends."""
    most_usd: Decimal | None = None
    """The most that it may cost; None where a price is not known."""
    worker_id: str | None = None
    job_id: int | None = None
    item_id: int | None = None
    step: int = 0
    """Which question of its item it is."""
    run_id: int | None = None
    """The run that it belongs to: CrewAI makes it, and keeps to no limit of providers but that of money."""
    day: DayLimits = NO_LIMITS


@dataclass(frozen=True)
class Passed:
    """A call that may begin now."""

    call_id: int


@dataclass(frozen=True)
class Held:
    """A call that may not begin now."""

    reason: Refusal
    wait_s: float
    """Seconds after which asking again may help."""
    full: LimitStanding | None = None
    """The limit of the day that leaves no room for it; where it is "busy", open calls may cost less and make room."""


def begin(connection: Connection, ask: Ask) -> Passed | Held:
    """Note that a call begins, if limits and budget allow it."""
    _take_turns(connection, ask.provider)
    if ask.job_id is not None:
        refusal = _check_job(connection, ask.job_id, ask.most_usd)
        if refusal:
            return Held(refusal, 0.5)
    now = tell_ms(connection)
    held = _check_provider(connection, ask, now) if ask.run_id is None else None
    if held:
        return held
    spender = _find_spender(connection, ask)
    most = 0 if ask.most_usd is None else to_micro_usd(ask.most_usd)
    over = usage.reserve(connection, spender, ask.provider, ask.day, most)
    if over:
        return _explain_full(connection, *over, now)
    return Passed(
        connection.execute(
            insert(_calls)
            .values(
                provider=ask.provider,
                model=ask.model,
                job_id=ask.job_id,
                item_id=ask.item_id,
                step=ask.step,
                run_id=ask.run_id,
                started_ms=now,
                lapses_ms=now + int(ask.deadline_s * 1000) + GRACE_MS,
                worker_id=ask.worker_id,
                reserved_micro_usd=most,
                person_id=spender.person_id,
                token_id=spender.token_id,
            )
            .returning(_calls.c.id)
        ).scalar_one()
    )


def end(
    connection: Connection, call_id: int, cost_usd: Decimal | None, answer: Answer | None = None, keep: bool = True
) -> None:
    """Note that a call ended, what was answered, and what it cost; where that is not known, it cost the most.

    ``answer`` is None where it failed; ``keep`` keeps its text, for ``find_answer``.
    """
    cost = write_usd(cost_usd)
    came = {"result": "failed"} if answer is None else _describe(answer, keep)
    _end(connection, _calls.c.id == call_id, cost_micro_usd=cost, **came)


def _describe(answer: Answer, keep: bool) -> dict[str, object]:
    tokens = {"tokens_in": answer.tokens_in, "tokens_out": answer.tokens_out}
    return {"result": "answered", **tokens, "answer": answer if keep else None}


def note(connection: Connection, ask: Ask, cost_usd: Decimal | None) -> None:
    """Count what a call cost that was made without being let pass, where that is known."""
    if cost_usd is not None:
        spender, day = _find_spender(connection, ask), usage.tell_day(connection)
        usage.settle(connection, [usage.Cost(spender, ask.provider, day, 0, to_micro_usd(cost_usd))])


def abandon(connection: Connection, worker_id: str) -> None:
    """Note that the open calls of a dead worker ended: they may have cost the most."""
    _end(connection, _calls.c.worker_id == worker_id, cost_micro_usd=None, result="lost")


def abandon_run(connection: Connection, run_id: int) -> None:
    """Note that the open calls of a run ended with it: they may have cost the most."""
    _end(connection, _calls.c.run_id == run_id, cost_micro_usd=None, result="lost")


def _end(connection: Connection, which: ColumnElement[bool], **values: object) -> None:
    call, job = _calls.c, _jobs.c
    ended = connection.execute(
        update(_calls)
        .where(which, call.ended_ms.is_(None))
        .values(ended_ms=tell_ms(connection), **values)
        .returning(*(call[name] for name in _SETTLED))
    ).all()
    costs = [row.reserved_micro_usd if row.cost_micro_usd is None else row.cost_micro_usd for row in ended]
    spent: dict[int, int] = {}
    for row, cost in zip(ended, costs, strict=True):
        if row.job_id is not None:
            spent[row.job_id] = spent.get(row.job_id, 0) + cost
    for job_id, cost in sorted(spent.items()):
        more = job.spent_micro_usd + cost
        connection.execute(update(_jobs).where(job.id == job_id).values(spent_micro_usd=more))
    usage.settle(
        connection,
        [
            usage.Cost(
                Spender(person_id=row.person_id, token_id=row.token_id),
                row.provider,
                usage.day_of(row.started_ms),
                row.reserved_micro_usd,
                cost,
            )
            for row, cost in zip(ended, costs, strict=True)
        ],
    )


def find_answer(connection: Connection, item_id: int, step: int) -> Answer | None:
    """Return what was answered to a question of an item before, None where it was not asked or not answered."""
    row = connection.execute(
        select(_calls.c.answer, _calls.c.id)
        .where(_calls.c.item_id == item_id, _calls.c.step == step, _calls.c.answer.is_not(None))
        .order_by(_calls.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else read_value(Answer, row.answer, f"call {row.id}")


def forget_answers(connection: Connection, item_ids: list[int]) -> None:
    """Forget what was answered for items that are finished: their crews hold what was of use."""
    connection.execute(update(_calls).where(_calls.c.item_id.in_(item_ids)).values(answer=None))


def _check_provider(connection: Connection, ask: Ask, now: int) -> Held | None:
    """Say whether a provider has to be left alone for now; calls of runs do not count."""
    call = _calls.c
    of_provider = (call.provider == ask.provider) & call.run_id.is_(None)
    open_calls = select(func.count()).select_from(_calls).where(of_provider, _is_open(now))
    if (connection.scalar(open_calls) or 0) >= ask.at_once:
        return Held("busy", 0.05)
    if ask.per_minute:
        counted = select(func.count(), func.min(call.started_ms))
        begun, oldest = connection.execute(counted.where(of_provider, call.started_ms > now - MINUTE_MS)).one()
        if begun >= ask.per_minute:
            return Held("busy", max(0.01, (oldest + MINUTE_MS - now) / 1000))
    return None


def _find_spender(connection: Connection, ask: Ask) -> Spender:
    """Return whose money a call spends: that of whoever started its job or run, else of whoever asks."""
    for table, id in ((_jobs, ask.job_id), (_runs, ask.run_id)):
        if id is not None:
            row = connection.execute(select(table.c.owner_id, table.c.token_id).where(table.c.id == id)).one()
            return Spender(person_id=row.owner_id, token_id=row.token_id)
    return Spender.of(person_of(connection))


def _explain_full(connection: Connection, subject: str, full: LimitStanding, now: int) -> Held:
    """Say that a limit of the day leaves no room, and whether open calls may make some by costing less."""
    call, number = _calls.c, subject.rpartition(":")[2]
    if subject.startswith(PROVIDER):
        concerned = call.provider == full.whose
    elif subject.startswith(TOKEN):
        concerned = call.token_id == int(number)
    else:
        concerned = call.person_id.is_(None) if subject == "local" else call.person_id == int(number)
    midnight = int(full.resets_at.timestamp() * 1000)
    of_today = (call.started_ms >= midnight - DAY_MS) & (call.reserved_micro_usd > 0)
    if connection.scalar(select(call.id).where(concerned, of_today, _is_open(now)).limit(1)) is not None:
        return Held("busy", 0.2, full)
    return Held("limit", max(1.0, (midnight - now) / 1000), full)


def _check_job(connection: Connection, job_id: int, most_usd: Decimal | None) -> Refusal | None:
    """Say whether a job may begin another call: it runs, and would stay within its budget if each open call cost most.

    A job whose budget is used up, with no call open that could cost less than was reserved, has to be stopped.
    """
    job = _jobs.c
    row = connection.execute(
        select(job.state, job.budget_micro_usd, job.spent_micro_usd).where(job.id == job_id).with_for_update()
    ).first()
    if row is None or row.state != "running":
        return "stopped"
    if row.budget_micro_usd is None:
        return None
    call = _calls.c
    reserved, running = connection.execute(
        select(func.coalesce(func.sum(call.reserved_micro_usd), 0), func.count()).where(
            call.job_id == job_id, _is_open(tell_ms(connection))
        )
    ).one()
    wanted = 0 if most_usd is None else to_micro_usd(most_usd)
    if row.spent_micro_usd + reserved + wanted <= row.budget_micro_usd:
        return None
    return "busy" if running else "budget"


def _is_open(now_ms: int) -> ColumnElement[bool]:
    return _calls.c.ended_ms.is_(None) & (_calls.c.lapses_ms > now_ms)


def _take_turns(connection: Connection, provider: str) -> None:
    """Let one process at a time decide about a provider; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        key = zlib.crc32(f"crewgen calls {provider}".encode())
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
