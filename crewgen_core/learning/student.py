"""Student's t distribution with a whole number of degrees of freedom, exact: a finite sum instead of a table.

Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4, with θ = arctan(t/√ν).
"""

import math


def cumulative(t: float, degrees: int) -> float:
    """Return P(T <= t) for ``degrees`` >= 1."""
    theta = math.atan2(t, math.sqrt(degrees))
    sine, squared = math.sin(theta), math.cos(theta) ** 2
    odd = degrees % 2
    term = math.cos(theta) if odd else 1.0
    total = 0.0
    for n in range(1 + odd, degrees, 2):
        total += term
        term *= squared * n / (n + 1)
    within = 2 / math.pi * (theta + sine * total) if odd else sine * total
    return (1 + within) / 2


def density(t: float, degrees: int) -> float:
    """Return the density at t."""
    log_scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(math.pi * degrees) / 2
    return math.exp(log_scale - (degrees + 1) / 2 * math.log1p(t * t / degrees))


def quantile(share: float, degrees: int) -> float:
    """Return the t below which ``share`` (0 < share < 1) of the distribution lies.

    Above the middle the cumulative distribution is concave, so Newton's steps from 0 rise to the answer from below and
    never overshoot: they end when they no longer rise.
    """
    if share < 0.5:
        return -quantile(1 - share, degrees)
    t, risen = 0.0, (share - 0.5) / density(0.0, degrees)
    while risen > 1e-12 * t:
        t += risen
        risen = (share - cumulative(t, degrees)) / density(t, degrees)
    return t
