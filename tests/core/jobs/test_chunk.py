"""Work on a chunk: on a real database, with a craft of small functions."""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import func, select

from crewgen_core.errors import CannotOptimize, EditConflict, UnusableObjective
from crewgen_core.jobs import chunk as chunk_room
from crewgen_core.jobs import patience
from crewgen_core.jobs.chunk import MOST_ATTEMPTS, OUR_FAULT, OUT_OF_BUDGET, WORN_OUT, ChunkWork
from crewgen_core.jobs.craft import Craft
from crewgen_core.jobs.gate import AskModel, Gate, Limits
from crewgen_core.llm.call import Answer, Message, Request
from crewgen_core.llm.faults import CallFailed
from crewgen_core.models.design import Design
from crewgen_core.models.job import FinishedItem, Item, Job, JobSettings, NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.storage import crews, job_items, job_results, jobs
from crewgen_core.storage.database import Database, Transaction
from crewgen_core.storage.tables import model_tables
from tests.support.designs import make_design

MODEL = "openai/gpt-5-mini"
DESIGN = make_design()
ANSWER = Answer(
    text="{}", tokens_in=1_000, tokens_out=500, cost_usd=Decimal("0.002"), seconds=0.1, finish_reason="stop"
)


async def design(objective: Objective, model: str, ask: AskModel | None) -> Design:
    """Design as quickly as can be, asking once where there is a model."""
    if ask:
        await ask(Request(model=model, messages=(Message(role="user", content=objective.text),)))
    return DESIGN.model_copy(update={"objective": objective})


async def answer(_: Request) -> Answer:
    return ANSWER


def do_nothing(_: Job, item: Item) -> Callable[[Transaction], FinishedItem]:
    return lambda _: FinishedItem(id=item.id)


def make_work(database: Database, **craft: object) -> ChunkWork:
    known: Mapping[str, object] = {"design": design, "check": do_nothing, "optimize": do_nothing, "ask": answer}
    made = Craft(**(known | craft))  # type: ignore[arg-type]
    return ChunkWork(database, made, Gate(database, made.ask, Limits(19, 0), 30.0, "worker"), rows_at_once=10)


def start(database: Database, rows: int = 3, model: str = "", **fields: object) -> int:
    with database.begin() as connection:
        job_id = jobs.create(connection, NewJob.model_validate({"name": "Spring"} | fields))
        job_items.add(connection, job_id, [NewItem(at + 2, f"Write {at}", model=model) for at in range(rows)])
        jobs.take_chunks(connection, job_id, 10)
    return job_id


def read(database: Database, job_id: int) -> tuple[Job, Sequence[Item]]:
    with database.read() as connection:
        return jobs.get(connection, job_id), tuple(job_results.stream_items(connection, job_id))


def count_crews(database: Database) -> int:
    with database.read() as connection:
        return crews.count_crews(connection)


