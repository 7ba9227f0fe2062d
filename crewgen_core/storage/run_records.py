"""What happens within runs: their tasks and results, what model calls took, events, and questions to people.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select, update

from crewgen_core.errors import CannotRun, NotFound
from crewgen_core.models.run import AgentRun, EventKind, Question, RunEvent, TaskRun, TaskRunState, Usage, add_usage
from crewgen_core.storage import audit, runs
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.money import read_usd, to_usd, write_usd
from crewgen_core.storage.tables import run_tables

_runs, _tasks, _usage = run_tables.runs, run_tables.run_tasks, run_tables.run_usage
_events, _questions = run_tables.run_events, run_tables.run_questions

LONGEST_EVENT = 2_000
"""Characters of an event that are kept; the results of tasks are kept whole."""

MOST_EVENTS = 2_000
"""Events that are returned at once, the newest."""


# --- tasks ------------------------------------------------------------------------------------------------------------


def set_task(connection: Connection, run_id: int, key: str, state: TaskRunState, output: str | None = None) -> None:
    """Note how a task stands, and what it resulted in; the run's count of finished tasks follows."""
    task, now = _tasks.c, tell_time()
    values: dict[str, Any] = {"state": state}
    if state == "running":
        values["started_at"] = func.coalesce(task.started_at, now)
    if state in ("completed", "failed"):
        values["finished_at"] = now
    if output is not None:
        values["output"] = output
    connection.execute(update(_tasks).where(task.run_id == run_id, task.key == key).values(**values))
    if state == "completed":
        _note_seconds(connection, run_id, key)
        done = select(func.count()).where(task.run_id == run_id, task.state == "completed").scalar_subquery()
        connection.execute(update(_runs).where(_runs.c.id == run_id).values(done_count=done))


def _note_seconds(connection: Connection, run_id: int, key: str) -> None:
    """Note how long a finished task took, without its waiting for people."""
    which = (_tasks.c.run_id == run_id) & (_tasks.c.key == key)
    row = connection.execute(select(_tasks.c.started_at, _tasks.c.finished_at).where(which)).first()
    if row is None or row.started_at is None:
        return
    asked = select(_questions.c.asked_at, _questions.c.answered_at)
    asked = asked.where(_questions.c.run_id == run_id, _questions.c.task == key, _questions.c.answered_at.is_not(None))
    waited = sum((row.answered_at - row.asked_at).total_seconds() for row in connection.execute(asked))
    seconds = max(0.0, (row.finished_at - row.started_at).total_seconds() - waited)
    connection.execute(update(_tasks).where(which).values(seconds=seconds))


def list_tasks(connection: Connection, run_id: int) -> tuple[TaskRun, ...]:
    """Return the tasks of a run in the order of execution, with what each took."""
    of_task: dict[str, list[Usage]] = {}
    for row in connection.execute(select(_usage).where(_usage.c.run_id == run_id)):
        of_task.setdefault(row.task, []).append(_read_usage(row))
    rows = connection.execute(select(_tasks).where(_tasks.c.run_id == run_id).order_by(_tasks.c.position))
    return tuple(
        TaskRun(
            position=row.position,
            key=row.key,
            name=row.name,
            agent=row.agent,
            state=row.state,
            output=row.output,
            usage=add_usage(of_task.get(row.key, [])),
            started_at=row.started_at,
            finished_at=row.finished_at,
            seconds=row.seconds,
        )
        for row in rows
    )


# --- what model calls took --------------------------------------------------------------------------------------------


def add_calls(connection: Connection, run_id: int, task: str, agent: str, model: str, usage: Usage) -> None:
    """Add what model calls took to that of a task, an agent and a model, and to that of the run."""
    amount = write_usd(usage.cost_usd)
    which = (
        (_usage.c.run_id == run_id) & (_usage.c.task == task) & (_usage.c.agent == agent) & (_usage.c.model == model)
    )
    if connection.execute(update(_usage).where(which).values(**_more(_usage, usage, amount))).rowcount == 0:
        first = {"run_id": run_id, "task": task, "agent": agent, "model": model, "cost_micro_usd": amount}
        counts = usage.model_dump(include={"calls", "tokens_in", "tokens_cached", "tokens_out"})
        connection.execute(insert(_usage).values(**first, **counts))
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(**_more(_runs, usage, amount)))


def _more(table: Table, usage: Usage, micro_usd: int | None) -> dict[str, Any]:
    """Return the columns of a table with more added; a cost that is not known stays so (NULL + anything is NULL)."""
    return {
        "calls": table.c.calls + usage.calls,
        "tokens_in": table.c.tokens_in + usage.tokens_in,
        "tokens_cached": table.c.tokens_cached + usage.tokens_cached,
        "tokens_out": table.c.tokens_out + usage.tokens_out,
        "cost_micro_usd": None if micro_usd is None else table.c.cost_micro_usd + micro_usd,
    }


