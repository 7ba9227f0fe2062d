"""Runs of crews: what people asked for, how each stands, and which of their processes are dead.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``. What
happens within a run is kept by ``run_records``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from crewgen_core.errors import CannotRun, NotAllowed, NotFound
from crewgen_core.models.limit import Spender
from crewgen_core.models.person import SYSTEM, Person
from crewgen_core.models.run import OPEN_RUN_STATES, Prediction, Run, RunSettings, RunState, TaskRun, Usage
from crewgen_core.storage import audit, model_calls, ownership, people
from crewgen_core.storage.clock import tell_ms, tell_time
from crewgen_core.storage.database import person_of
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.money import read_usd, write_usd
from crewgen_core.storage.paging import cut_page
from crewgen_core.storage.tables import crew_tables, run_tables

_runs, _tasks = run_tables.runs, run_tables.run_tasks
_questions, _outcomes = run_tables.run_questions, run_tables.outcomes

_SELECT = select(
    _runs,
    select(_outcomes.c.id)
    .where(_outcomes.c.run_id == _runs.c.id, ownership.is_kept(_outcomes))
    .scalar_subquery()
    .label("outcome_id"),
)

DEAD_AFTER_MS = 15_000
"""Milliseconds without a beat after which a run's process is dead; it beats every second."""

NEWEST_LOOKED_AT = 1_000
"""Runs that crews are listed from: all of them would be read to the first one each time."""

LOST = "The process that carried out the run ended without a word: it was killed, or the machine was restarted."


@dataclass(frozen=True)
class NewRun:
    """A run that somebody asks for."""

    crew_id: int
    number: int
    crew_name: str
    settings: RunSettings
    model: str
    predicted: Prediction
    tasks: Sequence[TaskRun]
    """In the order of execution; one that is completed already keeps its output and is not executed again."""
    notes: tuple[str, ...] = ()
    previous_run_id: int | None = None


@dataclass(frozen=True)
class Wishes:
    """What people want of a run that its process carries out."""

    stop: bool
    alive: bool
    """False where the run was taken for dead and has ended: its process has to go."""


@dataclass(frozen=True)
class Process:
    """Where a run's process was last seen."""

    run_id: int
    state: RunState
    host: str
    process_id: int | None
    silent_ms: int
    """Milliseconds since its last beat."""


def create(connection: Connection, new: NewRun) -> int:
    """Store a run that is starting, with its tasks, and return its id; it belongs to who asks.

    The crew's row says which template it is of. Raises NotFound.
    """
    crew = connection.execute(
        select(crew_tables.crews.c.template_key, crew_tables.crews.c.template_number).where(
            crew_tables.crews.c.id == new.crew_id, *ownership.narrow(connection, crew_tables.crews)
        )
    ).first()
    if crew is None:
        raise NotFound(f"There is no crew {new.crew_id}.")
    cost = new.predicted.cost_usd
    run_id = connection.execute(
        insert(_runs)
        .values(
            crew_id=new.crew_id,
            version_number=new.number,
            crew_name=new.crew_name,
            state="starting",
            settings=new.settings,
            model=new.model,
            dry=new.settings.dry,
            notes=list(new.notes),
            template_key=crew.template_key,
            template_number=crew.template_number,
            predicted_success=new.predicted.success,
            predicted_cost_micro_usd=write_usd(cost),
            predicted_duration_s=new.predicted.duration_s,
            predicted_tokens=new.predicted.tokens,
            task_count=len(new.tasks),
            done_count=sum(1 for task in new.tasks if task.state == "completed"),
            cost_micro_usd=0,
            previous_run_id=new.previous_run_id,
            beat_ms=tell_ms(connection),
            owner_id=ownership.owner(connection),
            token_id=person_of(connection).token_id,
        )
        .returning(_runs.c.id)
    ).scalar_one()
    rows = [
        {
            "run_id": run_id,
            "position": task.position,
            "key": task.key,
            "name": task.name,
            "agent": task.agent,
            "state": task.state,
            "output": task.output,
        }
        for task in new.tasks
    ]
    connection.execute(insert(_tasks), rows)
    what = f'Version {new.number} of "{new.crew_name}" (crew {new.crew_id})'
    audit.record(connection, "started", "run", run_id, f"{what}{', a dry run' if new.settings.dry else ''}.")
    return run_id


def get(connection: Connection, run_id: int) -> Run:
    """Return a run. Raises NotFound."""
    rows = connection.execute(_SELECT.where(_runs.c.id == run_id, *narrow(connection))).all()
    if not rows:
        raise NotFound(f"There is no run {run_id}.")
    return _read_runs(connection, rows)[0]


