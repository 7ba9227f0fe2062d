"""What was deleted more than 30 days ago goes for good, with everything that hangs on it.

What it cost stays counted: calls of models and the tally of requests hold figures only, no words.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from crewgen_core.models.deletion import KEPT_FOR
from crewgen_core.storage import tables

DELETABLE = (tables.outcomes, tables.runs, tables.crews, tables.jobs, tables.dynamic_crew_templates)
"""In the order in which they are purged."""

_NAMED = {tables.crews: "crew", tables.jobs: "job", tables.runs: "run"}
"""How bookmarks name what goes by its number."""

_AT_ONCE = 500
"""Rows in one question: databases take a limited number of values."""


def is_due(connection: Connection) -> bool:
    """Tell whether there is anything to purge."""
    old = tables.tell_time() - KEPT_FOR
    return any(
        connection.scalar(select(table.c.id).where(table.c.deleted_at < old).limit(1)) is not None
        for table in DELETABLE
    )


def purge(connection: Connection) -> int:
    """Delete for good what was deleted more than 30 days ago, and return how many things that were."""
    old = tables.tell_time() - KEPT_FOR
    return sum(drop(connection, table, table.c.deleted_at < old) for table in DELETABLE)


def drop(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    """Delete rows of a deletable table for good, with everything that hangs on them; return how many there were."""
    drop_rows = {
        tables.outcomes: _drop_outcomes,
        tables.runs: _drop_runs,
        tables.crews: _drop_crews,
        tables.jobs: _drop_jobs,
        tables.dynamic_crew_templates: _drop_templates,
    }[table]
    ids = connection.scalars(select(table.c.id).where(which)).all()
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        drop_rows(connection, some)
        if table in _NAMED:  # the next row may get a number that is free again
            marks = tables.bookmarks
            _delete(connection, marks, (marks.c.thing == _NAMED[table]) & marks.c.thing_id.in_(list(map(str, some))))
    return len(ids)


def _drop_outcomes(connection: Connection, ids: Sequence[int]) -> None:
    _delete(connection, tables.outcomes, tables.outcomes.c.id.in_(ids))


def _drop_runs(connection: Connection, ids: Sequence[int]) -> None:
    runs, calls = tables.runs, tables.model_calls
    _delete(connection, tables.outcomes, tables.outcomes.c.run_id.in_(ids))
    for table in (tables.run_tasks, tables.run_usage, tables.run_events, tables.run_questions):
        _delete(connection, table, table.c.run_id.in_(ids))
    connection.execute(update(runs).where(runs.c.previous_run_id.in_(ids)).values(previous_run_id=None))
    connection.execute(update(calls).where(calls.c.run_id.in_(ids)).values(run_id=None))
    _delete(connection, runs, runs.c.id.in_(ids))


def _drop_crews(connection: Connection, ids: Sequence[int]) -> None:
    crews, versions, requests, items = tables.crews, tables.crew_versions, tables.generation_requests, tables.job_items
    _drop_runs(connection, connection.scalars(select(tables.runs.c.id).where(tables.runs.c.crew_id.in_(ids))).all())
    for table in (tables.outcomes, tables.crew_optimizations):
        _delete(connection, table, table.c.crew_id.in_(ids))
    agents, skills = tables.agents, tables.agent_capabilities
    of_crews = agents.c.crew_version_id.in_(select(versions.c.id).where(versions.c.crew_id.in_(ids)))
    _delete(connection, skills, skills.c.agent_id.in_(select(agents.c.id).where(of_crews)))
    _delete(connection, agents, of_crews)
    asked = connection.scalars(select(requests.c.id).where(requests.c.generated_crew_id.in_(ids))).all()
    connection.execute(update(items).where(items.c.crew_id.in_(ids)).values(crew_id=None))
    connection.execute(update(items).where(items.c.request_id.in_(asked)).values(request_id=None))
    for table in (tables.task_requirements, tables.generation_metrics):
        _delete(connection, table, table.c.generation_request_id.in_(asked))
    _delete(connection, requests, requests.c.id.in_(asked))
    _delete(connection, versions, versions.c.crew_id.in_(ids))
    _delete(connection, crews, crews.c.id.in_(ids))


def _drop_jobs(connection: Connection, ids: Sequence[int]) -> None:
    jobs, items, calls = tables.jobs, tables.job_items, tables.model_calls
    connection.execute(update(calls).where(calls.c.job_id.in_(ids)).values(job_id=None, item_id=None))
    connection.execute(update(jobs).where(jobs.c.source_job_id.in_(ids)).values(source_job_id=None))
    _delete(connection, items, items.c.job_id.in_(ids))
    _delete(connection, jobs, jobs.c.id.in_(ids))


def _drop_templates(connection: Connection, ids: Sequence[int]) -> None:
    templates, versions = tables.dynamic_crew_templates, tables.template_versions
    _delete(connection, versions, versions.c.template_id.in_(ids))
    _delete(connection, templates, templates.c.id.in_(ids))


def _delete(connection: Connection, table: Table, which: ColumnElement[bool]) -> None:
    connection.execute(delete(table).where(which))
