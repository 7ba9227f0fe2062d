"""What came of the rows of a job: found, sorted and paged in the database, or read one after the other.

Every function works within a transaction of ``Database``, usually ``read()``.
"""

from array import array
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select

from crewgen_core.errors import NotFound
from crewgen_core.models.crew import Crew
from crewgen_core.models.job import FailureCount, Item, ItemOrder, ItemPage, ItemQuery, Job
from crewgen_core.storage import jobs, ownership
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.job_items import read_item
from crewgen_core.storage.money import to_micro_usd
from crewgen_core.storage.paging import MAX_ROWS
from crewgen_core.storage.tables import crew_tables, job_tables

_items, _versions = job_tables.job_items, crew_tables.crew_versions

ALL = ItemQuery()

_ORDERS: dict[ItemOrder, ColumnElement[Any]] = {
    "position": _items.c.id,  # rows are stored in their order, and an index knows the ids
    "name": func.nullif(func.lower(_items.c.name), ""),
    "success": _items.c.success,
    "cost": _items.c.cost_micro_usd,
    "duration": _items.c.duration_s,
    "agents": _items.c.agent_count,
    "tasks": _items.c.task_count,
    "warnings": _items.c.warning_count,
    "score": _items.c.score,
    "finished": _items.c.finished_at,
}

_FAILED = _items.c.state == literal_column("'failed'")
"""Written out: SQLite takes the index of failed rows for this, and not for a parameter."""

_BATCH = 500
"""Items that are read together: a few hundred kilobytes."""

RATE_ROWS, RATE_SECONDS = 200, 60
"""The rate is that of the last 200 rows, as far as they were finished within the last minute."""


def list_items(
    connection: Connection, job_id: int, query: ItemQuery = ALL, limit: int = 50, offset: int = 0
) -> ItemPage:
    """Return the rows that a query finds, from ``offset`` on, at most ``limit`` (1 to 1,000), and how many there are.

    What has no figure comes last in both directions; equal ones stand in the order of the file. Raises NotFound.
    """
    job = jobs.get(connection, job_id)
    first, most = max(offset, 0), min(max(limit, 1), MAX_ROWS)
    found = _find(connection, job_id, query)
    if query == ItemQuery(states=query.states, order=query.order, descending=query.descending):
        ids = connection.scalars(found.limit(most).offset(first)).all()
        return ItemPage(items=_read(connection, ids), total=_count_states(job, query))
    ids = connection.scalars(found).all()  # to count and to cut apart would be to search twice
    return ItemPage(items=_read(connection, ids[first : first + most]), total=len(ids))


def stream_items(connection: Connection, job_id: int, query: ItemQuery = ALL) -> Iterator[Item]:
    """Yield every row that a query finds, in its order; only ids of all and a few hundred rows are held at once.

    A row that changes meanwhile comes once, where it was when the first was read.
    """
    found = array("q", connection.scalars(_find(connection, job_id, query).execution_options(yield_per=10_000)))
    for start in range(0, len(found), _BATCH):
        yield from _read(connection, found[start : start + _BATCH])


def get_item(connection: Connection, item_id: int) -> Item:
    """Return a row of a job. Raises NotFound."""
    jobs_seen = ownership.narrow(connection, job_tables.jobs)
    query = select(_items).where(_items.c.id == item_id)
    if jobs_seen:
        query = query.join(job_tables.jobs, job_tables.jobs.c.id == _items.c.job_id).where(*jobs_seen)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"There is no row {item_id} of a job.")
    return read_item(row)


def load_crew(connection: Connection, item: Item) -> Crew:
    """Return the crew that came of a row, in the version of that time. Raises NotFound."""
    seen = ownership.narrow_by_crew(connection, _versions.c.crew_id)
    query = select(_versions.c.crew).where(_versions.c.crew_id == item.crew_id, *seen)
    if item.version_number is not None:
        query = query.where(_versions.c.number == item.version_number)
    document = connection.scalar(query.order_by(_versions.c.number.desc()).limit(1))
    if document is None:
        raise NotFound(f"There is no crew of row {item.position}.")
    return read_value(Crew, document, f"crew {item.crew_id}")


def list_domains(connection: Connection, job_id: int) -> tuple[str, ...]:
    """Return the domains that the rows of a job have, by name. Raises NotFound."""
    jobs.get(connection, job_id)
    query = select(_items.c.domain).where(_items.c.job_id == job_id, _items.c.domain != "").distinct()
    return tuple(sorted(connection.scalars(query), key=str.lower))