def list_agents(connection: Connection, run_id: int, roles: Mapping[str, str]) -> tuple[AgentRun, ...]:
    """Return what each agent did; ``roles`` names them by key, in the order in which they are returned."""
    models: dict[str, list[str]] = {key: [] for key in roles}
    usage: dict[str, list[Usage]] = {key: [] for key in roles}
    for row in connection.execute(select(_usage).where(_usage.c.run_id == run_id).order_by(_usage.c.id)):
        named = models.setdefault(row.agent, [])
        if row.model not in named:
            named.append(row.model)
        usage.setdefault(row.agent, []).append(_read_usage(row))
    return tuple(
        AgentRun(key=key, role=roles.get(key, key), models=tuple(named), usage=add_usage(usage[key]))
        for key, named in models.items()
    )


def _read_usage(row: Row[Any]) -> Usage:
    return Usage(
        calls=row.calls,
        tokens_in=row.tokens_in,
        tokens_cached=row.tokens_cached,
        tokens_out=row.tokens_out,
        cost_usd=read_usd(row.cost_micro_usd),
    )


def sum_known_cost(connection: Connection, run_id: int) -> Decimal:
    """Return what the calls of a run cost as far as that is known, in USD."""
    known = connection.scalar(select(func.sum(_usage.c.cost_micro_usd)).where(_usage.c.run_id == run_id))
    return to_usd(int(known or 0))


# --- events -----------------------------------------------------------------------------------------------------------


def add_event(
    connection: Connection, run_id: int, kind: EventKind, text: str, task: str | None = None, agent: str | None = None
) -> None:
    """Add what happened to the events of a run; a long text is cut."""
    newest = connection.scalar(select(func.max(_events.c.number)).where(_events.c.run_id == run_id)) or 0
    cut = text if len(text) <= LONGEST_EVENT else text[: LONGEST_EVENT - 1] + "…"
    row = {"run_id": run_id, "number": newest + 1, "kind": kind, "task": task, "agent": agent, "text": cut}
    connection.execute(insert(_events).values(**row, at=tell_time()))


def list_events(connection: Connection, run_id: int, after: int = 0) -> tuple[RunEvent, ...]:
    """Return the events of a run with numbers above ``after`` in their order; the newest where they are very many."""
    event = _events.c
    query = select(_events).where(event.run_id == run_id, event.number > after)
    rows = connection.execute(query.order_by(event.number.desc()).limit(MOST_EVENTS)).all()
    return tuple(
        RunEvent(number=row.number, at=row.at, kind=row.kind, task=row.task, agent=row.agent, text=row.text)
        for row in reversed(rows)
    )


# --- questions --------------------------------------------------------------------------------------------------------


def ask(connection: Connection, run_id: int, task: str, draft: str) -> int:
    """Note a question to people; run and task wait until it is answered. Return its id."""
    row = {"run_id": run_id, "task": task, "draft": draft, "asked_at": tell_time()}
    question_id = connection.execute(insert(_questions).values(**row).returning(_questions.c.id)).scalar_one()
    connection.execute(update(_runs).where(_runs.c.id == run_id, _runs.c.state == "running").values(state="waiting"))
    set_task(connection, run_id, task, "waiting")
    return question_id


def answer(connection: Connection, question_id: int, text: str) -> Question:
    """Keep a person's answer; "" accepts the draft.

    Raises NotFound, NotAllowed for a run of somebody else, and CannotRun where it came too late.
    """
    question = get_question(connection, question_id)
    runs.check_change(connection, question.run_id)
    state = connection.scalar(select(_runs.c.state).where(_runs.c.id == question.run_id).with_for_update())
    if state != "waiting":
        raise CannotRun(f"Run {question.run_id} no longer waits for an answer: it is {state}.", "Look at it again.")
    first = (_questions.c.id == question_id) & _questions.c.answer.is_(None)
    values = {"answer": text, "answered_at": tell_time()}
    if connection.execute(update(_questions).where(first).values(**values)).rowcount == 0:
        raise CannotRun("This question was answered already; the first answer counts.", "Look at the run again.")
    set_task(connection, question.run_id, question.task, "running")
    connection.execute(update(_runs).where(_runs.c.id == question.run_id).values(state="running"))
    audit.record(
        connection,
        "answered",
        "run",
        question.run_id,
        f"{'A wish about' if text else 'Accepted'} task {question.task}.",
    )
    return get_question(connection, question_id)


def get_question(connection: Connection, question_id: int) -> Question:
    """Return a question. Raises NotFound."""
    query = select(_questions).where(_questions.c.id == question_id)
    if seen := runs.narrow(connection):
        query = query.join(_runs, _runs.c.id == _questions.c.run_id).where(*seen)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"There is no question {question_id}.")
    return _read_question(row)


def find_open_question(connection: Connection, run_id: int) -> Question | None:
    """Return the question that a run waits with; None where there is none."""
    question = _questions.c
    query = select(_questions).where(question.run_id == run_id, question.answer.is_(None)).order_by(question.id)
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _read_question(row)


def list_questions(connection: Connection, run_id: int) -> tuple[Question, ...]:
    """Return all questions of a run, the oldest first."""
    query = select(_questions).where(_questions.c.run_id == run_id).order_by(_questions.c.id)
    return tuple(map(_read_question, connection.execute(query)))


def _read_question(row: Row[Any]) -> Question:
    return Question(
        id=row.id,
        run_id=row.run_id,
        task=row.task,
        draft=row.draft,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_at=row.answered_at,
    )
