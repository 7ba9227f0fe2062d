"""The limits of a day on PostgreSQL: exact under many callers at once, as on SQLite, and none waits for ever."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from crewgen_core.errors import LimitReached
from crewgen_core.models.limit import DayLimits, Spender
from crewgen_core.models.person import Person, Role
from crewgen_core.storage import model_calls, usage
from crewgen_core.storage.database import Database
from crewgen_core.storage.model_calls import Ask, Passed

PEOPLE = tuple(Person(id=at, name=f"Person {at}", role=Role.EDITOR).limit_to("write", at) for at in range(1, 4))
LIMITS = DayLimits(generations=20, spend_usd=Decimal("0.25"), provider_usd=Decimal("0.5"), token_share=0.8)


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    opened = Database.open(postgresql_url)
    yield opened
    opened.close()


def test_fifty_callers_get_exactly_as_many_crews_as_they_may(database: Database) -> None:
    def generate(at: int) -> bool:
        try:
            with database.acting_for(PEOPLE[at % 3]).begin() as connection:
                usage.take_generation(connection, LIMITS)
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(50) as threads:
        assert sum(threads.map(generate, range(150))) == 3 * 16  # what tokens may have of 20


def test_fifty_callers_spend_exactly_what_there_is(database: Database) -> None:
    def spend(at: int) -> str:
        provider = "openai" if at % 2 else "anthropic"
        ask = Ask(provider, "gpt", at_once=100, per_minute=0, deadline_s=30, most_usd=Decimal("0.02"), day=LIMITS)
        while True:
            with database.acting_for(PEOPLE[at % 3]).begin() as connection:
                verdict = model_calls.begin(connection, ask)
            if isinstance(verdict, Passed):
                with database.begin() as connection:
                    model_calls.end(connection, verdict.call_id, Decimal("0.01"))
                return "passed"
            if verdict.reason != "busy":
                return verdict.reason

    with ThreadPoolExecutor(50) as threads:
        said = list(threads.map(spend, range(150)))
    with database.read() as connection:
        for person in PEOPLE:
            told = usage.read_standings(connection, Spender.of(person), LIMITS)
            assert next(one.used for one in told if one.kind == "spend") == Decimal("0.19")  # two cents do not fit
    assert said.count("passed") == 57
    assert set(said) == {"passed", "limit"}
