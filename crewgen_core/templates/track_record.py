"""What is known of a template's success, and what may be concluded from it.

The chance of success has a Beta prior centred on what was predicted, as strong as a prediction whose logit is uncertain
by 0.7: n0 = 1 / (0.7² · p · (1 - p)) - 1, which is 7 to 9 runs for middling chances (docs/templates.md).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist, median

from crewgen_core.learning.measures import Z95, wilson

PREDICTION_SD = 0.7
"""Uncertainty of a predicted chance, on the logit scale (docs/estimator.md)."""

EXTREME = 0.02
"""A predicted chance nearer to 0 or 1 than this counts as this: the prior would be endlessly strong."""

WEAKEST_PRIOR = 1.0
"""Runs that a prior counts for at least."""

BONUS = 0.5
"""Standard deviations that are added to the mean where templates are ranked: trying a little pays [measured in
simulations: over 200 uses the mean regret is lowest with 0 to 1, and Thompson sampling has twice as much]."""

FEWEST_RUNS = 5
"""Runs below which a median or a version says nothing."""


@dataclass(frozen=True)
class Posterior:
    """The chance that the next crew succeeds."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Ratio:
    """How many times as large a typical value is as another one."""

    value: float
    low: float
    high: float
    """90 % interval."""
    count: int
    other_count: int


def learn_success(predicted: float, succeeded: int, runs: int) -> Posterior:
    """Return the posterior of a chance that was predicted, after so many runs of which so many succeeded."""
    chance = min(max(predicted, EXTREME), 1 - EXTREME)
    strength = max(1 / (PREDICTION_SD**2 * chance * (1 - chance)) - 1, WEAKEST_PRIOR)
    hits, misses = strength * chance + succeeded, strength * (1 - chance) + runs - succeeded
    count = hits + misses
    return Posterior(hits / count, math.sqrt(hits * misses / (count**2 * (count + 1))))


def compare_rates(succeeded: int, runs: int, other_succeeded: int, other_runs: int) -> tuple[float, float, float]:
    """Return how much higher the first rate is than the other, with its 90 % interval.

    Newcombe's interval from two Wilson intervals (R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890, method 10).
    Both need at least one run.
    """
    rate, other = succeeded / runs, other_succeeded / other_runs
    low, high = wilson(succeeded, runs)
    other_low, other_high = wilson(other_succeeded, other_runs)
    gap = rate - other
    return gap, gap - math.hypot(rate - low, other_high - other), gap + math.hypot(high - rate, other - other_low)


def compare_medians(values: list[float], others: list[float]) -> Ratio | None:
    """Return the ratio of two medians of positive values; None with fewer than ``FEWEST_RUNS`` on a side.

    The interval is that of D. G. Bonett and R. M. Price, J. Educational and Behavioral Statistics 45, 2020, 750-770.
    """
    if min(len(values), len(others)) < FEWEST_RUNS:
        return None
    ratio = math.log(median(values) / median(others))
    reach = Z95 * math.sqrt(_median_variance(values) + _median_variance(others))
    return Ratio(math.exp(ratio), math.exp(ratio - reach), math.exp(ratio + reach), len(values), len(others))


def _median_variance(values: list[float]) -> float:
    """Return the variance of the logarithm of the median, from two order statistics around it."""
    logs, count = sorted(math.log(value) for value in values), len(values)
    rank = max(1, round((count + 1) / 2 - math.sqrt(count)))
    outside = sum(_binomial(count, at) for at in range(rank))
    z = NormalDist().inv_cdf(1 - min(max(outside, 1e-12), 0.49))
    return ((logs[count - rank] - logs[rank - 1]) / (2 * z)) ** 2


def _binomial(count: int, at: int) -> float:
    return math.exp(math.lgamma(count + 1) - math.lgamma(at + 1) - math.lgamma(count - at + 1) - count * math.log(2))
