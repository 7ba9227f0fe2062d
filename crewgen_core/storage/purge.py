"""What was deleted more than 30 days ago goes for good, with everything that hangs on it.

What it cost stays counted: calls of models and the tally of requests hold figures only, no words.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from crewgen_core.models.deletion import KEPT_FOR
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables import (
    crew_tables,
    job_tables,
    model_tables,
    people_tables,
    request_tables,
    run_tables,
    template_tables,
)

DELETABLE = (
    run_tables.outcomes,
    run_tables.runs,
    crew_tables.crews,
    job_tables.jobs,
    template_tables.dynamic_crew_templates,
)
"""In the order in which they are purged."""

_NAMED = {crew_tables.crews: "crew", job_tables.jobs: "job", run_tables.runs: "run"}
"""How bookmarks name what goes by its number."""

_AT_ONCE = 500
"""Rows in one question: databases take a limited number of values."""


def is_due(connection: Connection) -> bool:
    """Tell whether there is anything to purge."""
    old = tell_time() - KEPT_FOR
    return any(
        connection.scalar(select(table.c.id).where(table.c.deleted_at < old).limit(1)) is not None
        for table in DELETABLE
    )


def purge(connection: Connection) -> int:
    """Delete for good what was deleted more than 30 days ago, and return how many things that were."""
    old = tell_time() - KEPT_FOR
    return sum(drop(connection, table, table.c.deleted_at < old) for table in DELETABLE)


def drop(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    """Delete rows of a deletable table for good, with everything that hangs on them; return how many there were."""
    drop_rows = {
        run_tables.outcomes: _drop_outcomes,
        run_tables.runs: _drop_runs,
        crew_tables.crews: _drop_crews,
        job_tables.jobs: _drop_jobs,
        template_tables.dynamic_crew_templates: _drop_templates,
    }[table]
    ids = connection.scalars(select(table.c.id).where(which)).all()
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        drop_rows(connection, some)
        if table in _NAMED:  # the next row may get a number that is free again
            marks = people_tables.bookmarks
            _delete(connection, marks, (marks.c.thing == _NAMED[table]) & marks.c.thing_id.in_(list(map(str, some))))
    return len(ids)


def _drop_outcomes(connection: Connection, ids: Sequence[int]) -> None:
    _delete(connection, run_tables.outcomes, run_tables.outcomes.c.id.in_(ids))


def _drop_runs(connection: Connection, ids: Sequence[int]) -> None:
    runs, calls = run_tables.runs, model_tables.model_calls
    _delete(connection, run_tables.outcomes, run_tables.outcomes.c.run_id.in_(ids))
    for table in (run_tables.run_tasks, run_tables.run_usage, run_tables.run_events, run_tables.run_questions):
        _delete(connection, table, table.c.run_id.in_(ids))
    connection.execute(update(runs).where(runs.c.previous_run_id.in_(ids)).values(previous_run_id=None))
    connection.execute(update(calls).where(calls.c.run_id.in_(ids)).values(run_id=None))
    _delete(connection, runs, runs.c.id.in_(ids))


def _drop_crews(connection: Connection, ids: Sequence[int]) -> None:
    crews, versions = crew_tables.crews, crew_tables.crew_versions
    requests = request_tables.generation_requests
    items = job_tables.job_items
    runs = run_tables.runs
    _drop_runs(connection, connection.scalars(select(runs.c.id).where(runs.c.crew_id.in_(ids))).all())
    for table in (run_tables.outcomes, crew_tables.crew_optimizations):
        _delete(connection, table, table.c.crew_id.in_(ids))
    agents, skills = crew_tables.agents, crew_tables.agent_capabilities
    of_crews = agents.c.crew_version_id.in_(select(versions.c.id).where(versions.c.crew_id.in_(ids)))
    _delete(connection, skills, skills.c.agent_id.in_(select(agents.c.id).where(of_crews)))
    _delete(connection, agents, of_crews)
    asked = connection.scalars(select(requests.c.id).where(requests.c.generated_crew_id.in_(ids))).all()
    connection.execute(update(items).where(items.c.crew_id.in_(ids)).values(crew_id=None))
    connection.execute(update(items).where(items.c.request_id.in_(asked)).values(request_id=None))
    for table in (request_tables.task_requirements, request_tables.generation_metrics):
        _delete(connection, table, table.c.generation_request_id.in_(asked))
    _delete(connection, requests, requests.c.id.in_(asked))
    _delete(connection, versions, versions.c.crew_id.in_(ids))
    _delete(connection, crews, crews.c.id.in_(ids))


def _drop_jobs(connection: Connection, ids: Sequence[int]) -> None:
    jobs, items, calls = job_tables.jobs, job_tables.job_items, model_tables.model_calls
    connection.execute(update(calls).where(calls.c.job_id.in_(ids)).values(job_id=None, item_id=None))
    connection.execute(update(jobs).where(jobs.c.source_job_id.in_(ids)).values(source_job_id=None))
    _delete(connection, items, items.c.job_id.in_(ids))
    _delete(connection, jobs, jobs.c.id.in_(ids))


def _drop_templates(connection: Connection, ids: Sequence[int]) -> None:
    templates, versions = template_tables.dynamic_crew_templates, template_tables.template_versions
    _delete(connection, versions, versions.c.template_id.in_(ids))
    _delete(connection, templates, templates.c.id.in_(ids))


def _delete(connection: Connection, table: Table, which: ColumnElement[bool]) -> None:
    connection.execute(delete(table).where(which))
