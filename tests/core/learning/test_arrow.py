import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.learning.arrow import Arrow

BORDERS = st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.1, 5)), max_size=6)


def arrow_and_matrix(parts: list[tuple[float, float, float]]) -> tuple[Arrow, np.ndarray]:
    """A positive definite arrow, which a head that is large enough for its border makes it, and the same in full."""
    lean = sum((first**2 + second**2) / d for first, second, d in parts)
    head = (2.0 + lean, 0.5, 1.0 + lean)
    full = np.diag([head[0], head[2], *(d for _, _, d in parts)])
    full[0, 1] = full[1, 0] = head[1]
    for at, (first, second, _) in enumerate(parts):
        full[0, at + 2] = full[at + 2, 0] = first
        full[1, at + 2] = full[at + 2, 1] = second
    return Arrow(head, [part[:2] for part in parts], [part[2] for part in parts]), full


@given(BORDERS)
def test_an_arrow_is_solved_and_inverted_like_any_matrix(parts: list[tuple[float, float, float]]) -> None:
    arrow, full = arrow_and_matrix(parts)
    right = [float(at + 1) for at in range(len(full))]
    assert arrow.solve(right) == pytest.approx(np.linalg.solve(full, right).tolist(), rel=1e-8, abs=1e-8)
    v11, v12, v22 = arrow.inverted_complement()
    assert np.array([[v11, v12], [v12, v22]]) == pytest.approx(np.linalg.inv(full)[:2, :2], rel=1e-8, abs=1e-10)


def test_an_infinite_diagonal_holds_its_unknown_at_nothing() -> None:
    held = Arrow((3.0, 1.0, 2.0), [(1.0, 2.0)], [math.inf])
    without = Arrow((3.0, 1.0, 2.0), [], [])
    assert held.solve([1.0, 2.0, 9.0]) == [*without.solve([1.0, 2.0]), 0.0]
