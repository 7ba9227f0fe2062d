import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.time_scale import LONGEST_S, SHORTEST_S, find_quantile, seconds_at, step_of


@given(st.floats(SHORTEST_S, LONGEST_S))
def test_a_duration_read_back_is_at_most_five_percent_off(seconds: float):
    assert abs(seconds_at(step_of(seconds)) / seconds - 1) < 0.0501


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e-9, 1e12])
def test_what_lies_beyond_the_scale_counts_as_its_end(seconds: float):
    assert SHORTEST_S * 0.9 < seconds_at(step_of(seconds)) < LONGEST_S * 1.1


@given(st.lists(st.floats(0.002, 10_000), min_size=1, max_size=200), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_of_counted_steps_is_that_of_the_durations(durations: list[float], share: float):
    counts: dict[int, int] = {}
    for seconds in durations:
        counts[step_of(seconds)] = counts.get(step_of(seconds), 0) + 1
    exact = sorted(durations)[max(0, math.ceil(share * len(durations)) - 1)]
    found = find_quantile(counts, share)
    assert found is not None
    assert abs(found / exact - 1) < 0.0501


def test_of_nothing_there_is_no_quantile():
    assert find_quantile({}, 0.5) is None
    assert find_quantile({3: 0}, 0.5) is None
