"""Jobs keep to what may be used within a day: they pause with the reason, and go on by themselves the next day."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from crewgen_core.errors import LimitReached, ModelFault
from crewgen_core.jobs.chunk import ChunkWork
from crewgen_core.jobs.craft import Craft
from crewgen_core.jobs.gate import MOST_TOKENS_OUT, AskModel, Gate, Limits
from crewgen_core.jobs.queue import Queue
from crewgen_core.jobs.reconciliation import reconcile
from crewgen_core.llm.call import Answer, Message, Request
from crewgen_core.llm.loop import shared_loop
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.models.design import Design
from crewgen_core.models.job import FinishedItem, Item, Job, NewItem, NewJob
from crewgen_core.models.limit import DayLimits, Spender
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import Person, Role
from crewgen_core.storage import job_items, job_results, jobs, usage
from crewgen_core.storage.database import Database, Transaction
from crewgen_core.storage.tables import job_tables, people_tables
from tests.support.designs import make_design

MODEL = "openai/gpt-5-mini"
ADA = Person(id=1, name="Ada", role=Role.EDITOR)
DESIGN = make_design()
QUESTION = Request(model=MODEL, messages=(Message(role="user", content="Write"),))


async def answer(_: Request) -> Answer:
    return Answer(
        text="{}", tokens_in=1_000, tokens_out=500, cost_usd=Decimal("0.002"), seconds=0.1, finish_reason="stop"
    )


async def design(objective: Objective, model: str, ask: AskModel | None) -> Design:
    if ask:
        await ask(Request(model=model, messages=(Message(role="user", content=objective.text),)))
    return DESIGN.model_copy(update={"objective": objective})


def do_nothing(_: Job, item: Item):
    def store(_: Transaction) -> FinishedItem:
        return FinishedItem(id=item.id)

    return store


def work_on(database: Database, job_id: int, **limits: object) -> None:
    """Work on everything that the job has for the queue."""
    gate = Gate(database, answer, Limits(19, 0, DayLimits.model_validate(limits)), 30.0)
    with database.begin() as connection:
        chunks = jobs.take_chunks(connection, job_id, 10)
    for chunk, _, _ in chunks:
        ChunkWork(database, Craft(design, do_nothing, do_nothing, answer), gate, 10).work_on(job_id, chunk)


def start(database: Database, rows: int, model: str = "") -> int:
    with database.acting_for(ADA.limit_to("write", 7)).begin() as connection:
        job_id = jobs.create(connection, NewJob(name="Spring"))
        connection.execute(update(job_tables.jobs).where(job_tables.jobs.c.id == job_id).values(owner_id=ADA.id))
        job_items.add(connection, job_id, [NewItem(at + 2, f"Write {at}", model=model) for at in range(rows)])
    return job_id


def read(database: Database, job_id: int) -> Job:
    with database.read() as connection:
        return jobs.get(connection, job_id)


def let_midnight_pass(database: Database) -> None:
    used, job = people_tables.usage_days.c, job_tables.jobs
    with database.begin() as connection:
        for row in connection.execute(select(people_tables.usage_days)).all():
            which = (used.subject == row.subject) & (used.day == row.day)
            connection.execute(update(people_tables.usage_days).where(which).values(day=row.day - timedelta(days=1)))
        for row in connection.execute(select(job.c.id, job.c.resumes_at).where(job.c.resumes_at.is_not(None))).all():
            earlier = row.resumes_at - timedelta(days=1)
            connection.execute(update(job).where(job.c.id == row.id).values(resumes_at=earlier))


def test_a_job_generates_as_many_rows_as_its_owner_may_and_the_others_the_next_day(
    database: Database, queue: Queue
) -> None:
    job_id = start(database, rows=30)
    work_on(database, job_id, generations=12)
    job = read(database, job_id)
    assert (job.state, job.completed, job.failed) == ("paused", 12, 0)
    assert job.state_reason.startswith("Its owner has generated 12 of 12 crews today (UTC). It goes on by itself on ")
    assert job.resumes_at
    with database.read() as connection:
        assert not jobs.has_work(connection) or jobs.find_unsettled(connection)[0].queue_state != "paused"
        assert jobs.find_due(connection) == ()
    let_midnight_pass(database)
    with database.read() as connection:
        assert jobs.has_work(connection)
        assert jobs.find_due(connection) == (job_id,)
    with database.begin() as connection:
        jobs.wake(connection, job_id)
    assert (read(database, job_id).state, read(database, job_id).state_reason) == ("running", "")
    work_on(database, job_id, generations=18)
    assert (read(database, job_id).state, read(database, job_id).completed) == ("completed", 30)


def test_whoever_reconciles_wakes_jobs_that_are_due(database: Database, queue: Queue) -> None:
    job_id = start(database, rows=2)
    work_on(database, job_id, generations=1)
    reconcile(database, queue)
    assert read(database, job_id).state == "paused"
    let_midnight_pass(database)
    reconcile(database, queue)
    assert read(database, job_id).state == "running"


@pytest.mark.parametrize("limit", ["spend_usd", "provider_usd"])
def test_a_job_without_money_for_today_pauses_and_no_row_fails_for_it(database: Database, limit: str) -> None:
    job_id = start(database, rows=20, model=MODEL)
    work_on(database, job_id, **{limit: "0.045"})
    job = read(database, job_id)
    assert job.state == "paused"
    assert job.failed == 0
    assert 0 < job.spent_usd <= Decimal("0.045")
    assert job.completed == job.spent_usd / Decimal("0.002")
    assert "of $0.045 today (UTC)" in job.state_reason
    with database.read() as connection:
        told = usage.read_standings(connection, Spender(person_id=1, token_id=7), DayLimits())
    assert {(one.kind, one.whose): one.used for one in told} == {
        ("generations", "person"): 20,
        ("generations", "token"): 20,
        ("spend", "person"): job.spent_usd,
        ("spend", "token"): job.spent_usd,
    }
    let_midnight_pass(database)
    with database.begin() as connection:
        jobs.wake(connection, job_id)
    work_on(database, job_id, **{limit: "1", "generations": 1})  # rows that were counted are not counted again
    assert (read(database, job_id).state, read(database, job_id).completed) == ("completed", 20)


def test_a_person_may_go_on_before_and_the_job_looks_again(database: Database) -> None:
    job_id = start(database, rows=3)
    work_on(database, job_id, generations=1)
    with database.begin() as connection:
        assert jobs.set_state(connection, job_id, "running").resumes_at is None
    work_on(database, job_id, generations=1)
    assert read(database, job_id).state == "paused"
    with database.begin() as connection:
        jobs.set_state(connection, job_id, "running")
    work_on(database, job_id)
    assert read(database, job_id).completed == 3


def test_checking_crews_is_no_generation(database: Database) -> None:
    with database.begin() as connection:
        job_id = jobs.create(connection, NewJob(name="Check", kind="validate"))
        job_items.add(connection, job_id, [NewItem(0, "Write") for _ in range(4)])
    work_on(database, job_id, generations=1)
    assert read(database, job_id).completed == 4
    with database.read() as connection:
        assert next(iter(job_results.stream_items(connection, job_id))).state == "completed"


def test_a_person_is_told_when_models_can_be_asked_again(database: Database) -> None:
    gate = Gate(database.acting_for(ADA), answer, Limits(5, 0, DayLimits(spend_usd=Decimal("0.0001"))), 30)
    with pytest.raises(LimitReached, match=r"You have used \$0 of \$0.0001 today \(UTC\) for models") as refused:
        shared_loop().run(gate.ask(QUESTION))
    assert 0 < refused.value.wait_s <= 86_400


def test_a_person_waits_for_calls_that_may_cost_less_and_no_longer_than_for_an_answer(database: Database) -> None:
    limits = Limits(5, 0, DayLimits(spend_usd=Decimal("0.03")))
    others = Gate(database.acting_for(ADA), answer, limits, 30)

    async def never(_: Request) -> Answer:
        with pytest.raises(LimitReached, match="Calls that are open may cost less"):
            await Gate(database.acting_for(ADA), answer, limits, 0.05).ask(QUESTION)
        return await answer(QUESTION)

    others._ask = never
    assert shared_loop().run(others.ask(QUESTION))
    assert shared_loop().run(Gate(database.acting_for(ADA), answer, limits, 30).ask(QUESTION))


def test_a_model_without_a_price_is_asked_only_where_money_is_not_limited(database: Database) -> None:
    asked: list[Request] = []

    async def note(request: Request) -> Answer:
        asked.append(request)
        return Answer(text="{}", tokens_in=100, tokens_out=10, cost_usd=None, seconds=0.1, finish_reason="stop")

    def cheap(model: str) -> ModelPrice:
        return ModelPrice(model=model, provider="openai", input_usd=Decimal("0.00001"), output_usd=Decimal("0.0001"))

    own = Request(model="openai/our-own", messages=QUESTION.messages)
    limited = Limits(5, 0, DayLimits(provider_usd=Decimal(2)))
    with pytest.raises(ModelFault, match="price of openai/our-own is not known"):
        shared_loop().run(Gate(database, note, limited, 30).ask(own))
    assert asked == []
    shared_loop().run(Gate(database, note, Limits(5, 0), 30).ask(own))
    shared_loop().run(Gate(database, note, limited, 30, price_of=cheap).ask(own))
    assert [request.max_tokens for request in asked] == [None, MOST_TOKENS_OUT]
    with database.read() as connection:
        (spent,) = usage.read_providers(connection, DayLimits())
    assert spent.used == Decimal("0.002")
