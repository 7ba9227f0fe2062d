import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.estimation.duration import critical_path, replay, seconds_of
from crewgen_core.estimation.tokens import TokenUse
from tests.support.estimation import make_profile


def total(asynchronous: list[bool], durations: list[float]) -> float:
    return max(end for _, end in replay(asynchronous, durations, max))


def test_synchronous_tasks_run_one_after_another() -> None:
    assert replay([False, False], [2.0, 3.0], max) == [(0, 2), (2, 5)]


def test_a_synchronous_task_waits_for_all_that_still_run() -> None:
    assert replay([True, True, False, False], [5.0, 9.0, 1.0, 1.0], max) == [(0, 5), (0, 9), (9, 10), (10, 11)]


def test_an_asynchronous_task_starts_when_its_turn_comes() -> None:
    assert replay([False, True, True, False], [4.0, 1.0, 2.0, 3.0], max) == [(0, 4), (4, 5), (4, 6), (6, 9)]


def test_a_run_ends_with_its_last_asynchronous_task() -> None:
    assert total([False, True], [1.0, 9.0]) == 10


def test_no_tasks_take_no_time() -> None:
    assert replay([], [], max) == []
    assert critical_path([], []) == 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1_000)), min_size=1, max_size=12))
def test_a_run_lasts_as_long_as_its_segments(tasks: list[tuple[bool, float]]) -> None:
    """The same rule, told otherwise: the slowest asynchronous task of a segment, then the one that closes it."""
    expected, slowest = 0.0, 0.0
    for is_asynchronous, duration in tasks:
        slowest, expected = (
            (max(slowest, duration), expected) if is_asynchronous else (0.0, expected + slowest + duration)
        )
    assert total([kind for kind, _ in tasks], [duration for _, duration in tasks]) == pytest.approx(expected + slowest)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1_000)), min_size=1, max_size=10), st.data())
def test_no_run_is_shorter_than_a_chain_that_its_order_keeps(
    tasks: list[tuple[bool, float]], data: st.DataObject
) -> None:
    """Only synchronous tasks are waited for at once, so the chain is drawn over those."""
    synchronous = [at for at, (is_asynchronous, _) in enumerate(tasks) if not is_asynchronous]
    sources = [
        data.draw(st.lists(st.sampled_from([s for s in synchronous if s < at] or [0]), max_size=2, unique=True))
        if any(s < at for s in synchronous)
        else []
        for at in range(len(tasks))
    ]
    durations = [duration for _, duration in tasks]
    assert critical_path(sources, durations) <= total([kind for kind, _ in tasks], durations) * (1 + 1e-9)


def test_an_agent_waits_for_each_answer_writes_and_uses_tools() -> None:
    use = TokenUse(calls=3, prompt=0, growth=0, visible_out=400, hidden_out=9_999, runs=2)
    profile = make_profile(first_answer_s=5.0, tokens_per_s=100.0)
    assert seconds_of(use, profile, 2) == 2 * (3 * 5 + 4 + 2 * 2)