def list_extra_columns(connection: Connection, job_id: int) -> tuple[str, ...]:
    """Return the names of the uploaded columns that crewgen does not know, in the order in which they first come."""
    query = select(_items.c.extra).where(_items.c.job_id == job_id, _items.c.extra.is_not(None)).order_by(_items.c.id)
    names: dict[str, None] = {}
    for extra in connection.scalars(query.execution_options(yield_per=_BATCH)):
        names.update(dict.fromkeys(extra))
    return tuple(names)


def list_recent(connection: Connection, job_id: int, limit: int = 10) -> tuple[Item, ...]:
    """Return the rows that were finished last, the newest first, at most ``limit``."""
    item = _items.c
    done = select(item.id).where(item.job_id == job_id, item.finished_at.is_not(None))
    found = connection.scalars(done.order_by(item.finished_at.desc(), item.id.desc()).limit(limit))
    return _read(connection, found.all())


def measure_rate(connection: Connection, job_id: int) -> float | None:
    """Return how many rows a second are finished at present; None where it cannot be told.

    Rows of one chunk are finished in one moment, so those of the oldest moment are not counted: they were worked on
    before it.
    """
    finished = _items.c.finished_at
    fresh = finished >= tell_time() - timedelta(seconds=RATE_SECONDS)
    query = select(finished).where(_items.c.job_id == job_id, fresh).order_by(finished.desc()).limit(RATE_ROWS)
    moments = [moment for moment in connection.scalars(query) if moment is not None]
    if not moments or moments[0] == moments[-1]:
        return None
    later = sum(moment > moments[-1] for moment in moments)
    return later / (moments[0] - moments[-1]).total_seconds()


def count_failures(connection: Connection, job_id: int, most: int = 5) -> tuple[FailureCount, ...]:
    """Return why rows failed, the most frequent reason first, at most ``most`` reasons."""
    reason, count = _items.c.failure_reason, func.count().label("count")
    failed = select(reason, count).where(_items.c.job_id == job_id, _FAILED)
    found = connection.execute(failed.group_by(reason).order_by(count.desc(), reason).limit(most))
    return tuple(FailureCount(reason=row[0], count=row[1]) for row in found)


def _find(connection: Connection, job_id: int, query: ItemQuery) -> Any:  # noqa: ANN401 a query of ids, whose type SQLAlchemy cannot name
    """Return the ids only: a whole row is wide, and sorting would carry it along."""
    key = _ORDERS[query.order]
    way = key.desc() if query.descending else key.asc()
    ordered = (way,) if key is _items.c.id else (way.nulls_last(), _items.c.id)
    return select(_items.c.id).where(*_filter(connection, job_id, query)).order_by(*ordered)


def _filter(connection: Connection, job_id: int, query: ItemQuery) -> list[ColumnElement[bool]]:
    item = _items.c
    found: list[ColumnElement[bool]] = [item.job_id == job_id]
    if query.ids:  # written out, since a database takes a limited number of parameters
        found.append(item.id.in_(bindparam("ids", query.ids, expanding=True, literal_execute=True)))
    if query.states:
        found.append(_FAILED if query.states == ("failed",) else item.state.in_(query.states))
    if query.domain:
        found.append(item.domain == query.domain)
    if query.min_success is not None:
        found.append(item.success >= query.min_success)
    if query.max_cost_usd is not None:
        found.append(item.cost_micro_usd <= to_micro_usd(query.max_cost_usd))
    if query.with_warnings:
        found.append((item.error_count > 0) | (item.warning_count > 0))
    if wanted := query.search.strip():
        found.append(_contains(connection, wanted))
    return found


def _contains(connection: Connection, wanted: str) -> ColumnElement[bool]:
    """Tell whether name, objective, tags or failure reason contain the text, in capitals or not."""
    item = _items.c
    text = item.name + "\n" + item.objective + "\n" + item.tags + "\n" + item.failure_reason
    if wanted.isascii() and connection.dialect.name == "sqlite":  # its LIKE takes A to Z for a to z, without Python
        return text.contains(wanted, autoescape=True)
    return text.icontains(wanted, autoescape=True)


def _count_states(job: Job, query: ItemQuery) -> int:
    counts = {
        "pending": job.pending,
        "completed": job.completed,
        "failed": job.failed,
        "cancelled": job.cancelled,
    }
    return sum(counts[state] for state in set(query.states)) if query.states else job.total


def _read(connection: Connection, ids: Sequence[int]) -> tuple[Item, ...]:
    """Return the items with these ids, in this order."""
    rows = connection.execute(select(_items).where(_items.c.id.in_(ids)))
    items = {row.id: read_item(row) for row in rows}
    return tuple(items[identifier] for identifier in ids if identifier in items)
