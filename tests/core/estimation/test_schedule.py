"""Who starts when, what each start waits for, and what decides the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.estimation.duration import critical_path
from crewgen_core.estimation.schedule import longest_chain, schedule


def test_a_synchronous_task_waits_for_all_that_still_run() -> None:
    short, long, last = schedule([True, True, False], [(), (), (0,)], [1, 5, 2])
    assert (short.start, long.start, last.start) == (0, 0, 5)
    assert (last.ready, last.waits, last.after) == (1, 4, 1)
    assert [span.decides for span in (short, long, last)] == [False, True, True]


def test_tasks_in_a_row_all_decide() -> None:
    spans = schedule([False] * 3, [(), (), ()], [1, 2, 3])
    assert all(span.decides for span in spans)
    assert [span.waits for span in spans] == [0, 1, 3]


def test_the_critical_path_leaves_out_what_the_end_does_not_build_on() -> None:
    assert longest_chain([(), (), (0, 1)], [1, 5, 2]) == (1, 2)
    assert longest_chain([], []) == ()


PLANS = st.lists(st.tuples(st.booleans(), st.floats(0.001, 1_000), st.integers(0, 3)), max_size=12)


@given(PLANS)
def test_what_decides_adds_up_to_the_whole_and_the_critical_path_to_its_bound(
    plan: list[tuple[bool, float, int]],
) -> None:
    sources = [tuple(range(max(0, at - back), at)) for at, (_, _, back) in enumerate(plan)]
    durations = [seconds for _, seconds, _ in plan]
    spans = schedule([flag for flag, _, _ in plan], sources, durations)
    end = max((span.end for span in spans), default=0)
    assert sum(span.end - span.start for span in spans if span.decides) == pytest.approx(end)
    assert all(span.ready <= span.start for span in spans)
    chain = longest_chain(sources, durations)
    assert sum(durations[at] for at in chain) == pytest.approx(critical_path(sources, durations))
