"""Optimizations of stored crews: what was suggested, what it would bring, and what of it was applied.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crewgen_core.errors import NotFound
from crewgen_core.models.optimization import Optimization
from crewgen_core.models.stored import OptimizationRow, StoredOptimization
from crewgen_core.storage import ownership
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.money import read_usd, to_micro_usd
from crewgen_core.storage.paging import cut_page
from crewgen_core.storage.tables import crew_tables

_table = crew_tables.crew_optimizations
_COLUMNS = [column for column in _table.columns if column.name != "optimization_result"]


def create(connection: Connection, crew_id: int, number: int, made: Optimization) -> StoredOptimization:
    """Store an optimization of a version of a crew, with nothing applied yet; it belongs to the crew.

    Raises NotFound, NotAllowed for a crew of somebody else.
    """
    ownership.check_change(connection, crew_tables.crews, crew_id, f"crew {crew_id}")
    before, after = made.before, made.after
    new_id = connection.execute(
        insert(_table)
        .values(
            crew_id=crew_id,
            version_number=number,
            optimization_goal=made.goal,
            limits=made.limits,
            optimization_result=made.without_crews(),
            success_before=before.success.p50,
            success_after=after.success.p50,
            cost_before_micro_usd=None if before.cost_usd is None else to_micro_usd(before.cost_usd.p50),
            cost_after_micro_usd=None if after.cost_usd is None else to_micro_usd(after.cost_usd.p50),
            duration_before_s=before.duration_s.p50,
            duration_after_s=after.duration_s.p50,
            change_count=len(made.changes),
            optimal=made.proof.optimal,
            gap=made.proof.gap,
            solver_seconds=made.proof.seconds,
            applied_changes=[],
        )
        .returning(_table.c.id)
    ).scalar_one()
    return get(connection, new_id)


def get(connection: Connection, optimization_id: int) -> StoredOptimization:
    """Return an optimization with everything that is kept of it. Raises NotFound, StorageFault."""
    row = connection.execute(
        select(*_COLUMNS, _table.c.optimization_result).where(
            _table.c.id == optimization_id, *ownership.narrow_by_crew(connection, _table.c.crew_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no optimization {optimization_id}.")
    result = read_value(Optimization, row.optimization_result, f"optimization {optimization_id}")
    return StoredOptimization(row=_read_row(row), result=result)


def list_optimizations(
    connection: Connection, crew_id: int, limit: int = 20, before: int | None = None
) -> tuple[OptimizationRow, ...]:
    """Return the optimizations of a crew, the newest first, from the id ``before`` on."""
    seen = ownership.narrow_by_crew(connection, _table.c.crew_id)
    query = cut_page(select(*_COLUMNS).where(_table.c.crew_id == crew_id, *seen), _table.c.id, limit, before)
    return tuple(_read_row(row) for row in connection.execute(query).all())


def set_applied(connection: Connection, optimization_id: int, applied: Sequence[int], number: int) -> None:
    """Note which changes are applied in version ``number`` of the crew, which came of it.

    The caller has stored that version, or checked that who asks may.
    """
    connection.execute(
        update(_table)
        .where(_table.c.id == optimization_id)
        .values(applied_changes=sorted(applied), applied_number=number, applied_at=tell_time())
    )


def _read_row(row: Row[Any]) -> OptimizationRow:
    return read_value(
        OptimizationRow,
        {
            "id": row.id,
            "crew_id": row.crew_id,
            "number": row.version_number,
            "goal": row.optimization_goal,
            "limits": row.limits,
            "success_before": row.success_before,
            "success_after": row.success_after,
            "cost_before_usd": read_usd(row.cost_before_micro_usd),
            "cost_after_usd": read_usd(row.cost_after_micro_usd),
            "duration_before_s": row.duration_before_s,
            "duration_after_s": row.duration_after_s,
            "change_count": row.change_count,
            "optimal": row.optimal,
            "gap": row.gap,
            "applied": row.applied_changes,
            "applied_number": row.applied_number,
            "created_at": row.created_at,
            "applied_at": row.applied_at,
        },
        f"optimization {row.id}",
    )
