"""The demo in the database: put in all at once, and taken out again without touching anything of anybody.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``. What
belongs to the demo is marked in its own table; what somebody made their own loses the mark when the demo goes, and
stays. Crews, runs and outcomes of the demo count in the tally apart from all others.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, exists, func, insert, or_, select, text, update

from crewgen_core.errors import NotAllowed
from crewgen_core.models.demo import SIMULATED, DemoRemoval, DemoSummary, DemoThing, KeptThing, SimulatedRun
from crewgen_core.models.design import Design
from crewgen_core.models.job import FinishedItem, NewItem, NewJob
from crewgen_core.models.run import EventKind, Prediction, RunSettings, add_usage
from crewgen_core.models.template import Template
from crewgen_core.storage import audit, job_items, jobs, ownership, requests, templates
from crewgen_core.storage.money import write_usd
from crewgen_core.storage.purge import drop
from crewgen_core.storage.rows import add_rows, number_rows
from crewgen_core.storage.tables import (
    crew_tables,
    demo_tables,
    job_tables,
    request_tables,
    run_tables,
    template_tables,
)
from crewgen_core.storage.tally_rebuild import count_again

_crews = crew_tables.crews
_jobs, _items = job_tables.jobs, job_tables.job_items
_templates = template_tables.dynamic_crew_templates
_runs, _outcomes = run_tables.runs, run_tables.outcomes
_requests, _kinds = request_tables.generation_requests, request_tables.request_kinds
_demo = demo_tables.demo_data

_LOCK = 0x64656D6F
"""Number of the PostgreSQL lock that loading and removing wait for ("demo" in ASCII)."""


@dataclass(frozen=True)
class DemoCrew:
    """A crew of the demo, with its simulated runs."""

    design: Design
    at: datetime
    """When it is dated."""
    predicted: Prediction
    runs: Sequence[SimulatedRun] = ()


@dataclass(frozen=True)
class DemoJob:
    """A finished bulk job of the demo."""

    new: NewJob
    items: Sequence[NewItem]
    designs: Sequence[Design]
    """One for each item, in the same order."""
    at: datetime


def put_in(
    connection: Connection, crews: Sequence[DemoCrew], made_of: Sequence[tuple[Template, str]], job: DemoJob
) -> bool:
    """Store a demo that belongs to who asks and is shared with everybody; False where one is loaded already.

    ``made_of`` are templates, each with its note. Raises UnusableTemplate where a key of them is taken.
    """
    _take_turn(connection)
    if connection.scalar(select(_demo.c.id)) is not None:
        return False
    owner = ownership.owner(connection)
    connection.execute(insert(_demo).values(id=1, owner_id=owner))
    shared = owner is not None
    for template, note in made_of:
        templates.create(connection, template, note)
        of_key = _templates.c.key == template.key
        connection.execute(update(_templates).where(of_key).values(demo=True, shared=shared))
    for crew in crews:
        (place,) = requests.store_designs(
            connection, [crew.design], [None], shared=shared, demo_of=crew.at, origin="single"
        )
        for run in crew.runs:
            _add_run(connection, crew, place.crew_id, run)
    _add_job(connection, job, shared)
    there = read_summary(connection)
    audit.record(
        connection, "loaded", "demo", 1, f"{there.crews} crews and {there.runs} simulated runs, marked as demo."
    )
    return True


def read_summary(connection: Connection) -> DemoSummary:
    """Return what of the demo is loaded, for whoever asks."""
    row = connection.execute(select(_demo.c.owner_id, _demo.c.created_at)).first()
    if row is None:
        return DemoSummary(loaded_at=None)
    return DemoSummary(
        loaded_at=row.created_at,
        loaded_by=ownership.name_people(connection, [row.owner_id]).get(row.owner_id, ""),
        crews=_count(connection, _crews),
        runs=_count(connection, _runs),
        outcomes=_count(connection, _outcomes),
        templates=_count(connection, _templates),
        jobs=_count(connection, _jobs),
        may_remove=ownership.may_change(connection, row.owner_id),
    )


def find_kept(connection: Connection) -> tuple[KeptThing, ...]:
    """Return what would stay if the demo were removed now, since somebody made it their own."""
    return _Claims(connection).tell()


def take_out(connection: Connection) -> DemoRemoval:
    """Remove the demo; what somebody made their own stays and is theirs. Raises NotAllowed."""
    _take_turn(connection)
    before = read_summary(connection)
    if not before.is_loaded:
        return DemoRemoval(removed=before, kept=())
    if not before.may_remove:
        raise NotAllowed(f"The demo was loaded by {before.loaded_by or 'somebody else'}.", "Ask them to remove it.")
    claims = _Claims(connection)
    kept = claims.tell()
    drop(connection, _runs, _runs.c.demo.is_(True))
    _remove_counts(connection)
    for table, claimed in ((_jobs, claims.jobs), (_crews, claims.crews), (_templates, claims.templates)):
        connection.execute(update(table).where(table.c.id.in_(list(claimed))).values(demo=False))
    drop(connection, _jobs, _jobs.c.demo.is_(True))
    _count_kept(connection)
    for table in (_crews, _templates):
        drop(connection, table, table.c.demo.is_(True))
    connection.execute(delete(_demo))
    counted = {"crew": "crews", "job": "jobs", "template": "templates"}
    stays = Counter(counted[one.thing] for one in kept)
    gone = {name: getattr(before, name) - stays[name] for name in counted.values()}
    audit.record(connection, "removed", "demo", 1, f"{gone['crews']} crews; {len(kept)} things that were changed stay.")
    return DemoRemoval(removed=before.model_copy(update=gone), kept=kept)


# --- putting in -------------------------------------------------------------------------------------------------------


def _add_run(connection: Connection, crew: DemoCrew, crew_id: int, run: SimulatedRun) -> None:
    """Store a run with its tasks, what they took, its events and its outcome."""
    common = _describe_run(crew, crew_id)
    used = add_usage([step.task.usage for step in run.tasks])
    cost = write_usd(used.cost_usd)
    named = sum(bool(step.task.key) for step in run.tasks)
    row: dict[str, Any] = {
        **common,
        "crew_name": crew.design.crew.name,
        "state": "completed",
        "settings": RunSettings(model=run.tasks[0].model),
        "model": run.tasks[0].model,
        "dry": False,
        "notes": [SIMULATED],
        "task_count": named,
        "done_count": named,
        **used.model_dump(include={"calls", "tokens_in", "tokens_out"}),
        "cost_micro_usd": cost,
        "owner_id": ownership.owner(connection),
        "created_at": run.began,
        "started_at": run.began,
        "finished_at": run.ended,
    }
    (run_id,) = number_rows(connection, _runs, [row])
    _add_tasks(connection, run_id, run)
    outcome: dict[str, Any] = {
        **common,
        "run_id": run_id,
        "succeeded": run.succeeded,
        "judged_by": "checks",
        "judgement": [],
        "comment": SIMULATED,
        "actual_cost_micro_usd": cost,
        "actual_duration_s": (run.ended - run.began).total_seconds(),
        "actual_tokens": used.tokens,
        "ran_at": run.began,
        "created_at": run.ended,
        "updated_at": run.ended,
    }
    add_rows(connection, _outcomes, [outcome])


def _describe_run(crew: DemoCrew, crew_id: int) -> dict[str, Any]:
    """Return what a run and its outcome have in common: of what they are, and what was predicted."""
    predicted, used = crew.predicted, crew.design.provenance.template
    return {
        "crew_id": crew_id,
        "version_number": 1,
        "template_key": used.key if used else None,
        "template_number": used.number if used else None,
        "demo": True,
        "predicted_success": predicted.success,
        "predicted_cost_micro_usd": write_usd(predicted.cost_usd),
        "predicted_duration_s": predicted.duration_s,
        "predicted_tokens": predicted.tokens,
    }


def _add_tasks(connection: Connection, run_id: int, run: SimulatedRun) -> None:
    done, used = list[dict[str, Any]](), list[dict[str, Any]]()
    events: list[tuple[datetime, EventKind, str | None, str | None, str]] = [(run.began, "run", None, None, SIMULATED)]
    for step in run.tasks:
        task, usage = step.task, step.task.usage
        began, ended = (run.began + timedelta(seconds=at) for at in (step.began_s, step.ended_s))
        used.append(
            {
                "run_id": run_id,
                "task": task.key,
                "agent": task.agent or "",
                "model": step.model,
                **usage.model_dump(include={"calls", "tokens_in", "tokens_cached", "tokens_out"}),
                "cost_micro_usd": write_usd(usage.cost_usd),
            }
        )
        if task.key:
            columns = task.model_dump(include={"position", "key", "name", "agent", "state", "output", "seconds"})
            done.append({"run_id": run_id, **columns, "started_at": began, "finished_at": ended})
            events.append((began, "task", task.key, task.agent, f"Begins: {task.name}."))
            events.append((ended, "task", task.key, task.agent, f"Completed: {task.name}."))
    add_rows(connection, run_tables.run_tasks, done)
    add_rows(connection, run_tables.run_usage, used)
    told = [
        {"run_id": run_id, "number": number, "at": at, "kind": kind, "task": key, "agent": agent, "text": said}
        for number, (at, kind, key, agent, said) in enumerate(sorted(events, key=lambda event: event[0]), start=1)
    ]
    add_rows(connection, run_tables.run_events, told)


def _add_job(connection: Connection, job: DemoJob, shared: bool) -> None:
    """Store the job with every row finished, so that no worker ever looks at it."""
    job_id = jobs.create(connection, job.new)
    job_items.add(connection, job_id, job.items)
    ids = connection.scalars(select(_items.c.id).where(_items.c.job_id == job_id).order_by(_items.c.position)).all()
    places = requests.store_designs(connection, job.designs, [None] * len(job.designs), shared=shared, demo_of=job.at)
    job_items.finish(connection, job_id, list(map(FinishedItem.of, ids, job.designs, places)))
    took = timedelta(seconds=sum(design.provenance.seconds for design in job.designs))
    moments = {"created_at": job.at, "started_at": job.at, "finished_at": job.at + took}
    settled = {"queue_state": "cleared", "enqueued_chunks": _jobs.c.chunk_count, "demo": True, "shared": shared}
    connection.execute(update(_jobs).where(_jobs.c.id == job_id).values(**moments, **settled))
    connection.execute(update(_items).where(_items.c.job_id == job_id).values(finished_at=job.at + took, attempts=1))


# --- what somebody made their own -------------------------------------------------------------------------------------


class _Claims:
    """What of the demo somebody made their own, each with what they did; it is worked out from the rows themselves."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.jobs: dict[int, str] = {}
        self.crews: dict[int, str] = {}
        self.templates: dict[int, str] = {}
        other_jobs, other_crews = _jobs.alias(), _crews.alias()
        self._claim_jobs("another job was made of it", exists().where(other_jobs.c.source_job_id == _jobs.c.id))
        own_crews = _items.c.crew_id.in_(select(other_crews.c.id).where(other_crews.c.demo.is_(False)))
        self._claim_jobs("rows of it were tried again", exists().where(_items.c.job_id == _jobs.c.id, own_crews))
        self._claim_jobs("it is being worked on", _jobs.c.state != "completed")
        of_crew = _crews.c.id
        self._claim_crews("it was changed", _crews.c.newest_number > 1)
        self._claim_crews("it was run", exists().where(_runs.c.crew_id == of_crew, _runs.c.demo.is_(False)))
        own_outcome = exists().where(_outcomes.c.crew_id == of_crew, _outcomes.c.demo.is_(False))
        self._claim_crews("an outcome was recorded", own_outcome)
        optimized = crew_tables.crew_optimizations.c.crew_id == of_crew
        self._claim_crews("an optimization of it was kept", exists().where(optimized))
        in_job = _items.c.job_id.in_(
            select(_jobs.c.id).where(or_(_jobs.c.demo.is_(False), _jobs.c.id.in_(list(self.jobs))))
        )
        self._claim_crews("a job uses it", exists().where(_items.c.crew_id == of_crew, in_job))
        self._claim_templates("it was changed", _templates.c.newest_number > 1)
        users = select(_crews.c.template_key).where(
            or_(_crews.c.demo.is_(False), _crews.c.id.in_(list(self.crews))), _crews.c.template_key.is_not(None)
        )
        self._claim_templates("a crew that stays was made from it", _templates.c.key.in_(users))

    def tell(self) -> tuple[KeptThing, ...]:
        """Return it all for people to read."""
        told = list[KeptThing]()
        kinds: tuple[tuple[DemoThing, Table, Any, dict[int, str]], ...] = (
            ("job", _jobs, _jobs.c.id, self.jobs),
            ("crew", _crews, _crews.c.id, self.crews),
            ("template", _templates, _templates.c.key, self.templates),
        )
        for thing, table, key, claimed in kinds:
            query = select(table.c.id, key.label("key"), table.c.name)
            query = query.where(table.c.id.in_(list(claimed)), ownership.is_kept(table))
            for row in self._connection.execute(query.order_by(table.c.id)):
                told.append(KeptThing(thing=thing, key=str(row.key), name=row.name, why=claimed[row.id]))
        return tuple(told)

    def _claim_jobs(self, why: str, condition: ColumnElement[bool]) -> None:
        self._claim(self.jobs, why, select(_jobs.c.id).where(_jobs.c.demo.is_(True), condition))

    def _claim_crews(self, why: str, condition: ColumnElement[bool]) -> None:
        self._claim(self.crews, why, select(_crews.c.id).where(_crews.c.demo.is_(True), condition))

    def _claim_templates(self, why: str, condition: ColumnElement[bool]) -> None:
        self._claim(self.templates, why, select(_templates.c.id).where(_templates.c.demo.is_(True), condition))

    def _claim(self, claimed: dict[int, str], why: str, found: Select[int]) -> None:
        for one in self._connection.scalars(found):
            claimed.setdefault(one, why)


