"""The ledger of model calls: limits of providers, budgets of jobs, answers that are kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from crewgen_core.llm.call import Answer
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.storage import job_items, job_results, jobs, model_calls
from crewgen_core.storage.database import Database
from crewgen_core.storage.model_calls import GRACE_MS, MINUTE_MS, Ask, Held, Passed
from crewgen_core.storage.tables import model_tables

ASK = Ask("openai", "openai/gpt-5-mini", at_once=5, per_minute=0, deadline_s=30)
ANSWER = Answer(text="{}", tokens_in=10, tokens_out=5, cost_usd=Decimal("0.002"), seconds=0.1, finish_reason="stop")


def begin(database: Database, ask: Ask = ASK) -> Passed | Held:
    with database.begin() as connection:
        return model_calls.begin(connection, ask)


def pass_through(database: Database, ask: Ask = ASK) -> int:
    verdict = begin(database, ask)
    assert isinstance(verdict, Passed)
    return verdict.call_id


def end(database: Database, call_id: int, cost: str | None = "0.002", answer: Answer | None = None) -> None:
    with database.begin() as connection:
        model_calls.end(connection, call_id, None if cost is None else Decimal(cost), answer)


def start_job(database: Database, budget: str | None = None) -> tuple[int, int]:
    """Store a job with one row and return the ids of both."""
    with database.begin() as connection:
        job_id = jobs.create(connection, NewJob(name="Spring", budget_usd=None if budget is None else Decimal(budget)))
        job_items.add(connection, job_id, [NewItem(2, "Write", model=ASK.model)])
        (item,) = job_results.stream_items(connection, job_id)
    return job_id, item.id


def spent(database: Database, job_id: int) -> Decimal:
    with database.read() as connection:
        return jobs.get(connection, job_id).spent_usd


def move_back(database: Database, milliseconds: int) -> None:
    """Let every call have begun so much earlier."""
    call = model_tables.model_calls.c
    with database.begin() as connection:
        connection.execute(
            update(model_tables.model_calls).values(
                started_ms=call.started_ms - milliseconds, lapses_ms=call.lapses_ms - milliseconds
            )
        )


def test_only_so_many_calls_are_open_at_once(database: Database) -> None:
    calls = [pass_through(database) for _ in range(5)]
    assert isinstance(held := begin(database), Held)
    assert held.reason == "busy"
    assert isinstance(begin(database, replace(ASK, provider="anthropic")), Passed)
    end(database, calls[2])
    assert isinstance(begin(database), Passed)
    assert isinstance(begin(database), Held)


def test_only_so_many_calls_begin_within_a_minute(database: Database) -> None:
    ask = replace(ASK, per_minute=3)
    for _ in range(3):
        end(database, pass_through(database, ask))
    assert isinstance(held := begin(database, ask), Held)
    assert held.reason == "busy"
    assert 0 < held.wait_s <= MINUTE_MS / 1000
    move_back(database, MINUTE_MS)
    assert isinstance(begin(database, ask), Passed)


@pytest.mark.parametrize(("at_once", "per_minute", "fit"), [(7, 0, 7), (30, 11, 11)])
def test_limits_are_exact_under_eight_threads(database: Database, at_once: int, per_minute: int, fit: int) -> None:
    ask = replace(ASK, at_once=at_once, per_minute=per_minute)
    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(lambda _: begin(database, ask), range(40)))
    assert sum(isinstance(verdict, Passed) for verdict in verdicts) == fit


def test_calls_that_end_and_begin_in_many_threads_never_exceed_the_limit(database: Database) -> None:
    ask = replace(ASK, at_once=3)
    call = model_tables.model_calls.c

    def work(_: int) -> int:
        for _ in range(10):
            with database.begin() as connection:
                verdict = model_calls.begin(connection, ask)
                query = select(func.count()).select_from(model_tables.model_calls).where(call.ended_ms.is_(None))
                most = connection.scalar(query) or 0
            if isinstance(verdict, Passed):
                end(database, verdict.call_id)
            if most > ask.at_once:
                return most
        return 0

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(work, range(8))) == {0}


def test_a_call_of_a_dead_process_frees_its_place_when_it_lapses(database: Database) -> None:
    for _ in range(5):
        pass_through(database)
    assert isinstance(begin(database), Held)
    move_back(database, int(ASK.deadline_s * 1000) + GRACE_MS)
    assert isinstance(begin(database), Passed)


def test_open_calls_of_a_dead_worker_end_and_may_have_cost_the_most(database: Database) -> None:
    job_id, item_id = start_job(database)
    ask = replace(ASK, job_id=job_id, item_id=item_id, most_usd=Decimal("0.5"))
    dead, alive = replace(ask, worker_id="a"), replace(ask, worker_id="b")
    end(database, pass_through(database, dead))
    for one in (dead, dead, alive):
        pass_through(database, one)
    for _ in range(2):  # twice is as once
        with database.begin() as connection:
            model_calls.abandon(connection, "a")
        assert spent(database, job_id) == Decimal("1.002")


def test_a_call_ends_once(database: Database) -> None:
    job_id, item_id = start_job(database)
    call = pass_through(database, replace(ASK, job_id=job_id, item_id=item_id))
    end(database, call, "0.25")
    end(database, call, "0.25")
    assert spent(database, job_id) == Decimal("0.25")


def test_a_call_of_unknown_cost_counts_as_the_most_it_could_cost(database: Database) -> None:
    job_id, item_id = start_job(database, budget="1")
    end(database, pass_through(database, replace(ASK, job_id=job_id, item_id=item_id, most_usd=Decimal("0.4"))), None)
    assert spent(database, job_id) == Decimal("0.4")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(1, 400), st.integers(0, 400)), max_size=30))
def test_no_order_of_calls_overspends_a_budget(database: Database, steps: list[tuple[bool, int, int]]) -> None:
    """Each step begins a call that may cost so much, or ends an open one that cost a part of its most, or unknown."""
    budget = Decimal("0.001")
    job_id, item_id = start_job(database, str(budget))
    ask = replace(ASK, at_once=100, job_id=job_id, item_id=item_id)
    open_calls: list[tuple[int, int]] = []
    for begins, most, cost in steps:
        if begins:
            verdict = begin(database, replace(ask, most_usd=Decimal(most) / 1_000_000))
            if isinstance(verdict, Passed):
                open_calls.append((verdict.call_id, most))
            else:
                assert verdict.reason == ("busy" if open_calls else "budget")
        elif open_calls:
            call, reserved = open_calls.pop(cost % len(open_calls))
            end(database, call, str(Decimal(min(cost, reserved)) / 1_000_000) if cost else None)
        reserved = sum(Decimal(most) / 1_000_000 for _, most in open_calls)
        assert spent(database, job_id) + reserved <= budget
    with database.begin() as connection:
        for call, _ in open_calls:
            model_calls.end(connection, call, None)
        assert jobs.get(connection, job_id).spent_usd <= budget


def test_a_budget_is_kept_by_calls_of_eight_threads(database: Database) -> None:
    job_id, item_id = start_job(database, "0.1")
    ask = replace(ASK, at_once=100, job_id=job_id, item_id=item_id, most_usd=Decimal("0.009"))
    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(lambda _: begin(database, ask), range(40)))
    assert sum(isinstance(verdict, Passed) for verdict in verdicts) == 11


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_a_job_that_does_not_run_asks_nothing(database: Database, state: jobs.JobState) -> None:
    job_id, item_id = start_job(database)
    with database.begin() as connection:
        jobs.set_state(connection, job_id, state)
    assert isinstance(held := begin(database, replace(ASK, job_id=job_id, item_id=item_id)), Held)
    assert held.reason == "stopped"


def test_an_answer_is_found_again_for_the_same_row_and_question(database: Database) -> None:
    job_id, item_id = start_job(database)
    ask = replace(ASK, job_id=job_id, item_id=item_id)

    def find(step: int) -> Answer | None:
        with database.read() as connection:
            return model_calls.find_answer(connection, item_id, step)

    call = pass_through(database, ask)
    assert find(0) is None
    end(database, call, answer=ANSWER)
    end(database, pass_through(database, replace(ask, step=1)))  # refused: there is no answer
    assert (find(0), find(1)) == (ANSWER, None)
    with database.begin() as connection:
        model_calls.forget_answers(connection, [item_id])
    assert find(0) is None
    assert spent(database, job_id) == Decimal("0.004")
