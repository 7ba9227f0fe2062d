"""Requests of programs within a minute: exact for people and tokens, whatever comes at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.app import Crewgen
from crewgen_core.errors import LimitReached
from crewgen_core.models.person import LOCAL, Person, Role
from crewgen_core.request_rate import RequestRate
from crewgen_core.settings import Settings

ADA = Person(id=1, name="Ada", role=Role.EDITOR)
BOB = Person(id=2, name="Bob", role=Role.EDITOR)


def passes(count: Callable[[], object]) -> bool:
    try:
        count()
    except LimitReached:
        return False
    return True


def test_fifty_threads_pass_exactly_as_often_as_allowed():
    rate = RequestRate(per_minute=120)
    with ThreadPoolExecutor(50) as pool:
        passed = list(pool.map(lambda _: passes(lambda: rate.count(ADA)), range(400)))
    assert sum(passed) == 120
    assert passes(lambda: rate.count(BOB))


def test_a_refused_request_says_when_the_next_may_come_and_does_not_count():
    rate = RequestRate(per_minute=2)
    assert [rate.count(ADA).left for _ in range(2)] == [1, 0]
    for _ in range(3):
        with pytest.raises(LimitReached, match="made 2 requests within a minute") as refused:
            rate.count(ADA)
    assert 0 < refused.value.wait_s <= 60


def test_a_token_leaves_some_requests_to_its_person():
    rate, token = RequestRate(per_minute=10, of_token=5), ADA.limit_to("write", 7)
    assert sum(passes(lambda: rate.count(token)) for _ in range(20)) == 5
    with pytest.raises(LimitReached, match="This token has"):
        rate.count(token)
    assert sum(passes(lambda: rate.count(ADA)) for _ in range(20)) == 5


@given(
    st.lists(st.sampled_from([ADA, BOB, LOCAL, ADA.limit_to("read", 1), ADA.limit_to("read", 2)]), max_size=60),
    st.integers(1, 12),
    st.integers(1, 12),
)
def test_no_person_and_no_token_ever_has_more_than_its_limit_nor_less(asking: list[Person], limit: int, of_token: int):
    rate, used = RequestRate(limit, of_token), dict[str, int]()
    for person in asking:
        token = f"token:{person.token_id}"
        fits = used.get(person.subject, 0) < limit and (person.token_id is None or used.get(token, 0) < of_token)
        assert passes(lambda person=person: rate.count(person)) == fits
        for subject in (person.subject, token) if fits else ():
            used[subject] = used.get(subject, 0) + 1


def test_the_front_doors_of_all_people_share_one_count(tmp_path: Path):
    house = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'c.db'}", requests_per_minute=3), {})
    for door in (house.acting_for(ADA), house.acting_for(ADA.limit_to("write", 4)), house.acting_for(ADA)):
        assert door.limits.check_request() is not None
    with pytest.raises(LimitReached):
        house.acting_for(ADA).limits.check_request()
    assert house.acting_for(BOB).limits.check_request()
    assert Crewgen(Settings(), {}).limits.check_request() is None
