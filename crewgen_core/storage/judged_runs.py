"""Runs as they are judged: what an outcome takes from its run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from crewgen_core.errors import NotFound
from crewgen_core.models.run import RunSettings
from crewgen_core.storage import runs
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.tables import run_tables

_runs, _run_tasks = run_tables.runs, run_tables.run_tasks

_PREDICTED = ("success", "cost_micro_usd", "duration_s", "tokens")


@dataclass(frozen=True)
class RanTask:
    """The result of one task of a run."""

    key: str
    state: str
    output: str


@dataclass(frozen=True)
class EndedRun:
    """What an outcome takes from its run."""

    id: int
    crew_id: int
    number: int
    state: str
    dry: bool
    demo: bool
    settings: RunSettings
    model: str
    values: Mapping[str, Any]
    """Columns of its outcome: what was predicted and, where it came to its end, what it cost and took."""
    tasks: tuple[RanTask, ...]

    @property
    def results(self) -> dict[str, str]:
        """Results by key of their task; those that did not come to an end have none."""
        return {task.key: task.output for task in self.tasks if task.state == "completed"}


def read_run(connection: Connection, run_id: int) -> EndedRun:
    """Return what an outcome takes from its run. Raises NotFound."""
    row = connection.execute(select(_runs).where(_runs.c.id == run_id, *runs.narrow(connection))).first()
    if row is None:
        raise NotFound(f"There is no run {run_id}.", "Look it up on the Runs page.")
    tasks = connection.execute(
        select(_run_tasks.c.key, _run_tasks.c.state, _run_tasks.c.output)
        .where(_run_tasks.c.run_id == run_id)
        .order_by(_run_tasks.c.position)
    )
    done = row.state == "completed"  # what half a run cost says nothing about a whole one
    seconds = None
    if done and row.started_at is not None and row.finished_at is not None:
        seconds = max(0.0, (row.finished_at - row.started_at).total_seconds() - row.waited_s)
    names = ("template_key", "template_number", *(f"predicted_{it}" for it in _PREDICTED))
    values = {name: getattr(row, name) for name in names} | {
        "run_id": run_id,
        "crew_id": row.crew_id,
        "version_number": row.version_number,
        "actual_cost_micro_usd": row.cost_micro_usd if done else None,
        "actual_duration_s": seconds,
        "actual_tokens": row.tokens_in + row.tokens_out if done else None,
        "ran_at": row.started_at or row.created_at,
    }
    return EndedRun(
        run_id,
        row.crew_id,
        row.version_number,
        row.state,
        row.dry,
        row.demo,
        read_value(RunSettings, row.settings, f"run {run_id}"),
        row.model,
        values,
        tuple(RanTask(task.key, task.state, task.output) for task in tasks),
    )