def narrow(connection: Connection) -> ownership.Conditions:
    """Return the conditions under which who asks may see a run: they started it, or may see its crew."""
    if ownership.sees_everything(connection):
        return ownership.narrow(connection, _runs)
    seen = ownership.sees(connection, _runs) | ownership.sees_crew(connection, _runs.c.crew_id)
    return (ownership.is_kept(_runs), seen)


def check_change(connection: Connection, run_id: int) -> None:
    """Refuse what only who started a run may do with it. Raises NotAllowed, NotFound."""
    if not get(connection, run_id).may_change:
        raise NotAllowed(
            f"Run {run_id} was started by somebody else, who may do this with it.",
            "Run the crew yourself, or ask them.",
        )


def list_runs(
    connection: Connection,
    crew_id: int | None = None,
    states: Sequence[RunState] | None = None,
    limit: int = 20,
    before: int | None = None,
) -> tuple[Run, ...]:
    """Return runs, the newest first, of one crew or of all; ``before`` is the id of the last one of the page before."""
    query = _SELECT.where(*_filter(crew_id, states), *narrow(connection))
    return _read_runs(connection, connection.execute(cut_page(query, _runs.c.id, limit, before)).all())


def count_runs(connection: Connection, crew_id: int | None = None, states: Sequence[RunState] | None = None) -> int:
    """Return how many runs ``list_runs`` would list without a limit."""
    chosen = _filter(crew_id, states)
    if not chosen and ownership.sees_everything(connection):
        return ownership.count_rows(connection, _runs)
    return connection.scalar(select(func.count()).select_from(_runs).where(*chosen, *narrow(connection))) or 0


def list_crews(connection: Connection, limit: int = 200) -> dict[int, str]:
    """Return the names of crews that the newest 1,000 runs are of, by id, the one with the newest run first.

    At most ``limit`` of them.
    """
    last = (
        select(_runs.c.crew_id, _runs.c.id)
        .where(*narrow(connection))
        .order_by(_runs.c.id.desc())
        .limit(NEWEST_LOOKED_AT)
        .subquery()
    )
    newest = func.max(last.c.id).label("newest")
    with_runs = select(last.c.crew_id, newest).group_by(last.c.crew_id).order_by(newest.desc()).limit(limit)
    found = with_runs.subquery()
    crews = crew_tables.crews
    query = select(found.c.crew_id, crews.c.name).join(crews, crews.c.id == found.c.crew_id)
    query = query.where(*ownership.narrow(connection, crews))
    return {row.crew_id: row.name for row in connection.execute(query.order_by(found.c.newest.desc()))}


def want_stop(connection: Connection, run_id: int) -> Run:
    """Note that a run shall stop; its process does it.

    Raises NotFound, NotAllowed for a run of somebody else, and CannotRun for one that has ended.
    """
    check_change(connection, run_id)
    run = get(connection, run_id)
    if not run.open:
        raise CannotRun(f"Run {run_id} has ended already: it is {run.state}.", "There is nothing to stop.")
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(stop_wanted=True))
    audit.record(connection, "stopped", "run", run_id, f'A run of "{run.crew_name}" (crew {run.crew_id}).')
    return run


def find_owner(connection: Connection, run_id: int) -> Spender:
    """Return for whom a run works."""
    row = connection.execute(select(_runs.c.owner_id, _runs.c.token_id).where(_runs.c.id == run_id)).one()
    return Spender(person_id=row.owner_id, token_id=row.token_id)


def find_starter(connection: Connection, run_id: int) -> Person:
    """Return for whom a run works as somebody who may go on with it, whatever role they have by now."""
    owner = find_owner(connection, run_id)
    starter = SYSTEM if owner.person_id is None else people.find_maker(connection, owner.person_id)
    return starter.model_copy(update={"token_id": owner.token_id})


def find_process(connection: Connection, run_id: int) -> Process:
    """Return where the process of a run was last seen. Raises NotFound."""
    found = _find_processes(connection, _runs.c.id == run_id)
    if not found:
        raise NotFound(f"There is no run {run_id}.")
    return found[0]


def find_open_processes(connection: Connection) -> tuple[Process, ...]:
    """Return where the processes of runs were last seen that have not ended."""
    return _find_processes(connection, _runs.c.state.in_(OPEN_RUN_STATES))


def name_process(connection: Connection, run_id: int, host: str, process_id: int | None) -> None:
    """Note which process carries out a run from now on; it counts as alive."""
    values = {"host": host, "process_id": process_id, "beat_ms": tell_ms(connection)}
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(**values))


def mark_running(connection: Connection, run_id: int) -> None:
    """Note that a run executes; its start is kept when it goes on."""
    started = func.coalesce(_runs.c.started_at, tell_time())
    values = {"state": "running", "started_at": started}
    connection.execute(update(_runs).where(_is_open(run_id)).values(**values))


