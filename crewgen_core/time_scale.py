"""The scale on which durations are counted: logarithmic steps of a tenth, so that medians need no list of them all.

Seconds are counted by the step they fall into; a quantile is read back as the middle of its step, which is at most 5 %
away from the exact figure.
"""

import math
from collections.abc import Mapping

RATIO = 1.1
"""How much longer one step is than the one before it."""

SHORTEST_S, LONGEST_S = 0.001, 1_000_000.0
"""Ends of the scale in seconds; what lies beyond counts as the end."""


def step_of(seconds: float) -> int:
    """Return the step that a duration falls into."""
    return math.floor(math.log(min(max(seconds, SHORTEST_S), LONGEST_S)) / math.log(RATIO))


def seconds_at(step: int) -> float:
    """Return the middle of a step (the geometric mean of its ends), in seconds."""
    return RATIO ** (step + 0.5)


def find_quantile(counts: Mapping[int, int], share: float) -> float | None:
    """Return the duration in seconds below which this share (0 to 1) of those counted lies; None of none.

    ``counts`` is how many fell into each step.
    """
    total = sum(counts.values())
    if total <= 0:
        return None
    wanted, passed = share * total, 0
    for step in sorted(counts):
        passed += counts[step]
        if passed >= wanted and counts[step]:
            return seconds_at(step)
    return seconds_at(max(counts))
