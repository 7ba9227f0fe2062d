"""How good forecasts of success were: their error, what they add, and whether chances are what they say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.6448536269514722
"""95 % point of the standard normal distribution: intervals between it and its mirror image hold 90 %."""

MOST_BINS = 10
FEWEST_IN_BIN = 5
"""A bin of fewer runs says nothing: few outcomes make few bins."""

FEWEST_FOR_ERROR = 30
"""Outcomes below which a calibration error is mostly chance and is not given."""


@dataclass(frozen=True)
class Bin:
    """Runs with similar forecasts."""

    count: int
    forecast: float
    """Mean chance that was forecast."""
    rate: float
    """Share that succeeded."""
    low: float
    high: float
    """90 % Wilson interval of the rate."""


@dataclass(frozen=True)
class Score:
    """How good forecasts were."""

    count: int
    brier: float
    """Mean squared error, 0 (always right and sure) to 1; a coin scores 0.25."""
    skill: float | None
    """Share of the base rate's Brier score that is saved: 1 is perfect, 0 no better than always forecasting the share
    that succeeded, negative worse; None where all runs came out alike."""
    calibration_error: float | None
    """Mean distance of forecast and rate over the bins (ECE), 0 to 1; None below ``FEWEST_FOR_ERROR`` outcomes."""
    bins: tuple[Bin, ...]


def score(forecasts: Sequence[float], succeeded: Sequence[bool]) -> Score | None:
    """Score forecasts (chances, 0 to 1) by what came of them; None without any."""
    count = len(forecasts)
    if not count:
        return None
    error, rate = brier(forecasts, succeeded), sum(succeeded) / count
    bins = reliability(forecasts, succeeded)
    return Score(
        count=count,
        brier=error,
        skill=1 - error / (rate * (1 - rate)) if 0 < rate < 1 else None,
        calibration_error=calibration_error(bins) if count >= FEWEST_FOR_ERROR else None,
        bins=bins,
    )


def brier(forecasts: Sequence[float], succeeded: Sequence[bool]) -> float:
    """Return the mean squared error of at least one forecast."""
    return sum((chance - came) ** 2 for chance, came in zip(forecasts, succeeded, strict=True)) / len(forecasts)


def reliability(forecasts: Sequence[float], succeeded: Sequence[bool]) -> tuple[Bin, ...]:
    """Return at most ten bins of about equally many runs, by rising forecast; equal forecasts share a bin."""
    pairs = sorted(zip(forecasts, succeeded, strict=True))
    number = max(1, min(MOST_BINS, len(pairs) // FEWEST_IN_BIN))
    bins: list[Bin] = []
    start = 0
    for at in range(1, number + 1):
        end = at * len(pairs) // number
        while 0 < end < len(pairs) and pairs[end][0] == pairs[end - 1][0]:
            end += 1
        if end > start:
            bins.append(_bin(pairs[start:end]))
            start = end
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of forecast and rate, each bin by its runs; 0 without bins."""
    count = sum(it.count for it in bins)
    return sum(it.count * abs(it.forecast - it.rate) for it in bins) / count if count else 0.0


def wilson(successes: int, count: int, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson score interval of a rate from at least one run; 90 % unless another ``z`` is given."""
    rate, share = successes / count, z * z / count
    middle = (rate + share / 2) / (1 + share)
    reach = z / (1 + share) * math.sqrt((rate * (1 - rate) + share / 4) / count)
    return min(rate, max(0.0, middle - reach)), max(rate, min(1.0, middle + reach))  # rounding never shuts the rate out


def _bin(pairs: Sequence[tuple[float, bool]]) -> Bin:
    count, successes = len(pairs), sum(succeeded for _, succeeded in pairs)
    low, high = wilson(successes, count)
    return Bin(count, sum(chance for chance, _ in pairs) / count, successes / count, low, high)
