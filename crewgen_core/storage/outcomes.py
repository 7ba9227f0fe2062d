"""What came of runs, beside what was predicted for them.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from crewgen_core.errors import NotAllowed, NotFound, StorageFault
from crewgen_core.models.outcome import Judgement, OutcomeEntry, OutcomeQuery, OutsideRun, StoredOutcome
from crewgen_core.models.run import Judge, Prediction
from crewgen_core.storage import audit, crews, ownership, runs
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.judged_runs import EndedRun
from crewgen_core.storage.money import read_usd, write_usd
from crewgen_core.storage.paging import cut_page
from crewgen_core.storage.rows import add_rows, number_rows
from crewgen_core.storage.tables import crew_tables, run_tables

_outcomes, _crews, _runs = run_tables.outcomes, crew_tables.crews, run_tables.runs

_STORED = select(_outcomes, _crews.c.name.label("crew_name")).join_from(
    _outcomes, _crews, _outcomes.c.crew_id == _crews.c.id
)
_JUDGEMENTS = TypeAdapter(tuple[Judgement, ...])

ALL = OutcomeQuery()

MOST_AT_ONCE = 500
"""Fingerprints in one question: databases take a limited number of values."""


def read_template(connection: Connection, crew_id: int) -> tuple[str | None, int | None]:
    """Return the key and the version of the template that a crew was made from. Raises NotFound."""
    row = connection.execute(
        select(_crews.c.template_key, _crews.c.template_number).where(_crews.c.id == crew_id)
    ).first()
    if row is None:
        raise NotFound(f"There is no crew {crew_id}.")
    return row.template_key, row.template_number


def record(
    connection: Connection,
    run: EndedRun,
    entry: OutcomeEntry,
    judged_by: Judge,
    judgements: Sequence[Judgement] = (),
) -> StoredOutcome:
    """Store what came of a run, in the place of what was said before, and return it.

    What another judge said stays beside it. Raises NotAllowed for a run of somebody else.
    """
    runs.check_change(connection, run.id)
    now = tell_time()
    said = _write_entry(entry) | {"judged_by": judged_by, "updated_at": now}
    audit.record(connection, "judged", "run", run.id, _tell(entry, judged_by))
    before = find_of_run(connection, run.id)
    if before is None:
        _give_way(connection, _outcomes.c.run_id == run.id)
        values = {**run.values, **said, "judgement": _write_judgements(judgements), "created_at": now}
        (outcome_id,) = number_rows(connection, _outcomes, [values])
        return get(connection, outcome_id)
    kept = {judgement.by: judgement for judgement in (*before.judgements, *judgements)}
    said["judgement"] = _write_judgements(tuple(kept.values()))
    connection.execute(update(_outcomes).where(_outcomes.c.id == before.id).values(said))
    return get(connection, before.id)


def record_outside(
    connection: Connection,
    runs: Iterable[tuple[OutsideRun, int, Prediction, str | None]],
) -> int:
    """Store runs made elsewhere, each with its version, prediction and fingerprint; return how many.

    Raises NotFound, NotAllowed for a crew of somebody else.
    """
    now = tell_time()
    templates: dict[int, tuple[str | None, int | None]] = {}
    rows: list[dict[str, Any]] = []
    for run, number, predicted, fingerprint in runs:
        if run.crew_id not in templates:
            crews.check_change(connection, run.crew_id)
            templates[run.crew_id] = read_template(connection, run.crew_id)
        key, template_number = templates[run.crew_id]
        rows.append(
            _write_entry(run)
            | {
                "crew_id": run.crew_id,
                "version_number": number,
                "template_key": key,
                "template_number": template_number,
                "judged_by": "person",
                "judgement": [],
                "predicted_success": predicted.success,
                "predicted_cost_micro_usd": write_usd(predicted.cost_usd),
                "predicted_duration_s": predicted.duration_s,
                "predicted_tokens": predicted.tokens,
                "actual_cost_micro_usd": write_usd(run.cost_usd),
                "actual_duration_s": run.duration_s,
                "actual_tokens": run.tokens,
                "ran_at": run.ran_at or now,
                "fingerprint": fingerprint,
                "created_at": now,
                "updated_at": now,
            }
        )
    _give_way_to_rows(connection, [row["fingerprint"] for row in rows])
    add_rows(connection, _outcomes, rows)
    for crew_id in templates:
        came = [row["succeeded"] for row in rows if row["crew_id"] == crew_id]
        summary = f"Of runs made elsewhere, {sum(came)} of {len(came)} succeeded."
        audit.record(connection, "judged", "crew", crew_id, summary)
    return len(rows)


def change(connection: Connection, outcome_id: int, entry: OutcomeEntry) -> StoredOutcome:
    """Store what a person says now about an outcome and return it. Raises NotFound, NotAllowed."""
    check_change(connection, outcome_id)
    said = _write_entry(entry) | {"judged_by": "person", "updated_at": tell_time()}
    if connection.execute(update(_outcomes).where(_outcomes.c.id == outcome_id).values(said)).rowcount == 0:
        raise _tell_missing(outcome_id)
    audit.record(connection, "changed", "outcome", outcome_id, _tell(entry, "person"))
    return get(connection, outcome_id)


def get(connection: Connection, outcome_id: int) -> StoredOutcome:
    """Return an outcome. Raises NotFound."""
    row = connection.execute(_STORED.where(_outcomes.c.id == outcome_id, *_narrow(connection))).first()
    if row is None:
        raise _tell_missing(outcome_id)
    return _read(row)


def find_of_run(connection: Connection, run_id: int) -> StoredOutcome | None:
    """Return what came of a run; None where nobody judged it, or there is no such run."""
    row = connection.execute(_STORED.where(_outcomes.c.run_id == run_id, *_narrow(connection))).first()
    return None if row is None else _read(row)


def list_outcomes(
    connection: Connection, query: OutcomeQuery = ALL, limit: int = 50, before: int | None = None
) -> tuple[StoredOutcome, ...]:
    """Return outcomes, the newest first, from the id ``before`` on."""
    found = cut_page(_STORED.where(*filters(query), *_narrow(connection)), _outcomes.c.id, limit, before)
    return tuple(map(_read, connection.execute(found)))


def count_outcomes(connection: Connection, query: OutcomeQuery = ALL) -> int:
    """Return how many outcomes ``list_outcomes`` would list without a limit."""
    wanted = (*filters(query), *_narrow(connection))
    return connection.scalar(select(func.count()).select_from(_outcomes).where(*wanted)) or 0


def list_templates(connection: Connection) -> tuple[str, ...]:
    """Return the keys of the templates that outcomes have."""
    key = _outcomes.c.template_key
    seen = _narrow(connection)
    return tuple(connection.scalars(select(key).where(key.is_not(None), *seen).distinct().order_by(key)))


def remove(connection: Connection, outcome_id: int) -> None:
    """Delete an outcome: nothing is learned from it unless it is brought back. Raises NotFound, NotAllowed."""
    check_change(connection, outcome_id)
    deleted = {"deleted_at": tell_time()}
    connection.execute(update(_outcomes).where(_outcomes.c.id == outcome_id).values(deleted))
    audit.record(connection, "deleted", "outcome", outcome_id, "Nothing is learned from it any more.")


def find_known(connection: Connection, fingerprints: Sequence[str]) -> dict[str, int]:
    """Return the ids of outcomes that were recorded from these rows before, by fingerprint."""
    found: dict[str, int] = {}
    for at in range(0, len(fingerprints), MOST_AT_ONCE):
        part = fingerprints[at : at + MOST_AT_ONCE]
        rows = connection.execute(
            select(_outcomes.c.fingerprint, _outcomes.c.id).where(
                _outcomes.c.fingerprint.in_(part), ownership.is_kept(_outcomes)
            )
        )
        found.update((row.fingerprint, row.id) for row in rows)
    return found


def _give_way(connection: Connection, which: ColumnElement[bool]) -> None:
    """Delete for good what was deleted before and is now said anew."""
    connection.execute(delete(_outcomes).where(which, _outcomes.c.deleted_at.is_not(None)))


def _give_way_to_rows(connection: Connection, fingerprints: Sequence[str | None]) -> None:
    marks = [mark for mark in fingerprints if mark is not None]
    for at in range(0, len(marks), MOST_AT_ONCE):
        _give_way(connection, _outcomes.c.fingerprint.in_(marks[at : at + MOST_AT_ONCE]))


def filters(query: OutcomeQuery) -> list[ColumnElement[bool]]:
    """Return the conditions that a query sets."""
    found: list[ColumnElement[bool]] = []
    if query.crew_id is not None:
        found.append(_outcomes.c.crew_id == query.crew_id)
    if query.template is not None:
        key = _outcomes.c.template_key
        found.append(key == query.template if query.template else key.is_(None))
    if query.judged_by is not None:
        found.append(_outcomes.c.judged_by == query.judged_by)
    if query.succeeded is not None:
        found.append(_outcomes.c.succeeded == query.succeeded)
    return found


def _narrow(connection: Connection) -> ownership.Conditions:
    """Return the conditions under which who asks may see an outcome: its crew, or the run that they started."""
    if ownership.sees_everything(connection):
        return (ownership.is_kept(_outcomes),)
    ran = _runs.alias()
    own_run = select(ran.c.id).where(ran.c.id == _outcomes.c.run_id, ownership.sees(connection, ran)).exists()
    return (ownership.is_kept(_outcomes), ownership.sees_crew(connection, _outcomes.c.crew_id) | own_run)


def check_change(connection: Connection, outcome_id: int) -> None:
    """Refuse a change of an outcome by somebody who did not start its run, or whose crew it is not.

    Raises NotFound, NotAllowed.
    """
    outcome = get(connection, outcome_id)
    table, row_id = (_crews, outcome.crew_id) if outcome.run_id is None else (_runs, outcome.run_id)
    owner_id = connection.scalar(select(table.c.owner_id).where(table.c.id == row_id))
    if not ownership.may_change(connection, owner_id):
        raise NotAllowed(f"Outcome {outcome_id} is about the work of somebody else.", "Ask them to change it.")


def _tell(entry: OutcomeEntry, judged_by: Judge) -> str:
    """Return what the audit says of an outcome."""
    by = {"person": "", "checks": " by checks", "model": " by a model"}[judged_by]
    rated = "" if entry.rating is None else f", rated {entry.rating} of 5"
    return f"It {'succeeded' if entry.succeeded else 'did not succeed'}{by}{rated}."


def _write_entry(entry: OutcomeEntry) -> dict[str, Any]:
    return {"succeeded": entry.succeeded, "rating": entry.rating, "comment": entry.comment}


def _write_judgements(judgements: Sequence[Judgement]) -> Any:  # noqa: ANN401 - plain JSON
    return _JUDGEMENTS.dump_python(tuple(judgements), mode="json")


def _read(row: Row[*tuple[Any, ...]]) -> StoredOutcome:
    return StoredOutcome(
        id=row.id,
        run_id=row.run_id,
        crew_id=row.crew_id,
        number=row.version_number,
        crew_name=row.crew_name,
        template=row.template_key,
        template_number=row.template_number,
        demo=row.demo,
        succeeded=row.succeeded,
        rating=row.rating,
        comment=row.comment,
        judged_by=row.judged_by,
        judgements=_read_judgements(row.judgement, row.id),
        predicted=Prediction(
            success=row.predicted_success,
            cost_usd=read_usd(row.predicted_cost_micro_usd),
            duration_s=row.predicted_duration_s or 0.0,
            tokens=row.predicted_tokens or 0.0,
        ),
        cost_usd=read_usd(row.actual_cost_micro_usd),
        tokens=row.actual_tokens,
        duration_s=row.actual_duration_s,
        ran_at=row.ran_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _read_judgements(document: object, outcome_id: int) -> tuple[Judgement, ...]:
    try:
        return _JUDGEMENTS.validate_python(document or ())
    except ValidationError as error:
        raise StorageFault(
            f"What judges said is stored with outcome {outcome_id} in a form that cannot be read.",
            "It was changed outside of crewgen: restore the database from a backup.",
        ) from error


def _tell_missing(outcome_id: int) -> NotFound:
    return NotFound(f"There is no outcome {outcome_id}.", "Look it up on the Runs page.")