def beat(connection: Connection, run_id: int) -> Wishes:
    """Show that a run's process lives, and return what people want of it."""
    alive = connection.execute(update(_runs).where(_is_open(run_id)).values(beat_ms=tell_ms(connection))).rowcount > 0
    return Wishes(read_stop_wish(connection, run_id), alive)


def read_stop_wish(connection: Connection, run_id: int) -> bool:
    """Tell whether somebody wants a run to stop."""
    return bool(connection.scalar(select(_runs.c.stop_wanted).where(_runs.c.id == run_id)))


def add_notes(connection: Connection, run_id: int, notes: Sequence[str]) -> None:
    """Add what people should know about a run, each note once."""
    there = list(connection.scalar(select(_runs.c.notes).where(_runs.c.id == run_id)) or [])
    more = [*there, *(note for note in notes if note not in there)]
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(notes=more))


def end(connection: Connection, run_id: int, state: RunState, reason: str = "") -> bool:
    """End a run as completed, failed or stopped; what its tasks have is kept. False where it had ended already.

    Calls of models that it had open may have cost the most.

    The task in hand has failed where the run did, and is as if never begun where it was stopped.
    """
    now = tell_time()
    values: dict[str, Any] = {"state": state, "reason": reason, "finished_at": now, "stop_wanted": False}
    if connection.execute(update(_runs).where(_is_open(run_id)).values(**values)).rowcount == 0:
        return False
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(waited_s=_sum_waiting(connection, run_id, now)))
    in_hand = (_tasks.c.run_id == run_id) & _tasks.c.state.in_(("running", "waiting"))
    ended: dict[str, Any] = (
        {"state": "failed", "finished_at": now} if state == "failed" else {"state": "pending", "started_at": None}
    )
    connection.execute(update(_tasks).where(in_hand).values(**ended))
    model_calls.abandon_run(connection, run_id)
    return True


def _sum_waiting(connection: Connection, run_id: int, now: datetime) -> float:
    """Return the seconds that a run waited for people, up to now where a question is open."""
    asked = select(_questions.c.asked_at, _questions.c.answered_at).where(_questions.c.run_id == run_id)
    spans = ((row.answered_at or now) - row.asked_at for row in connection.execute(asked))
    return sum(max(0.0, span.total_seconds()) for span in spans)


def measure_waiting(connection: Connection, run_id: int) -> float:
    """Return the seconds that a run has waited for people so far, and keep them with it."""
    waited = _sum_waiting(connection, run_id, tell_time())
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(waited_s=waited))
    return waited


def _is_open(run_id: int) -> ColumnElement[bool]:
    return (_runs.c.id == run_id) & _runs.c.state.in_(OPEN_RUN_STATES)


def _filter(crew_id: int | None, states: Sequence[RunState] | None) -> list[ColumnElement[bool]]:
    wanted = [] if crew_id is None else [_runs.c.crew_id == crew_id]
    return wanted if states is None else [*wanted, or_(*(_runs.c.state == state for state in states))]


def _find_processes(connection: Connection, which: ColumnElement[bool]) -> tuple[Process, ...]:
    now = tell_ms(connection)
    columns = (_runs.c.id, _runs.c.state, _runs.c.host, _runs.c.process_id, _runs.c.beat_ms)
    rows = connection.execute(select(*columns).where(which).order_by(_runs.c.id))
    return tuple(Process(row.id, row.state, row.host, row.process_id, now - (row.beat_ms or 0)) for row in rows)


def _read_runs(connection: Connection, rows: Sequence[Any]) -> tuple[Run, ...]:
    owners = ownership.tell_owners(connection, rows)
    return tuple(_read_run(row, owned) for row, owned in zip(rows, owners, strict=True))


def _read_run(row: Row[Any], owned: Mapping[str, Any]) -> Run:
    cost, predicted = row.cost_micro_usd, row.predicted_cost_micro_usd
    return Run(
        **owned,
        id=row.id,
        crew_id=row.crew_id,
        number=row.version_number,
        crew_name=row.crew_name,
        settings=read_value(RunSettings, row.settings, f"run {row.id}"),
        model=row.model,
        state=row.state,
        reason=row.reason,
        notes=tuple(row.notes),
        template=row.template_key,
        template_number=row.template_number,
        predicted=Prediction(
            success=row.predicted_success,
            cost_usd=read_usd(predicted),
            duration_s=row.predicted_duration_s,
            tokens=row.predicted_tokens,
        ),
        usage=Usage(
            calls=row.calls,
            tokens_in=row.tokens_in,
            tokens_cached=row.tokens_cached,
            tokens_out=row.tokens_out,
            cost_usd=read_usd(cost),
        ),
        task_count=row.task_count,
        tasks_done=row.done_count,
        previous_run_id=row.previous_run_id,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        waited_s=row.waited_s,
        outcome_id=row.outcome_id,
    )
