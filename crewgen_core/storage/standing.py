"""How everything stands, read in a few milliseconds however much there is: from sums that are kept anyway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, and_, case, cast, func, literal, select

from crewgen_core.models.standing import Generations, ModelCalls, Standing
from crewgen_core.storage.clock import tell_ms
from crewgen_core.storage.counts import count_open
from crewgen_core.storage.tables import job_tables, model_tables, request_tables, run_tables
from crewgen_core.storage.workers import count_workers

BUILT_IN = "built-in"

ITEM_STATES = ("completed", "failed", "cancelled")
"""States of rows whose numbers stand with their job; the others are pending."""

_calls = model_tables.model_calls.c


@dataclass
class CallSums:
    """Calls of models summed up so far; each look adds those that ended since, so that none is read twice."""

    upto: int = 0
    """The newest call that was added; older ones have ended."""
    sums: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict[tuple[str, str], tuple[int, ...]])
    """Calls, tokens in and out and millionths of a dollar, by provider and result."""

    def add(self, connection: Connection) -> int:
        """Add what has ended, and return how many calls are open."""
        is_open = and_(_calls.ended_ms.is_(None), _calls.lapses_ms > tell_ms(connection))
        oldest, newest, opened = connection.execute(
            select(func.min(case((is_open, _calls.id))), func.max(_calls.id), func.count(case((is_open, 1)))).where(
                _calls.id > self.upto
            )
        ).one()
        if newest is None:
            return 0
        upto = newest if oldest is None else oldest - 1
        result: ColumnElement[str] = case(
            (_calls.ended_ms.is_(None), "lost"), else_=func.coalesce(_calls.result, "unknown")
        )
        sums = (func.count(), *map(_sum, (_calls.tokens_in, _calls.tokens_out, _calls.cost_micro_usd)))
        query = (
            select(_calls.provider, result, *sums)
            .where(_calls.id > self.upto, _calls.id <= upto, _calls.run_id.is_(None))  # runs keep their own figures
            .group_by(_calls.provider, result)
        )
        for provider, how, *more in _read(connection, query):
            before = self.sums.get((provider, how), (0, 0, 0, 0))
            self.sums[provider, how] = tuple(old + int(new) for old, new in zip(before, more, strict=True))
        self.upto = upto
        return opened


def read_standing(connection: Connection, calls: CallSums) -> Standing:
    """Return how everything stands; ``calls`` remembers what was summed up before."""
    opened = calls.add(connection)
    jobs, items = _count_jobs(connection)
    return Standing(
        generations=_count_generations(connection),
        open_requests=count_open(connection),
        calls=(*_list_calls(calls), *_count_calls_of_runs(connection)),
        open_calls=opened,
        jobs=jobs,
        items=items,
        runs=_count_by_state(connection),
        workers=count_workers(connection),
    )


def _count_generations(connection: Connection) -> tuple[Generations, ...]:
    kinds, days = request_tables.request_kinds.c, request_tables.request_days.c
    engine = case((kinds.model == "", BUILT_IN), else_=kinds.model)
    result = case((kinds.fallback, "fell_back"), else_=kinds.state)
    query = (
        select(engine, kinds.origin, result, _sum(days.requests))
        .join_from(request_tables.request_days, request_tables.request_kinds, kinds.id == days.kind_id)
        .where(days.grain == "month")
        .group_by(engine, kinds.origin, result)
    )
    return tuple(
        Generations(engine=row[0], origin=row[1], result=row[2], count=int(row[3])) for row in _read(connection, query)
    )


def _list_calls(calls: CallSums) -> list[ModelCalls]:
    return [
        ModelCalls(
            caller="crewgen",
            provider=provider,
            result=result,
            count=count,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            micro_usd=micro_usd,
        )
        for (provider, result), (count, tokens_in, tokens_out, micro_usd) in sorted(calls.sums.items())
    ]


def _count_calls_of_runs(connection: Connection) -> list[ModelCalls]:
    """Return what crews asked while they ran; their process tells answered calls only."""
    usage = run_tables.run_usage.c
    sums = map(_sum, (usage.calls, usage.tokens_in, usage.tokens_out, usage.cost_micro_usd))
    found: dict[str, list[int]] = {}
    for model, *more in _read(connection, select(usage.model, *sums).group_by(usage.model)):
        of_provider = found.setdefault(model.partition("/")[0], [0, 0, 0, 0])
        for at, value in enumerate(more):
            of_provider[at] += int(value)
    return [
        ModelCalls(
            caller="run",
            provider=provider,
            result="answered",
            count=count,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            micro_usd=micro_usd,
        )
        for provider, (count, tokens_in, tokens_out, micro_usd) in sorted(found.items())
    ]


def _count_jobs(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
    jobs = job_tables.jobs.c
    sums = [_sum(jobs[f"{state}_count"]) for state in ITEM_STATES]
    by_state, items, total = dict[str, int](), dict.fromkeys(ITEM_STATES, 0), 0
    query = select(jobs.state, func.count(), _sum(jobs.total), *sums).group_by(jobs.state)
    for state, count, rows, *ended in _read(connection, query):
        by_state[state] = count
        total += int(rows)
        for name, number in zip(ITEM_STATES, ended, strict=True):
            items[name] += int(number)
    return by_state, {"pending": total - sum(items.values()), **items}


def _count_by_state(connection: Connection) -> dict[str, int]:
    runs = run_tables.runs.c
    return {row[0]: row[1] for row in connection.execute(select(runs.state, func.count()).group_by(runs.state))}


def _read(connection: Connection, query: Any) -> Iterable[Sequence[Any]]:  # noqa: ANN401 columns of any number
    return connection.execute(query).all()


def _sum(column: Column[Any]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(column), literal(0)), BigInteger)
