"""Cost and duration, corrected by own outcomes: what predictions have to be multiplied by.

    x = ln(actual / predicted) ~ N(μ, s²),   (μ, s²) Normal-Inverse-Gamma with μ0 = 0, κ0 = 2, ν0 = 6, s0 = .66

The prior is conjugate: its four numbers are updated in closed form, and the next x follows Student's t.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crewgen_core.catalog.constants import LearningConstants
from crewgen_core.learning.student import quantile
from crewgen_core.models.value import Quantiles

FURTHEST = math.log(1_000)
"""A run that took a thousand times what was predicted, or a thousandth, counts as that far off: more is no spread, but
a fault in a record."""


Amount = float | Decimal


@dataclass(frozen=True)
class Ratio:
    """What is believed of ln(actual / predicted)."""

    outcomes: int
    mean: float
    """The most probable μ: negative where predictions are too high."""
    sd: float
    """The typical s."""
    weight: float
    """κ: how many outcomes the mean is worth."""
    degrees: int
    """ν: degrees of freedom of the spread."""

    def factors(self) -> Quantiles:
        """Return what to multiply a prediction by: 8 of 10 runs are expected between P10 and P90."""
        reach = self.sd * math.sqrt(1 + 1 / self.weight) * quantile(0.9, self.degrees)
        return Quantiles(p10=math.exp(self.mean - reach), p50=math.exp(self.mean), p90=math.exp(self.mean + reach))


def log_ratios(pairs: Iterable[tuple[Amount | None, Amount | None]]) -> list[float]:
    """Return ln(actual / predicted) of each pair (predicted, actual) that has one; what is unknown or 0 has none."""
    logs = (math.log(actual) - math.log(predicted) for predicted, actual in pairs if predicted and actual)
    return [min(max(it, -FURTHEST), FURTHEST) for it in logs]


def learn_ratio(logs: Sequence[float], constants: LearningConstants) -> Ratio:
    """Return the posterior; without outcomes it is the prior."""
    count = len(logs)
    before, degrees = constants.ratio_outcomes.value, round(constants.ratio_degrees.value)
    mean = sum(logs) / (before + count)  # the prior's own mean is 0
    squares = degrees * constants.ratio_sd.value**2 + sum(it**2 for it in logs) - (before + count) * mean**2
    return Ratio(count, mean, math.sqrt(squares / (degrees + count)), before + count, degrees + count)
