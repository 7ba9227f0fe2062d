"""Requests for generations and their state: pending, generating, then completed or failed.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from crewgen_core.errors import NotFound
from crewgen_core.models.design import BUILT_IN, Design
from crewgen_core.models.objective import Objective
from crewgen_core.models.stored import (
    MetricRow,
    RequestRow,
    RequestState,
    RequirementRow,
    StoredCrew,
    StoredDesign,
    StoredRequest,
)
from crewgen_core.storage import crews, ownership, tally, templates
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.designs import read_design, write_origin
from crewgen_core.storage.documents import read_objective, write_limits
from crewgen_core.storage.ended import of_design, of_failure
from crewgen_core.storage.metrics import measure
from crewgen_core.storage.paging import MAX_ROWS, cut_page
from crewgen_core.storage.requirements import list_requirements
from crewgen_core.storage.rows import add_rows, number_rows
from crewgen_core.storage.tables import crew_tables, request_tables
from crewgen_core.storage.tally import Ended, Origin
from crewgen_core.storage.versions import State

_requests = request_tables.generation_requests

_COUNTED = tuple(
    _requests.c[name]
    for name in ("id", "requirements", "llm_provider", "generation_status", "failure_reason", "created_at")
)
"""What the tally wants to know of a request."""

OPEN_STATES: tuple[RequestState, ...] = ("pending", "generating")

INTERRUPTED = "The program was stopped while this crew was being generated. Generate it again."
"""The reason of a request whose process was killed."""


def create(connection: Connection, objective: Objective, model: str | None = None) -> int:
    """Store a request as pending and return its id; ``model`` is the LiteLLM name asked for, None for Built-in."""
    asked = _write_question(objective, model) | {
        "engine": model or BUILT_IN,
        "owner_id": ownership.owner(connection),
        "created_at": tell_time(),
    }
    (request_id,) = number_rows(connection, _requests, [asked])
    return request_id


def start(connection: Connection, request_id: int) -> None:
    """Mark a pending request as generating. Raises NotFound when there is no such request waiting."""
    started = connection.execute(
        update(_requests)
        .where(_requests.c.id == request_id, _requests.c.generation_status == "pending")
        .values(generation_status="generating", started_at=tell_time())
    )
    if started.rowcount == 0:
        raise NotFound(f"There is no request {request_id} that waits to be started.")


def complete(connection: Connection, request_id: int, design: Design, answer_key: str | None = None) -> StoredCrew:
    """Store all that came of a request: the crew as version 1, its agents, what was asked for, the metrics.

    With ``answer_key``, ``find_answered`` finds it for the next request of the same key.
    A request is completed once; completing it again returns the crew it has. One that was given up as interrupted
    while it still worked is completed after all. Raises NotFound.
    """
    row = connection.execute(
        select(*_COUNTED, _requests.c.generated_crew_id).where(_requests.c.id == request_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound(f"There is no request {request_id}.")
    if row.generated_crew_id is not None:
        return crews.get(connection, row.generated_crew_id)
    if row.generation_status == "failed":
        tally.add(connection, [_read_failure(row, row.failure_reason)], times=-1)
    origin = _template_of(design)
    stored = crews.create(
        connection, design.crew, design.report, design.estimate, design.objective, "Generated", origin
    )
    if origin:
        templates.add_uses(connection, {origin[0]: 1})
    came = _write_answer(design, stored.crew_id, answer_key, stored.created_at)
    connection.execute(update(_requests).where(_requests.c.id == request_id).values(came))
    _add_details(connection, [(request_id, design)], stored.created_at)
    _count(connection, [of_design("single", request_id, design, row.llm_provider, row.created_at)], [request_id])
    return stored.model_copy(update={"request_id": request_id})


def store_designs(
    connection: Connection,
    designs: Sequence[Design],
    models: Sequence[str | None],
    answer_keys: Sequence[str | None] | None = None,
    shared: bool = False,
    *,
    demo_of: datetime | None = None,
    origin: Origin = "bulk",
) -> tuple[StoredDesign, ...]:
    """Store requests that are completed already, with all that came of each, and return the ids in the same order.

    They are rows of jobs, and belong to who asks; ``shared`` shares the crews as their job is. Those of the demo, which
    may also come from a page, are as if made at the moment ``demo_of``.
    ``models`` and ``answer_keys`` are for each design what ``create`` and ``complete`` take. A request counts as asked
    and begun when its generation began.
    """
    now, demo = demo_of or tell_time(), demo_of is not None
    states = [
        State(design.crew, design.report, design.estimate, design.objective, _template_of(design)) for design in designs
    ]
    templates.add_uses(connection, Counter(state.template[0] for state in states if state.template))
    crew_ids = crews.create_many(connection, states, "Generated", now, shared, demo)
    rows = list[dict[str, object]]()
    asker = ownership.owner(connection)
    keys = answer_keys or [None] * len(designs)
    begins = [now - timedelta(seconds=design.provenance.seconds) for design in designs]
    for design, crew_id, model, key, begun in zip(designs, crew_ids, models, keys, begins, strict=True):
        asked = _write_question(design.objective, model)
        asked |= {"owner_id": asker, "created_at": begun, "started_at": begun}
        rows.append(asked | _write_answer(design, crew_id, key, now))
    request_ids = number_rows(connection, _requests, rows)
    _add_details(connection, list(zip(request_ids, designs, strict=True)), now)
    made = zip(request_ids, designs, models, begins, strict=True)
    ended = [of_design(origin, request_id, design, model, begun, demo) for request_id, design, model, begun in made]
    _count(connection, ended, request_ids)
    return tuple(
        StoredDesign(request_id=request_id, crew_id=crew_id)
        for request_id, crew_id in zip(request_ids, crew_ids, strict=True)
    )


def fail(connection: Connection, request_id: int, reason: str) -> None:
    """Mark an open request as failed, with the reason in a plain sentence. Raises NotFound for any other."""
    if not _fail_open(connection, _requests.c.id == request_id, reason):
        raise NotFound(f"There is no open request {request_id}.")


def mark_interrupted(connection: Connection, older_than_s: float) -> int:
    """Fail the requests that have been open for longer than this many seconds, and return how many there were.

    Their process was killed, or it would have ended them itself.
    """
    since = func.coalesce(_requests.c.started_at, _requests.c.created_at)
    return _fail_open(connection, since < tell_time() - timedelta(seconds=older_than_s), INTERRUPTED)


def _fail_open(connection: Connection, which: ColumnElement[bool], reason: str) -> int:
    """Fail the open ones of these requests, and return how many there were."""
    is_open = _requests.c.generation_status.in_(OPEN_STATES)
    rows = connection.execute(select(*_COUNTED).where(is_open, which).order_by(_requests.c.id).with_for_update()).all()
    ids = [row.id for row in rows]
    if ids:
        values = {"generation_status": "failed", "failure_reason": reason, "completed_at": tell_time()}
        connection.execute(update(_requests).where(_requests.c.id.in_(ids)).values(values))
        _count(connection, [_read_failure(row, reason) for row in rows], ids)
    return len(ids)


def _read_failure(row: Row[*tuple[Any, ...]], reason: str) -> Ended:
    return of_failure("single", row.id, row.requirements, row.llm_provider, reason, row.created_at)


def _count(connection: Connection, ended: Sequence[Ended], ids: Sequence[int]) -> None:
    """Add requests to the tally, and note with each how it was counted."""
    by_kind: dict[int, list[int]] = {}
    for kind_id, request_id in zip(tally.add(connection, ended), ids, strict=True):
        by_kind.setdefault(kind_id, []).append(request_id)
    for kind_id, of_kind in by_kind.items():
        connection.execute(update(_requests).where(_requests.c.id.in_(of_kind)).values(kind_id=kind_id))


def get(connection: Connection, request_id: int) -> StoredRequest:
    """Return a request with everything that came of it; who sees its crew sees it too. Raises NotFound."""
    row = connection.execute(select(_requests).where(_requests.c.id == request_id, *_narrow(connection))).first()
    if row is None:
        raise NotFound(f"There is no request {request_id}.")
    kept, crew_id, where = row.generation_result, row.generated_crew_id, f"request {request_id}"
    return StoredRequest(
        **_read_row(row),
        **ownership.tell_owners(connection, [row])[0],
        design=None if kept is None else read_design(connection, kept, crew_id, where),
        requirements=_read_requirements(connection, request_id),
        metrics=_read_metrics(connection, request_id),
    )


def find_answered(connection: Connection, answer_key: str) -> StoredRequest | None:
    """Return the newest completed request of this key, None when there is none that who asks may see."""
    found = select(_requests.c.id).where(
        _requests.c.answer_key == answer_key, _requests.c.generation_status == "completed", *_narrow(connection)
    )
    request_id = connection.scalar(found.order_by(_requests.c.id.desc()).limit(1))
    return None if request_id is None else get(connection, request_id)


def list_requests(
    connection: Connection, limit: int = 50, before: int | None = None, state: RequestState | None = None
) -> tuple[RequestRow, ...]:
    """Return requests of who asks, newest first, at most ``limit``; those made without login are everybody's.

    ``before`` is the id of the last one of the page before.
    """
    query = select(*(column for column in _requests.c if column.name not in ("generation_result", "validation_result")))
    only = () if state is None else (_requests.c.generation_status == state,)
    seen = ownership.narrow_page(connection, _requests, min(max(limit, 1), MAX_ROWS), before, *only)
    query = query.where(*only, *seen, _has_kept_crew())
    rows = connection.execute(cut_page(query, _requests.c.id, limit, before)).all()
    owners = ownership.tell_owners(connection, rows)
    return tuple(RequestRow(**_read_row(row), **owned) for row, owned in zip(rows, owners, strict=True))


def _narrow(connection: Connection) -> ownership.Conditions:
    """Return the conditions under which who asks may see a request: it is theirs, or they may see its crew."""
    if ownership.sees_everything(connection):
        return (_has_kept_crew(),)
    of_crew = ownership.sees_crew(connection, _requests.c.generated_crew_id)
    return (_has_kept_crew(), ownership.sees(connection, _requests) | of_crew)


def _has_kept_crew() -> ColumnElement[bool]:
    """Return the condition under which the crew of a request was not deleted; one without a crew fulfils it."""
    crews = crew_tables.crews.alias()
    gone = select(crews.c.id).where(crews.c.id == _requests.c.generated_crew_id, crews.c.deleted_at.is_not(None))
    return ~gone.exists()


def _read_row(row: Row[*tuple[object, ...]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "objective": read_objective(row.objective, row.requirements, f"request {row.id}"),
        "state": row.generation_status,
        "engine": row.engine,
        "model": row.llm_provider,
        "crew_id": row.generated_crew_id,
        "failure_reason": row.failure_reason,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
        "generation_time_s": row.generation_time_seconds,
    }


def _template_of(design: Design) -> tuple[str, int] | None:
    """Return key and version of the template that a crew was made from."""
    used = design.provenance.template
    return (used.key, used.number) if used else None


def _write_question(objective: Objective, model: str | None) -> dict[str, object]:
    return {
        "objective": objective.text,
        "requirements": write_limits(objective),
        "template_id": objective.template,
        "template_number": objective.template_number,
        "llm_provider": model,
    }


def _write_answer(design: Design, crew_id: int, answer_key: str | None, now: datetime) -> dict[str, object]:
    return {
        "generation_status": "completed",
        "failure_reason": "",
        "engine": design.provenance.label,
        "generated_crew_id": crew_id,
        "generation_result": write_origin(design),
        "validation_result": design.report,
        "generation_time_seconds": design.provenance.seconds,
        "answer_key": answer_key,
        "completed_at": now,
    }


def _add_details(connection: Connection, made: Sequence[tuple[int, Design]], now: datetime) -> None:
    """Store what was asked for and the metrics of requests, each with the id of its request."""
    requirements = [
        {
            "generation_request_id": request_id,
            "requirement_type": requirement.requirement_type,
            "requirement_name": requirement.name,
            "requirement_value": requirement.value,
            "priority": requirement.priority,
            "satisfied": requirement.satisfied,
            "requirement_metadata": requirement.metadata,
            "created_at": now,
        }
        for request_id, design in made
        for requirement in list_requirements(design)
    ]
    add_rows(connection, request_tables.task_requirements, requirements)
    metrics = [
        {
            "generation_request_id": request_id,
            "metric_name": metric.name,
            "metric_value": metric.value,
            "metric_unit": metric.unit,
            "metric_category": metric.category,
            "metric_metadata": metric.metadata,
            "created_at": now,
        }
        for request_id, design in made
        for metric in measure(design)
    ]
    add_rows(connection, request_tables.generation_metrics, metrics)


def _read_requirements(connection: Connection, request_id: int) -> tuple[RequirementRow, ...]:
    table = request_tables.task_requirements
    rows = connection.execute(select(table).where(table.c.generation_request_id == request_id).order_by(table.c.id))
    return tuple(
        RequirementRow(
            requirement_type=row.requirement_type,
            name=row.requirement_name,
            value=row.requirement_value,
            priority=row.priority,
            satisfied=row.satisfied,
            metadata=row.requirement_metadata,
        )
        for row in rows
    )


def _read_metrics(connection: Connection, request_id: int) -> tuple[MetricRow, ...]:
    table = request_tables.generation_metrics
    rows = connection.execute(select(table).where(table.c.generation_request_id == request_id).order_by(table.c.id))
    return tuple(
        MetricRow(
            name=row.metric_name,
            value=row.metric_value,
            unit=row.metric_unit,
            category=row.metric_category,
            metadata=row.metric_metadata,
        )
        for row in rows
    )
