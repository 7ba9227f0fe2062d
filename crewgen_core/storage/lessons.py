"""Outcomes as learning reads them."""

from datetime import datetime

from sqlalchemy import Connection, select

from crewgen_core.models.outcome import Outcome, OutcomeQuery
from crewgen_core.storage import ownership
from crewgen_core.storage.money import read_usd
from crewgen_core.storage.outcomes import ALL, filters
from crewgen_core.storage.tables import run_tables

_outcomes = run_tables.outcomes


def read_stamp(connection: Connection) -> tuple[int, datetime | None]:
    """Return what changes whenever an outcome is recorded, changed or forgotten; cheap to ask."""
    kept = ownership.is_kept(_outcomes)
    moments = select(_outcomes.c.updated_at).where(kept).order_by(_outcomes.c.updated_at.desc())
    newest = connection.scalar(moments.limit(1))
    count = ownership.count_kept(connection, _outcomes)
    return count, newest


def read_newest(connection: Connection, most: int, query: OutcomeQuery = ALL, of_demo: bool = False) -> list[Outcome]:
    """Return the newest outcomes as learning reads them, in the order of their runs.

    Those of the demo teach nothing: they are read only where they are asked for, alone.
    """
    columns = (
        _outcomes.c[name]
        for name in (
            "predicted_success",
            "succeeded",
            "template_key",
            "predicted_cost_micro_usd",
            "actual_cost_micro_usd",
            "predicted_duration_s",
            "actual_duration_s",
        )
    )
    rows = connection.execute(
        select(*columns)
        .where(*filters(query), _outcomes.c.demo.is_(of_demo), ownership.is_kept(_outcomes))
        .order_by(_outcomes.c.ran_at.desc(), _outcomes.c.id.desc())
        .limit(most)
    ).all()
    return [
        Outcome(
            predicted_success=row.predicted_success,
            succeeded=row.succeeded,
            template=row.template_key,
            predicted_cost_usd=read_usd(row.predicted_cost_micro_usd),
            actual_cost_usd=read_usd(row.actual_cost_micro_usd),
            predicted_duration_s=row.predicted_duration_s,
            actual_duration_s=row.actual_duration_s,
        )
        for row in reversed(rows)
    ]