def failing(on: str, fault: BaseException) -> Callable[..., object]:
    """A design that fails for one objective."""

    async def fail(objective: Objective, model: str, ask: AskModel | None) -> Design:
        if objective.text == on:
            raise fault
        return await design(objective, model, ask)

    return fail


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that do not make a test wait."""
    monkeypatch.setattr(chunk_room, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(patience, "LONGEST_PAUSE_S", 0.01)


@pytest.mark.parametrize("model", ["", MODEL])
def test_every_row_gets_a_crew_and_the_job_ends(database: Database, model: str) -> None:
    job_id = start(database, model=model)
    make_work(database).work_on(job_id, 1)
    job, items = read(database, job_id)
    assert (job.state, job.completed) == ("completed", 3)
    assert job.started_at is not None
    assert len({item.crew_id for item in items}) == count_crews(database) == 3
    with database.read() as connection:
        for item in items:
            assert crews.get(connection, item.crew_id or 0).objective.text == item.objective
    assert all(item.figures and item.engine and item.request_id and item.version_number == 1 for item in items)
    assert job.spent_usd == (3 * Decimal("0.002") if model else 0)


@pytest.mark.parametrize("model", ["", MODEL])
def test_a_row_that_fails_keeps_its_reason_and_holds_no_other_back(database: Database, model: str) -> None:
    job_id = start(database, model=model)
    make_work(database, design=failing("Write 1", UnusableObjective("The objective is empty."))).work_on(job_id, 1)
    job, items = read(database, job_id)
    assert [item.state for item in items] == ["completed", "failed", "completed"]
    assert items[1].failure_reason == "The objective is empty."
    assert (job.state, job.completed, job.failed, count_crews(database)) == ("completed", 2, 1, 2)


@pytest.mark.parametrize("model", ["", MODEL])
def test_a_fault_of_the_program_is_told_without_its_inner_words(database: Database, model: str) -> None:
    job_id = start(database, model=model)
    make_work(database, design=failing("Write 1", KeyError("sk-secret"))).work_on(job_id, 1)
    assert [item.failure_reason for item in read(database, job_id)[1]] == ["", OUR_FAULT, ""]


@pytest.mark.parametrize("kind", ["validate", "optimize"])
def test_stored_crews_are_worked_on_by_their_own_craft(database: Database, kind: str) -> None:
    def store_unless_second(_: Job, item: Item) -> Callable[[Transaction], FinishedItem]:
        if item.position == 2:
            raise CannotOptimize("It has a cycle.")
        return lambda _: FinishedItem(id=item.id, notice=kind)

    job_id = start(database, kind=kind)
    make_work(database, **{"check" if kind == "validate" else "optimize": store_unless_second}).work_on(job_id, 1)
    items = read(database, job_id)[1]
    assert [item.notice for item in items] == [kind, "", kind]
    assert items[1].failure_reason == "It has a cycle."


def test_a_row_that_cannot_be_stored_fails_and_the_others_are_stored(database: Database) -> None:
    def conflict(_: Job, item: Item) -> Callable[[Transaction], FinishedItem]:
        def store(_: Transaction) -> FinishedItem:
            if item.position == 2:
                raise EditConflict("Somebody saved version 2.")
            return FinishedItem(id=item.id)

        return store

    job_id = start(database, kind="optimize")
    make_work(database, optimize=conflict).work_on(job_id, 1)
    job, items = read(database, job_id)
    assert [item.failure_reason for item in items] == ["", "Somebody saved version 2.", ""]
    assert (job.state, job.completed, job.failed) == ("completed", 2, 1)


@pytest.mark.parametrize("model", ["", MODEL])
def test_a_crew_that_no_database_can_hold_fails_alone(database: Database, model: str) -> None:
    async def damage_second(objective: Objective, model: str, ask: AskModel | None) -> Design:
        made = await design(objective, model, ask)
        if objective.text != "Write 1":
            return made
        return made.model_copy(update={"crew": made.crew.model_copy(update={"name": "half \ud83d"})})

    job_id = start(database, model=model)
    make_work(database, design=damage_second).work_on(job_id, 1)
    items = read(database, job_id)[1]
    assert [item.state for item in items] == ["completed", "failed", "completed"]
    assert "half of a character" in items[1].failure_reason
    assert count_crews(database) == 2


@pytest.mark.parametrize("model", ["", MODEL])
def test_a_database_that_fails_for_a_while_is_waited_for(url: str, quick: None, model: str) -> None:
    database = Database.open(url, patience_s=0.01)
    job_id = start(database, model=model)
    locked, freed = Event(), Event()

    def lock() -> None:
        with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            locked.set()
            time.sleep(0.3)
            freed.set()
            other.execute("ROLLBACK")
        other.close()

    async def lock_and_design(objective: Objective, model: str, ask: AskModel | None) -> Design:
        if not locked.is_set():
            Thread(target=lock).start()
            locked.wait()
        return await design(objective, model, ask)

    make_work(database, design=lock_and_design).work_on(job_id, 1)
    assert freed.is_set()
    job, items = read(database, job_id)
    assert (job.state, job.completed, count_crews(database)) == ("completed", 3, 3)
    assert {item.failure_reason for item in items} == {""}
    database.close()


def test_a_provider_that_is_busy_is_asked_again(database: Database, quick: None) -> None:
    tried: list[str] = []

    async def ask(request: Request) -> Answer:
        tried.append(request.messages[0].content)
        if tried.count(tried[-1]) < chunk_room.TRIES:
            raise CallFailed("The provider is busy.", passing=True)
        return ANSWER

    job_id = start(database, model=MODEL)
    make_work(database, ask=ask).work_on(job_id, 1)
    assert read(database, job_id)[0].completed == 3
    assert len(tried) == 3 * chunk_room.TRIES


def test_a_provider_that_stays_busy_or_refuses_is_not_asked_for_ever(database: Database, quick: None) -> None:
    tried: list[str] = []

    async def ask(request: Request) -> Answer:
        tried.append(request.messages[0].content)
        raise CallFailed("The provider said no.", passing=tried[-1] == "Write 0")

    job_id = start(database, rows=2, model=MODEL)
    make_work(database, ask=ask).work_on(job_id, 1)
    assert (tried.count("Write 0"), tried.count("Write 1")) == (chunk_room.TRIES, 1)
    assert {item.failure_reason for item in read(database, job_id)[1]} == {"The provider said no."}


@pytest.mark.parametrize("fall_back", [True, False])
def test_a_built_in_crew_in_place_of_a_model_is_taken_only_where_it_is_wanted(
    database: Database, fall_back: bool
) -> None:
    async def fall(objective: Objective, model: str, ask: AskModel | None) -> Design:
        made = await design(objective, model, ask)
        provenance = made.provenance.model_copy(update={"fallback_reason": "The model gave no answer."})
        return made.model_copy(update={"provenance": provenance})

    job_id = start(database, model=MODEL, settings=JobSettings(fall_back=fall_back))
    make_work(database, design=fall).work_on(job_id, 1)
    states = {(item.state, item.failure_reason, item.notice) for item in read(database, job_id)[1]}
    assert states == (
        {("completed", "", "Made by Built-in: The model gave no answer.")}
        if fall_back
        else {("failed", "The model gave no answer.", "")}
    )
    assert count_crews(database) == (3 if fall_back else 0)


def test_a_budget_that_is_used_up_pauses_the_job_and_leaves_its_rows(database: Database) -> None:
    job_id = start(database, model=MODEL, budget_usd=Decimal("0.0001"))
    make_work(database).work_on(job_id, 1)
    job, items = read(database, job_id)
    assert (job.state, job.state_reason, job.spent_usd) == ("paused", OUT_OF_BUDGET, 0)
    assert {item.state for item in items} == {"pending"}
    with database.begin() as connection:  # and goes on where it was left, in a new chunk
        jobs.set_budget(connection, job_id, Decimal(1))
        jobs.set_state(connection, job_id, "running")
        (chunk,) = jobs.take_chunks(connection, job_id, 10)
    make_work(database).work_on(job_id, chunk[0])
    assert read(database, job_id)[0].state == "completed"


def test_a_budget_is_never_overspent_by_rows_side_by_side(database: Database) -> None:
    budget = Decimal("0.045")
    job_id = start(database, rows=20, model=MODEL, budget_usd=budget)
    make_work(database).work_on(job_id, 1)
    job, _ = read(database, job_id)
    assert job.state == "paused"
    assert 0 < job.spent_usd <= budget
    assert job.completed == job.spent_usd / Decimal("0.002")


def test_a_job_that_is_cancelled_meanwhile_stores_nothing_more(database: Database) -> None:
    async def cancel(objective: Objective, model: str, ask: AskModel | None) -> Design:
        with database.begin() as connection:
            jobs.set_state(connection, job_id, "cancelled")
        return await design(objective, model, ask)

    job_id = start(database)
    make_work(database, design=cancel).work_on(job_id, 1)
    job, items = read(database, job_id)
    assert (job.state, job.cancelled, count_crews(database)) == ("cancelled", 3, 0)
    assert {item.crew_id for item in items} == {None}


def test_a_job_that_is_cancelled_meanwhile_asks_no_model_any_more(database: Database) -> None:
    asked: list[str] = []

    async def ask(request: Request) -> Answer:
        asked.append(request.messages[0].content)
        with database.begin() as connection:
            jobs.set_state(connection, job_id, "cancelled")
        return ANSWER

    job_id = start(database, rows=10, model=MODEL)
    made = Craft(design, do_nothing, do_nothing, ask)
    ChunkWork(database, made, Gate(database, ask, Limits(1, 0), 30.0), rows_at_once=10).work_on(job_id, 1)
    assert len(asked) == 1
    assert (read(database, job_id)[0].cancelled, count_crews(database)) == (10, 0)


@pytest.mark.parametrize(("model", "times"), [("", 0), (MODEL, 1)])
def test_what_asking_needs_is_loaded_before_any_call_counts_against_a_minute(
    database: Database, model: str, times: int
) -> None:
    calls_before: list[int] = []

    def prepare() -> None:
        with database.read() as connection:
            calls_before.append(connection.scalar(select(func.count()).select_from(model_tables.model_calls)) or 0)

    job_id = start(database, model=model)
    make_work(database, prepare=prepare).work_on(job_id, 1)
    assert calls_before == [0] * times
    assert read(database, job_id)[0].completed == 3


def test_a_paused_job_finishes_what_is_in_hand_and_leaves_the_rest(database: Database) -> None:
    async def pause(objective: Objective, model: str, ask: AskModel | None) -> Design:
        with database.begin() as connection:
            jobs.set_state(connection, job_id, "paused")
        return await design(objective, model, ask)

    job_id = start(database, rows=30)
    work = make_work(database, design=pause)
    work.work_on(job_id, 1)
    work.work_on(job_id, 2)
    job, items = read(database, job_id)
    assert (job.state, job.completed, job.pending) == ("paused", 25, 5)
    assert {item.attempts for item in items if item.state == "pending"} == {0}


def test_a_row_whose_process_was_killed_each_time_fails_in_the_end(database: Database) -> None:
    job_id = start(database, rows=1)
    for _ in range(MOST_ATTEMPTS):
        with database.begin() as connection:
            assert job_items.begin(connection, job_id, 1)
    make_work(database, design=failing("Write 0", AssertionError("It is not tried again."))).work_on(job_id, 1)
    (item,) = read(database, job_id)[1]
    assert (item.state, item.failure_reason) == ("failed", WORN_OUT)


class Killed(BaseException):
    """As if the process had been killed at this point."""


def test_an_answer_that_was_stored_is_not_asked_for_again(database: Database) -> None:
    asked: list[str] = []

    async def ask(request: Request) -> Answer:
        asked.append(request.messages[0].content)
        return ANSWER

    async def die_after_asking(objective: Objective, model: str, ask: AskModel | None) -> Design:
        await design(objective, model, ask)
        raise Killed

    job_id = start(database, model=MODEL)
    with pytest.raises(Killed):
        make_work(database, ask=ask, design=die_after_asking).work_on(job_id, 1)
    assert {item.state for item in read(database, job_id)[1]} == {"pending"}
    make_work(database, ask=ask).work_on(job_id, 1)
    assert sorted(asked) == ["Write 0", "Write 1", "Write 2"]
    job, _ = read(database, job_id)
    assert (job.completed, job.spent_usd) == (3, 3 * Decimal("0.002"))


def test_two_who_work_on_the_same_chunk_store_each_row_once(database: Database) -> None:
    job_id = start(database, rows=25)
    both = Barrier(2)

    def work(_: int) -> None:
        both.wait()
        make_work(database).work_on(job_id, 1)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, range(2)))
    job, items = read(database, job_id)
    assert (job.state, job.completed, count_crews(database)) == ("completed", 25, 25)
    assert len({item.crew_id for item in items}) == 25


def test_a_job_or_chunk_that_is_not_there_is_nothing_to_do(database: Database) -> None:
    job_id = start(database)
    make_work(database).work_on(99, 1)
    make_work(database).work_on(job_id, 99)
    assert read(database, job_id)[0].pending == 3
