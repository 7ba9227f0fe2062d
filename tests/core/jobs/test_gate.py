"""The gate for model calls: limits, order, budgets and answers that are there already."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from crewgen_core.jobs.gate import MOST_TOKENS_OUT, Gate, Limits, NotNow, Question, reckon_most
from crewgen_core.llm.call import Answer, Message, Request
from crewgen_core.llm.faults import CallFailed
from crewgen_core.llm.prices import price_of
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.storage import job_items, job_results, jobs
from crewgen_core.storage.database import Database

MODEL = "openai/gpt-5-mini"


def say(text: str, model: str = MODEL) -> Request:
    return Request(model=model, messages=(Message(role="user", content=text),))


class Model:
    """A model that notes what it was asked, and by how many at once."""

    def __init__(self, fault: CallFailed | None = None) -> None:
        self.asked: list[Request] = []
        self.open = self.most = 0
        self.fault = fault

    async def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0.01)
        self.open -= 1
        if self.fault:
            raise self.fault
        text = request.messages[0].content
        return Answer(
            text=text, tokens_in=1, tokens_out=1, cost_usd=Decimal("0.001"), seconds=0.01, finish_reason="stop"
        )


def start(database: Database, budget: str | None = None) -> Question:
    with database.begin() as connection:
        job_id = jobs.create(connection, NewJob(name="Spring", budget_usd=None if budget is None else Decimal(budget)))
        job_items.add(connection, job_id, [NewItem(2, "Write", model=MODEL)])
        (item,) = job_results.stream_items(connection, job_id)
    return Question(job_id, item.id, 0, budget is not None, again=True)


def read_spent(database: Database, question: Question) -> Decimal:
    with database.read() as connection:
        return jobs.get(connection, question.job_id).spent_usd


def test_calls_of_one_process_begin_in_the_order_in_which_they_came(database: Database) -> None:
    model = Model()
    pair = asyncio.Barrier(2)

    async def ask_in_pairs(request: Request) -> Answer:
        answer = asyncio.ensure_future(model.ask(request))
        await pair.wait()
        return await answer

    gate = Gate(database, ask_in_pairs, Limits(2, 0), 30)

    async def ask_all() -> list[Answer]:
        async with asyncio.timeout(60):
            return await asyncio.gather(*(gate.ask(say(str(at))) for at in range(12)))

    answers = asyncio.run(ask_all())
    assert [answer.text for answer in answers] == [request.messages[0].content for request in model.asked]
    assert model.most <= 2


def test_providers_and_jobs_do_not_wait_for_each_other(database: Database) -> None:
    both = asyncio.Barrier(2)

    async def wait_for_the_other(request: Request) -> Answer:
        await both.wait()
        return await Model().ask(request)

    gate = Gate(database, wait_for_the_other, Limits(1, 0), 30)

    async def ask_both() -> list[Answer]:
        async with asyncio.timeout(60):
            return await asyncio.gather(gate.ask(say("a")), gate.ask(say("b", "anthropic/claude-haiku-4-5")))

    assert [answer.text for answer in asyncio.run(ask_both())] == ["a", "b"]


def test_an_answer_that_is_there_is_given_without_asking(database: Database) -> None:
    model = Model()
    question = start(database)

    async def ask_twice() -> list[Answer]:
        gate = Gate(database, model.ask, Limits(2, 0), 30)
        return [await gate.ask(say("first"), question), await gate.ask(say("second"), question)]

    first, second = asyncio.run(ask_twice())
    assert first == second
    assert len(model.asked) == 1
    asyncio.run(Gate(database, model.ask, Limits(2, 0), 30).ask(say("third"), replace(question, step=1)))
    assert len(model.asked) == 2


@pytest.mark.parametrize(("cost", "spent"), [("0.004", "0.004"), ("0", "0"), (None, None)])
def test_a_call_that_failed_frees_its_place_and_costs_what_it_cost(
    database: Database, cost: str | None, spent: str | None
) -> None:
    model = Model(CallFailed("It broke off.", cost_usd=None if cost is None else Decimal(cost)))
    gate, question = Gate(database, model.ask, Limits(1, 0), 30), start(database)

    async def fail_twice() -> None:
        for _ in range(2):
            with pytest.raises(CallFailed):
                await gate.ask(say("x"), question)

    asyncio.run(fail_twice())
    most = reckon_most(say("x"), price_of(MODEL))
    assert most is not None
    assert read_spent(database, question) == 2 * (most if spent is None else Decimal(spent))


def test_a_call_that_is_cancelled_frees_its_place(database: Database) -> None:
    model = Model()
    gate = Gate(database, model.ask, Limits(1, 0), 30)

    async def cancel_and_ask() -> Answer:
        task = asyncio.create_task(gate.ask(say("x")))
        while not model.asked:
            await asyncio.sleep(0.001)
        task.cancel()
        async with asyncio.timeout(20):
            return await gate.ask(say("y"))

    assert asyncio.run(cancel_and_ask()).text == "y"


def test_a_job_that_does_not_run_or_has_no_money_left_is_told_not_now(database: Database) -> None:
    model = Model()
    gate = Gate(database, model.ask, Limits(5, 0), 30)
    poor, paused = start(database, "0.000001"), start(database)
    with database.begin() as connection:
        jobs.set_state(connection, paused.job_id, "paused")
    for question, reason in ((poor, "budget"), (paused, "stopped")):
        with pytest.raises(NotNow) as told:
            asyncio.run(gate.ask(say("x"), question))
        assert told.value.reason == reason
    assert model.asked == []


def test_answers_are_kept_short_where_there_is_a_budget(database: Database) -> None:
    model = Model()
    gate = Gate(database, model.ask, Limits(5, 0), 30)
    asyncio.run(gate.ask(say("x"), start(database, "5")))
    asyncio.run(gate.ask(say("x"), start(database)))
    assert [request.max_tokens for request in model.asked] == [MOST_TOKENS_OUT, None]


@pytest.mark.parametrize(("limit", "left"), [(0, 0), (1, 1), (2, 1), (20, 19), (100, 95)])
def test_jobs_leave_a_little_of_each_limit_to_people(limit: int, left: int) -> None:
    assert Limits(limit, limit).for_jobs() == Limits(left, left)
