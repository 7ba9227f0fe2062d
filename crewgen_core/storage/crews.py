"""Crews and their versions: every save makes a new version, and no version is ever changed.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Text, cast, func, select, update

from crewgen_core.errors import NotFound
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Provenance
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from crewgen_core.models.stored import MOST_COUNTED, CrewRow, StoredCrew
from crewgen_core.storage import audit, ownership
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.crew_search import find_crews
from crewgen_core.storage.database import person_of
from crewgen_core.storage.documents import read_objective, read_value, write_limits
from crewgen_core.storage.paging import MAX_ROWS, cut_page
from crewgen_core.storage.rows import number_rows
from crewgen_core.storage.tables import crew_tables, request_tables
from crewgen_core.storage.versions import (
    FIGURES,
    State,
    add_versions,
    explain_conflict,
    is_newest,
    read_figures,
    read_provenance,
    write_version,
)

_crews, _versions = crew_tables.crews, crew_tables.crew_versions

_LARGE = ("crew", "report", "estimate")
_COLUMNS = tuple(cast(column, Text).label(column.name) if column.name in _LARGE else column for column in _versions.c)
"""All of a version, its large documents as their text, from which words are read fastest."""

_requests = request_tables.generation_requests
_STORED = (
    select(
        *_COLUMNS,
        _crews.c.newest_number,
        _crews.c.objective,
        _crews.c.requirements,
        _crews.c.template_key,
        _crews.c.template_number,
        _crews.c.owner_id,
        _crews.c.shared,
        _crews.c.demo,
        _requests.c.id.label("request_id"),
    )
    .join_from(_crews, _versions, _versions.c.crew_id == _crews.c.id)
    .outerjoin(_requests, _requests.c.generated_crew_id == _crews.c.id)
)


def create(
    connection: Connection,
    crew: Crew,
    report: Report,
    estimate: Estimate,
    objective: Objective | None = None,
    note: str = "Imported",
    template: tuple[str, int] | None = None,
) -> StoredCrew:
    """Store a new crew as its version 1 and return it; ``template`` is key and version of what it was made from.

    It belongs to who asks.
    """
    now = tell_time()
    if objective and template:
        objective = objective.model_copy(update={"template": template[0], "template_number": template[1]})
    (crew_id,) = create_many(connection, [State(crew, report, estimate, objective, template)], note, now)
    audit.record(connection, "created", "crew", crew_id, _tell(1, crew, note))
    person = person_of(connection)
    name = "" if person.id is None else person.name
    return StoredCrew(
        owner_id=person.id,
        owner_name=name,
        made_by_name=name,
        crew_id=crew_id,
        number=1,
        newest=1,
        parent_number=None,
        note=note,
        crew=crew,
        report=report,
        estimate=estimate,
        objective=objective,
        request_id=None,
        created_at=now,
    )


def create_many(
    connection: Connection,
    states: Sequence[State],
    note: str,
    now: datetime,
    shared: bool = False,
    demo: bool = False,
) -> Sequence[int]:
    """Store new crews of who asks, each as its version 1, all at once for each table; return their ids in order."""
    maker = ownership.owner(connection)
    rows = [
        {
            "name": state.crew.name,
            "objective": state.objective.text if state.objective else state.crew.objective,
            "requirements": write_limits(state.objective) if state.objective else None,
            "newest_number": 1,
            "template_key": state.template[0] if state.template else None,
            "template_number": state.template[1] if state.template else None,
            "owner_id": maker,
            "shared": shared,
            "demo": demo,
            "created_at": now,
            "updated_at": now,
        }
        for state in states
    ]
    crew_ids = number_rows(connection, _crews, rows)
    versions = [
        write_version(crew_id, state, note, now, 1, maker) for crew_id, state in zip(crew_ids, states, strict=True)
    ]
    add_versions(connection, versions, states, now)
    return crew_ids


def save_version(
    connection: Connection,
    crew_id: int,
    crew: Crew,
    report: Report,
    estimate: Estimate,
    note: str,
    expected_version: int,
    objective: Objective | None = None,
    provenance: Provenance | None = None,
    *,
    in_job: bool = False,
) -> StoredCrew:
    """Store an edited crew as the version after ``expected_version``, the one it was made from, and return it.

    With an ``objective``, its limits are those of this version; ``provenance`` says who refined it. What is saved
    ``in_job`` stands in the audit with the job, not singly.
    Raises EditConflict when there is a newer version already, NotFound when there is no such crew, NotAllowed for one
    of somebody else.
    """
    check_change(connection, crew_id)
    number, now = expected_version + 1, tell_time()
    moved = connection.execute(
        update(_crews)
        .where(_crews.c.id == crew_id, _crews.c.newest_number == expected_version)
        .values(newest_number=number, name=crew.name, updated_at=now)
    )
    if moved.rowcount == 0:
        raise explain_conflict(connection, crew_id, expected_version)
    state = State(crew, report, estimate)
    version = write_version(crew_id, state, note, now, number, ownership.owner(connection)) | {
        "parent_number": expected_version,
        "limits": write_limits(objective) if objective else None,
        "provenance": provenance,
    }
    add_versions(connection, [version], [state], now)
    if not in_job:
        audit.record(connection, "changed", "crew", crew_id, _tell(number, crew, note))
    return get(connection, crew_id)


def revert(connection: Connection, crew_id: int, number: int, expected_version: int, note: str = "") -> StoredCrew:
    """Store the state of an earlier version as a new version and return it; the versions between stay.

    Raises EditConflict when there is a newer version than ``expected_version``, NotFound for an unknown version,
    NotAllowed for a crew of somebody else.
    """
    earlier = get(connection, crew_id, number)
    return save_version(
        connection,
        crew_id,
        earlier.crew,
        earlier.report,
        earlier.estimate,
        note or f"Went back to version {number}",
        expected_version,
        earlier.objective,
    )


def get(connection: Connection, crew_id: int, number: int | None = None) -> StoredCrew:
    """Return a version of a crew, the newest when no number is given. Raises NotFound."""
    return _get(connection, crew_id, number, ownership.narrow(connection, _crews))


def get_of_run(connection: Connection, crew_id: int, number: int) -> StoredCrew:
    """Return the version that a run is of, for the caller that has found the run: who started it always sees that."""
    return _get(connection, crew_id, number, ())


def check_seen(connection: Connection, crew_id: int) -> None:
    """Raise NotFound where there is no such crew for who asks."""
    seen = ownership.narrow(connection, _crews)
    if connection.scalar(select(_crews.c.id).where(_crews.c.id == crew_id, *seen)) is None:
        raise NotFound(f"There is no crew {crew_id}.")


def check_change(connection: Connection, crew_id: int) -> None:
    """Refuse a change of a crew by somebody who may not make it. Raises NotAllowed, NotFound."""
    ownership.check_change(connection, _crews, crew_id, f"crew {crew_id}")


def share(connection: Connection, crew_id: int, shared: bool) -> StoredCrew:
    """Let everybody look at a crew and use it, or its owner alone again. Raises NotFound, NotAllowed."""
    check_change(connection, crew_id)
    ownership.share(connection, _crews, crew_id, shared, "crew", get(connection, crew_id).crew.name)
    return get(connection, crew_id)


def copy(connection: Connection, crew_id: int, number: int | None = None) -> StoredCrew:
    """Store a version of a crew, the newest when no number is given, as a new crew of who asks. Raises NotFound."""
    stored = get(connection, crew_id, number)
    note = f"Copied from version {stored.number} of crew {crew_id}"
    objective = stored.objective
    key, version = (objective.template, objective.template_number) if objective else (None, None)
    template = (key, version) if key is not None and version is not None else None
    return create(connection, stored.crew, stored.report, stored.estimate, objective, note, template)


def _get(connection: Connection, crew_id: int, number: int | None, seen: ownership.Conditions) -> StoredCrew:
    wanted = _crews.c.newest_number if number is None else number
    row = connection.execute(_STORED.where(_crews.c.id == crew_id, _versions.c.number == wanted, *seen)).first()
    if row is None:
        what = f"crew {crew_id}" if number is None else f"version {number} of crew {crew_id}"
        raise NotFound(f"There is no {what}.")
    names = ownership.name_people(connection, (row.owner_id, row.made_by))
    where = f"version {row.number} of crew {crew_id}"
    limits = row.limits or row.requirements
    if limits is not None and row.template_key is not None:  # what a crew was made from, it is corrected by
        limits = {**limits, "template": row.template_key, "template_number": row.template_number}
    return StoredCrew(
        owner_id=row.owner_id,
        owner_name=names.get(row.owner_id, ""),
        shared=row.shared,
        demo=row.demo,
        may_change=ownership.may_change(connection, row.owner_id),
        made_by_name=names.get(row.made_by, ""),
        crew_id=crew_id,
        number=row.number,
        newest=row.newest_number,
        parent_number=row.parent_number,
        note=row.note,
        crew=read_value(Crew, row.crew, where),
        report=read_value(Report, row.report, where),
        estimate=read_value(Estimate, row.estimate, where),
        objective=None if limits is None else read_objective(row.objective, limits, where),
        request_id=row.request_id,
        created_at=row.created_at,
        provenance=read_provenance(row, where),
    )


def list_crews(
    connection: Connection, search: str = "", limit: int = 50, before: int | None = None
) -> tuple[CrewRow, ...]:
    """Return crews, newest first, whose name or objective contains the text in capitals or not (``crew_search``).

    At most ``limit`` of them; ``before`` is the id of the last crew of the page before.
    """
    columns = (column for column in _crews.c if column is not _crews.c.requirements)
    query = select(*columns, *FIGURES).join_from(_crews, _versions, is_newest())
    most = min(max(limit, 1), MAX_ROWS)
    found = find_crews(connection, search, most, before)
    if found is not None:
        query = query.where(_crews.c.id.in_(found))
    else:
        query = query.where(*ownership.narrow_page(connection, _crews, most, before))
    rows = connection.execute(cut_page(query, _crews.c.id, limit, before)).all()
    return tuple(
        CrewRow(
            id=row.id,
            name=row.name,
            objective=row.objective,
            number=row.newest_number,
            created_at=row.created_at,
            updated_at=row.updated_at,
            figures=read_figures(row),
            **owned,
        )
        for row, owned in zip(rows, ownership.tell_owners(connection, rows), strict=True)
    )


def count_crews(connection: Connection, search: str = "") -> int:
    """Return how many crews ``list_crews`` would list without a limit; of those found at most one more than 1,000."""
    found = find_crews(connection, search, MOST_COUNTED + 1)
    if found is not None:
        return connection.scalar(select(func.count()).select_from(found.subquery())) or 0
    return ownership.count_rows(connection, _crews)


def _tell(number: int, crew: Crew, note: str) -> str:
    """Return what the audit says of a version."""
    return f'Version {number} of "{crew.name}": {note}.' if note else f'Version {number} of "{crew.name}".'
