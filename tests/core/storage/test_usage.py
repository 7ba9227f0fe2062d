"""What people, tokens and providers use of a day: exact whatever comes at once, and free again the next day."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from crewgen_core.errors import LimitReached
from crewgen_core.models.limit import DayLimits, LimitStanding, Spender
from crewgen_core.models.person import Person, Role
from crewgen_core.storage import model_calls, usage
from crewgen_core.storage.database import Database
from crewgen_core.storage.model_calls import GRACE_MS, Ask, Held, Passed
from crewgen_core.storage.tables import model_tables, people_tables

ADA = Person(id=1, name="Ada", role=Role.EDITOR)
ADAS_TOKEN = ADA.limit_to("write", 7)
BOB = Person(id=2, name="Bob", role=Role.EDITOR)
ASK = Ask("openai", "openai/gpt-5-mini", at_once=1_000, per_minute=0, deadline_s=30)
DAY_MS = 86_400_000


def ask_for(most: str, **limits: object) -> Ask:
    return replace(ASK, most_usd=Decimal(most), day=DayLimits.model_validate(limits))


def begin(database: Database, ask: Ask) -> Passed | Held:
    with database.begin() as connection:
        return model_calls.begin(connection, ask)


def end(database: Database, verdict: Passed | Held, cost: str | None) -> None:
    assert isinstance(verdict, Passed)
    with database.begin() as connection:
        model_calls.end(connection, verdict.call_id, None if cost is None else Decimal(cost))


def read(database: Database, person: Person = ADA, **limits: object) -> dict[tuple[str, str], LimitStanding]:
    with database.read() as connection:
        told = usage.read_standings(connection, Spender.of(person), DayLimits.model_validate(limits))
        told += usage.read_providers(connection, DayLimits.model_validate(limits))
    return {(one.kind, one.whose): one for one in told}


def let_midnight_pass(database: Database) -> None:
    """Let everything that was used have been used a day earlier."""
    call, used = model_tables.model_calls.c, people_tables.usage_days
    with database.begin() as connection:
        rows = connection.execute(select(used)).mappings().all()
        for row in rows:
            which = (used.c.subject == row["subject"]) & (used.c.day == row["day"])
            connection.execute(update(used).where(which).values(day=row["day"] - timedelta(days=1)))
        connection.execute(
            update(model_tables.model_calls).values(
                started_ms=call.started_ms - DAY_MS, lapses_ms=call.lapses_ms - DAY_MS
            )
        )


def generate(database: Database, limit: int | None, share: float = 1.0) -> bool:
    try:
        with database.begin() as connection:
            usage.take_generation(connection, DayLimits(generations=limit, token_share=share))
    except LimitReached:
        return False
    return True


def test_fifty_threads_generate_exactly_as_many_as_allowed(database: Database) -> None:
    of_ada = database.acting_for(ADA)
    with ThreadPoolExecutor(50) as threads:
        made = list(threads.map(lambda _: generate(of_ada, 30), range(100)))
    assert sum(made) == 30
    assert read(database)["generations", "person"].used == 30
    assert generate(database.acting_for(BOB), 30)


def test_the_answer_says_what_is_used_up_and_when_it_is_free_again(database: Database) -> None:
    for _ in range(2):
        generate(database.acting_for(ADA), 2)
    with pytest.raises(LimitReached) as refused, database.acting_for(ADA).begin() as connection:
        usage.take_generation(connection, DayLimits(generations=2))
    told = str(refused.value)
    assert told.startswith("You have generated 2 of 2 crews today (UTC). The next can be made in ")
    now = datetime.now(UTC)
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
    assert refused.value.wait_s == pytest.approx((midnight - now).total_seconds(), abs=60)


def test_a_token_leaves_its_person_some_and_uses_what_is_theirs(database: Database) -> None:
    of_ada, of_token = database.acting_for(ADA), database.acting_for(ADAS_TOKEN)
    assert [generate(of_token, 10, 0.5) for _ in range(7)] == [True] * 5 + [False] * 2
    assert [generate(of_ada, 10, 0.5) for _ in range(7)] == [True] * 5 + [False] * 2
    told = read(database, ADAS_TOKEN, generations=10, token_share=0.5)
    assert (told["generations", "token"].used, told["generations", "token"].limit) == (5, 5)
    assert (told["generations", "person"].used, told["generations", "person"].share) == (10, 1.0)


@given(asked=st.lists(st.tuples(st.sampled_from([ADA, ADAS_TOKEN]), st.integers(0, 9)), max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_at_once_get_as_many_as_are_left(database: Database, asked: list[tuple[Person, int]]) -> None:
    limits = DayLimits(generations=20, token_share=0.4)
    used, of_token = 0, 0
    let_midnight_pass_for_good(database)
    for person, wanted in asked:
        with database.begin() as connection:
            granted, full = usage.grant_generations(connection, Spender.of(person), limits, wanted)
        fits = min(wanted, 20 - used, 8 - of_token if person is ADAS_TOKEN else wanted)
        assert granted == fits
        assert (full is None) == (granted == wanted)
        used += granted
        of_token += granted if person is ADAS_TOKEN else 0


def let_midnight_pass_for_good(database: Database) -> None:
    """Begin an example with nothing used."""
    with database.begin() as connection:
        connection.execute(people_tables.usage_days.delete())


def test_money_is_reserved_before_a_call_and_settled_after_it(database: Database) -> None:
    of_ada, ask = database.acting_for(ADA), ask_for("0.40", spend_usd="1")
    first, second = begin(of_ada, ask), begin(of_ada, ask)
    held = begin(of_ada, ask)
    assert isinstance(held, Held)
    assert (held.reason, held.full and held.full.used) == ("busy", Decimal("0.8"))  # they may cost less
    end(database, first, "0.01")
    end(database, second, None)  # not known: it cost the most
    assert isinstance(begin(of_ada, ask), Passed)
    assert read(database)["spend", "person"].used == Decimal("0.81")
    assert isinstance(begin(database.acting_for(BOB), ask), Passed)


def test_what_is_used_up_is_told_with_the_time_to_wait(database: Database) -> None:
    of_ada, ask = database.acting_for(ADA), ask_for("0.40", spend_usd="1")
    end(database, begin(of_ada, ask_for("0.9", spend_usd="1")), "0.9")
    held = begin(of_ada, ask)
    assert isinstance(held, Held)
    assert held.reason == "limit"
    assert held.full
    assert (held.full.kind, held.full.used, held.full.limit) == ("spend", Decimal("0.9"), 1)
    assert 0 < held.wait_s <= 86_400
    assert isinstance(begin(of_ada, ask_for("0.1", spend_usd="1")), Passed)  # what is free is usable
    assert isinstance(begin(of_ada, ask_for("0", spend_usd="1")), Passed)  # and what is free of charge


def test_the_budget_of_a_provider_holds_over_everybody(database: Database) -> None:
    ask = ask_for("0.30", provider_usd="1")
    for person in (ADA, BOB, ADAS_TOKEN):
        end(database, begin(database.acting_for(person), ask), "0.30")
    held = begin(database, ask)
    assert isinstance(held, Held)
    assert (held.reason, held.full and held.full.whose) == ("limit", "openai")
    assert isinstance(begin(database, replace(ask, provider="anthropic")), Passed)


def test_at_midnight_everything_is_free_and_a_call_counts_for_the_day_on_which_it_began(database: Database) -> None:
    of_ada, ask = database.acting_for(ADA), ask_for("0.90", spend_usd="1", generations=1)
    generate(of_ada, 1)
    late = begin(of_ada, ask)
    assert not generate(of_ada, 1)
    let_midnight_pass(database)
    assert generate(of_ada, 1)
    assert isinstance(begin(of_ada, ask), Passed)
    end(database, late, "0.5")
    assert read(database)["spend", "person"].used == Decimal("0.90")


def test_a_call_of_a_dead_process_counts_as_the_most_and_holds_nobody_up(database: Database) -> None:
    of_ada, ask = database.acting_for(ADA), ask_for("0.30", spend_usd="1")
    for _ in range(3):
        begin(of_ada, ask)
    assert isinstance(held := begin(of_ada, ask), Held)
    assert held.reason == "busy"
    call = model_tables.model_calls.c
    gone = int(ASK.deadline_s * 1000) + GRACE_MS
    with database.begin() as connection:
        connection.execute(update(model_tables.model_calls).values(lapses_ms=call.lapses_ms - gone))
    assert isinstance(held := begin(of_ada, ask), Held)
    assert held.reason == "limit"
    assert isinstance(begin(of_ada, ask_for("0.1", spend_usd="1")), Passed)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([ADA, ADAS_TOKEN, BOB]), st.integers(0, 400), st.integers(0, 400)), max_size=30
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_calls_spends_too_much_or_gets_stuck(
    database: Database, steps: list[tuple[Person, int, int]]
) -> None:
    """Each step begins a call that may cost so much, and ends some open one that cost a part of its most."""
    let_midnight_pass_for_good(database)
    limits = {"spend_usd": "0.0006", "provider_usd": "0.001", "token_share": 0.5}
    most_of = {"person:1": 600, "token:7": 300, "person:2": 600, "all": 1_000}
    used = dict.fromkeys(most_of, 0)
    waiting: list[tuple[Passed, tuple[str, ...], int]] = []
    for person, most, cost in steps:
        names = (*Spender.of(person).subjects, "all")
        fits = all(used[name] + most <= most_of[name] for name in names)
        verdict = begin(database.acting_for(person), ask_for(str(Decimal(most) / 1_000_000), **limits))
        assert isinstance(verdict, Passed) == (fits or most == 0)
        if isinstance(verdict, Passed):
            waiting.append((verdict, names, most))
            for name in names:
                used[name] += most
        elif waiting:
            ended, names, most = waiting.pop(cost % len(waiting))
            end(database, ended, str(Decimal(min(cost, most)) / 1_000_000))
            for name in names:
                used[name] -= most - min(cost, most)
        told = read(database, ADAS_TOKEN)
        assert told["spend", "person"].used * 1_000_000 == used["person:1"]
        assert told["spend", "token"].used * 1_000_000 == used["token:7"]
    for ended, _, _ in waiting:
        end(database, ended, "0")


def test_fifty_callers_at_once_never_spend_more_than_there_is_and_use_all_of_it(database: Database) -> None:
    ask = ask_for("0.010", provider_usd="1", spend_usd="5")

    def spend(at: int) -> str:
        verdict = begin(database.acting_for(ADA if at % 2 else BOB), ask)
        if isinstance(verdict, Passed):
            end(database, verdict, "0.010")
            return "passed"
        return verdict.reason

    with ThreadPoolExecutor(50) as threads:
        said = list(threads.map(spend, range(150)))
        while "busy" in said:
            said = [spend(at) if one == "busy" else one for at, one in enumerate(said)]
    assert said.count("passed") == 100
    assert read(database)["provider", "openai"].used == 1


def generate_in_a_process(url: str) -> int:
    database = Database.open(url).acting_for(ADA)
    with ThreadPoolExecutor(10) as threads:
        made = sum(threads.map(lambda _: generate(database, 30), range(30)))
    ask = ask_for("0.010", spend_usd="0.25")
    passed = 0
    for _ in range(20):
        verdict = begin(database, ask)
        while isinstance(verdict, Held) and verdict.reason == "busy":
            verdict = begin(database, ask)
        if isinstance(verdict, Passed):
            end(database, verdict, "0.010")
            passed += 1
    database.close()
    return made * 1_000 + passed


@pytest.fixture
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_processes_share_the_limits(tmp_path: Path, processes: ProcessPoolExecutor) -> None:
    url = f"sqlite:///{tmp_path / 'crewgen.db'}"
    Database.open(url).close()
    check: Callable[[str], int] = generate_in_a_process
    assert sum(processes.map(check, [url] * 2)) == 30 * 1_000 + 25