# --- taking out -------------------------------------------------------------------------------------------------------


def _remove_counts(connection: Connection) -> None:
    """Take the demo's requests out of the tally."""
    of_demo = select(_kinds.c.id).where(_kinds.c.demo.is_(True))
    counted = _requests.c.kind_id.in_(of_demo)
    connection.execute(update(_requests).where(counted).values(kind_id=None))
    for table in (request_tables.request_times, request_tables.request_days):
        connection.execute(delete(table).where(table.c.kind_id.in_(of_demo)))
    connection.execute(delete(_kinds).where(_kinds.c.demo.is_(True)))


def _count_kept(connection: Connection) -> None:
    """Count the requests of crews that stay like any other's."""
    kept = select(_requests.c.id).join(_crews, _crews.c.id == _requests.c.generated_crew_id)
    kept = kept.where(_requests.c.kind_id.is_(None), _crews.c.demo.is_(False))
    if ids := connection.scalars(kept).all():
        count_again(connection, ids)


def _count(connection: Connection, table: Table) -> int:
    of_demo = table.c.demo.is_(True), ownership.is_kept(table)
    return connection.scalar(select(func.count()).select_from(table).where(*of_demo)) or 0


def _take_turn(connection: Connection) -> None:
    """Wait for whoever loads or removes at this moment; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
