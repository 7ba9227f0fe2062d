"""Deleting and bringing back: a deleted row stays for 30 days with the moment at which it was deleted, seen by nobody.

What belongs to a thing goes with it and carries the same moment, by which it is known when the thing comes back: with
a crew its runs and their outcomes, with a run its outcome, and with a job its crews where a person wants that. What was
deleted on its own before keeps its own moment, and stays deleted.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, Table, cast, func, literal, select, true, update

from crewgen_core.errors import CannotDelete, NotFound
from crewgen_core.models.deletion import KEPT_FOR, Deletable, Deleted
from crewgen_core.models.job import OPEN_STATES
from crewgen_core.models.run import OPEN_RUN_STATES
from crewgen_core.numbers import format_count
from crewgen_core.storage import audit, crews, jobs, outcomes, ownership, runs, templates
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables import crew_tables, job_tables, run_tables, template_tables

_crews, _jobs, _runs, _outcomes = crew_tables.crews, job_tables.jobs, run_tables.runs, run_tables.outcomes
_templates, _versions = template_tables.dynamic_crew_templates, template_tables.template_versions
_items = job_tables.job_items

TABLES: dict[Deletable, Table] = {
    "crew": _crews,
    "job": _jobs,
    "template": _templates,
    "run": _runs,
    "outcome": _outcomes,
}

LARGEST_ID = 2**31 - 1
"""What the number of a row can be in every database."""

MOST_LISTED = 200
"""Things that are listed, those deleted last."""


def delete(connection: Connection, thing: Deletable, key: str, with_crews: bool = False) -> Deleted:
    """Delete a thing with what belongs to it, and return it; ``with_crews`` takes the crews that a job made along.

    Raises NotFound, NotAllowed, and CannotDelete for what is being worked on.
    """
    match thing:
        case "template":
            row_id = templates.remove(connection, key)
        case "outcome":
            row_id = _read_id(thing, key)
            outcomes.remove(connection, row_id)
        case _:
            row_id = _read_id(thing, key)
            _remove(connection, thing, row_id, with_crews)
    row = connection.execute(_list(thing).where(TABLES[thing].c.id == row_id)).one()
    return _read(row, _count_along(connection, thing, row.deleted_at))


def restore(connection: Connection, thing: Deletable, key: str) -> Deleted:
    """Bring back what was deleted, with what went with it; return what it was.

    A template whose key was given to another meanwhile comes back with a new one. Raises NotFound for what was not
    deleted, went with something else, or is somebody else's.
    """
    table = TABLES[thing]
    restorable = _list(thing).where(*_may_restore(connection, thing)).order_by(table.c.deleted_at.desc()).subquery()
    wanted = key if thing == "template" else str(_read_id(thing, key))
    row = connection.execute(select(restorable).where(restorable.c.key == wanted).limit(1)).first()
    if row is None:
        raise NotFound(
            f"There is no deleted {thing} {key}.", "“Deleted” under Settings lists what can be brought back."
        )
    gone = _read(row, _count_along(connection, thing, row.deleted_at))
    now = tell_time()
    if thing == "template":
        gone = gone.model_copy(update={"key": templates.bring_back(connection, row.id, row.key)})
    for other in _together(thing):
        values: dict[str, Any] = {"deleted_at": None}
        if other is _outcomes:  # what is learned looks for outcomes that changed
            values["updated_at"] = now
        connection.execute(update(other).where(other.c.deleted_at == row.deleted_at).values(values))
    along = f" With {gone.along}." if gone.along else ""
    audit.record(connection, "brought back", thing, gone.key, f'"{gone.name}".{along}')
    return gone


def list_deleted(connection: Connection) -> tuple[Deleted, ...]:
    """Return what who asks may bring back, the latest deletion first, at most 200."""
    found = [
        _list(thing).where(*_may_restore(connection, thing)).order_by(table.c.deleted_at.desc()).limit(MOST_LISTED)
        for thing, table in TABLES.items()
    ]
    rows = [row for query in found for row in connection.execute(query)]
    rows.sort(key=lambda row: row.deleted_at, reverse=True)
    return tuple(_read(row, _count_along(connection, row.thing, row.deleted_at)) for row in rows[:MOST_LISTED])


def _remove(connection: Connection, thing: Deletable, row_id: int, with_crews: bool) -> None:
    """Delete a crew, job or run; all that goes with it gets the same moment."""
    now = tell_time()
    match thing:
        case "crew":
            crews.check_change(connection, row_id)
            which = _crews.c.id == row_id
            name = connection.scalar(select(_crews.c.name).where(which))
            _mark_crews(connection, which, now)
        case "job":
            jobs.check_change(connection, row_id)
            job = jobs.lock(connection, row_id)
            if job.state in OPEN_STATES:
                raise CannotDelete(
                    f"Job {row_id} is {job.state}: rows of it may still be worked on.", "Cancel it first."
                )
            name = job.name
            if with_crews and job.kind == "generate":  # those of other jobs were there before
                made = select(_items.c.crew_id).where(_items.c.job_id == row_id, _items.c.crew_id.is_not(None))
                same_owner = _crews.c.owner_id.is_not_distinct_from(job.owner_id)
                _mark_crews(connection, _crews.c.id.in_(made) & same_owner, now)
            _mark(connection, _jobs, _jobs.c.id == row_id, now)
        case _:
            runs.check_change(connection, row_id)
            run = runs.get(connection, row_id)
            if run.open:
                raise CannotDelete(f"Run {row_id} is {run.state}.", "Stop it first.")
            name = f"A run of {run.crew_name}"
            _mark(connection, _outcomes, _outcomes.c.run_id == row_id, now)
            _mark(connection, _runs, _runs.c.id == row_id, now)
    along = _count_along(connection, thing, now)
    audit.record(connection, "deleted", thing, row_id, f'"{name}".{f" With {along}." if along else ""}')


def _mark_crews(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    """Delete crews with their runs and outcomes. Raises CannotDelete while one of them runs."""
    there = which & ownership.is_kept(_crews)
    busy = select(_runs.c.id).where(
        _runs.c.crew_id.in_(select(_crews.c.id).where(there)), _runs.c.state.in_(OPEN_RUN_STATES)
    )
    if (run_id := connection.scalar(busy.limit(1))) is not None:
        raise CannotDelete(f"Run {run_id} of the crew has not ended.", "Stop the run first, or wait for its end.")
    _mark(connection, _crews, there, now)
    gone = select(_crews.c.id).where(_crews.c.deleted_at == now)
    for table in (_runs, _outcomes):
        _mark(connection, table, table.c.crew_id.in_(gone), now)


def _mark(connection: Connection, table: Table, which: ColumnElement[bool], now: datetime) -> None:
    connection.execute(update(table).where(which, ownership.is_kept(table)).values(deleted_at=now))


def _together(thing: Deletable) -> Iterable[Table]:
    """Return the tables in which rows go with such a thing, its own first."""
    return {
        "crew": (_crews, _runs, _outcomes),
        "job": (_jobs, _crews, _runs, _outcomes),
        "template": (_templates,),
        "run": (_runs, _outcomes),
        "outcome": (_outcomes,),
    }[thing]


def _count_along(connection: Connection, thing: Deletable, moment: datetime) -> str:
    """Return in words what went with a thing at this moment."""
    words = {_crews: "crew", _runs: "run", _outcomes: "outcome"}
    counts = {
        words[table]: connection.scalar(select(func.count()).where(table.c.deleted_at == moment)) or 0
        for table in tuple(_together(thing))[1:]
    }
    return ", ".join(format_count(count, word) for word, count in counts.items() if count)


def _list(thing: Deletable) -> Select[*tuple[Any, ...]]:
    """Return the query of deleted things of a kind: those that went on their own, and are not yet to go for good."""
    table = TABLES[thing]
    columns = [literal(thing).label("thing"), table.c.id, table.c.deleted_at]
    match thing:
        case "template":
            document = select(_versions.c.template_config["key"].as_string()).where(
                _versions.c.template_id == table.c.id, _versions.c.number == table.c.newest_number
            )
            query = select(*columns, table.c.name, document.scalar_subquery().label("key"))
        case "outcome":
            query = select(*columns, _crews.c.name, cast(table.c.id, String).label("key"))
            query = query.join_from(_outcomes, _crews, _crews.c.id == _outcomes.c.crew_id)
        case _:
            name = _runs.c.crew_name if thing == "run" else table.c.name
            query = select(*columns, name.label("name"), cast(table.c.id, String).label("key"))
    return query.where(table.c.deleted_at > tell_time() - KEPT_FOR)


def _may_restore(connection: Connection, thing: Deletable) -> ownership.Conditions:
    """Return the conditions under which who asks may bring a thing back: it is theirs, and went on its own."""
    table = TABLES[thing]
    match thing:
        case "crew":
            own = table.c.deleted_at.not_in(select(_jobs.c.deleted_at).where(_jobs.c.deleted_at.is_not(None)))
        case "run" | "outcome":
            own = table.c.crew_id.in_(select(_crews.c.id).where(ownership.is_kept(_crews)))
        case _:
            own = true()
    if thing != "outcome":
        return (own, ownership.is_own(connection, table.c.owner_id))
    run = select(_runs.c.owner_id).where(_runs.c.id == _outcomes.c.run_id, ownership.is_kept(_runs))
    of_run = run.where(ownership.is_own(connection, _runs.c.owner_id)).exists()
    of_crew = _outcomes.c.run_id.is_(None) & ownership.is_own(connection, _crews.c.owner_id)
    return (own, of_run | of_crew)


def _read(row: Row[Any], along: str) -> Deleted:
    return Deleted(
        thing=row.thing,
        key=row.key,
        name=row.name,
        deleted_at=row.deleted_at,
        until=row.deleted_at + KEPT_FOR,
        along=along,
    )


def _read_id(thing: Deletable, key: str) -> int:
    """Return the number of a row. Raises NotFound for what is none."""
    if not (key.isascii() and key.isdecimal() and int(key) <= LARGEST_ID):
        raise NotFound(f"There is no {thing} {key[:20]}.")
    return int(key)
