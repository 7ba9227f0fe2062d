import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.learning.student import cumulative, density, quantile

SHARES = (0.9, 0.95, 0.975, 0.995, 0.9995)

TABLE = {
    1: (3.078, 6.314, 12.706, 63.657, 636.619),
    2: (1.886, 2.920, 4.303, 9.925, 31.599),
    3: (1.638, 2.353, 3.182, 5.841, 12.924),
    5: (1.476, 2.015, 2.571, 4.032, 6.869),
    6: (1.440, 1.943, 2.447, 3.707, 5.959),
    10: (1.372, 1.812, 2.228, 3.169, 4.587),
    30: (1.310, 1.697, 2.042, 2.750, 3.646),
    60: (1.296, 1.671, 2.000, 2.660, 3.460),
    120: (1.289, 1.658, 1.980, 2.617, 3.373),
}
"""Percentage points of Student's t as printed in statistical tables (Abramowitz and Stegun, table 26.10)."""


@pytest.mark.parametrize("degrees", TABLE)
def test_quantiles_are_those_of_the_printed_tables(degrees: int) -> None:
    found = [quantile(share, degrees) for share in SHARES]
    assert found == pytest.approx(TABLE[degrees], abs=0.00051)


def test_many_degrees_of_freedom_are_a_normal_distribution() -> None:
    assert quantile(0.9, 200_000) == pytest.approx(1.28155, abs=1e-4)


@given(st.floats(1e-6, 1 - 1e-6), st.integers(1, 400))
def test_a_quantile_is_the_inverse_of_the_distribution(share: float, degrees: int) -> None:
    assert cumulative(quantile(share, degrees), degrees) == pytest.approx(share, rel=1e-9, abs=1e-12)


@given(st.floats(-50, 50), st.integers(1, 400))
def test_the_distribution_is_symmetric_and_rises_with_its_density(t: float, degrees: int) -> None:
    assert cumulative(-t, degrees) == pytest.approx(1 - cumulative(t, degrees), abs=1e-12)
    step = 1e-5
    slope = (cumulative(t + step, degrees) - cumulative(t - step, degrees)) / (2 * step)
    assert slope == pytest.approx(density(t, degrees), rel=1e-4, abs=1e-9)


def test_one_degree_of_freedom_is_cauchys_distribution() -> None:
    assert cumulative(3, 1) == pytest.approx(0.5 + math.atan(3) / math.pi, abs=1e-15)
