"""Runs as the process that executes crews leaves them in the database, without executing anything."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from crewgen_core.models.run import RunSettings
from crewgen_core.models.stored import StoredCrew
from crewgen_core.storage.tables import run_tables

BEGAN = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def add_run(
    connection: Connection,
    stored: StoredCrew,
    outputs: Mapping[str, str] | None = None,
    settings: RunSettings | None = None,
    **columns: Any,
) -> int:
    """Store a run of a crew and return its id; it took four minutes, one of them waiting, unless told otherwise.

    ``outputs`` are the results by key of the task; a task without one has not come to its end.
    """
    settings = settings or RunSettings()
    values = {
        "crew_id": stored.crew_id,
        "version_number": stored.number,
        "crew_name": stored.crew.name,
        "state": "completed",
        "settings": settings.model_dump(mode="json"),
        "model": "gpt-5.6-luna",
        "dry": settings.dry,
        "notes": [],
        "predicted_success": 0.5,
        "predicted_cost_micro_usd": 100_000,
        "predicted_duration_s": 240.0,
        "predicted_tokens": 50_000.0,
        "task_count": len(stored.crew.tasks),
        "tokens_in": 40_000,
        "tokens_out": 8_000,
        "cost_micro_usd": 123_456,
        "waited_s": 60.0,
        "started_at": BEGAN,
        "finished_at": BEGAN + timedelta(minutes=4),
    }
    run_id = connection.execute(
        insert(run_tables.runs).values({**values, **columns}).returning(run_tables.runs.c.id)
    ).scalar_one()
    given = outputs or {}
    for position, task in enumerate(stored.crew.tasks):
        connection.execute(
            insert(run_tables.run_tasks).values(
                run_id=run_id,
                position=position,
                key=task.key,
                name=task.name,
                agent=task.agent,
                state="completed" if task.key in given else "pending",
                output=given.get(task.key, ""),
            )
        )
    return run_id
