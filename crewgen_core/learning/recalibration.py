"""Success, corrected by own outcomes: a Bayesian logistic regression on the logit of what was predicted.

    logit P = a + b · logit p + u_template,   a ~ N(0, .7²),  b ~ N(1, .3²),  u ~ N(0, .6²)

``a`` shifts all chances, as if every horizon were longer or shorter; ``b`` stretches them, and is below 1 where
predictions were too sure; ``u`` is what is particular to a template. The discount for real use is part of p already.

The log posterior is strictly concave, so Newton's steps, halved where they overshoot, find its one maximum. An outcome
has one template at most, so the Hessian is an ``Arrow``; the variance of a corrected logit, with c = (1, logit p), is

    (c - B/d)ᵀ S⁻¹ (c - B/d) + 1/d
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crewgen_core.catalog.constants import LearningConstants
from crewgen_core.learning.arrow import Arrow, Pair, Symmetric
from crewgen_core.models.outcome import Outcome

EXTREME = 0.001
"""Predictions nearer to 0 or 1 count as this near: no run is so certain, and the logit would be infinite."""

PRECISION = 1e-10
"""Newton stops where a step promises less, in units of the log posterior."""

MOST_STEPS = 100
"""Bound of Newton's loop; it takes four to eight steps."""

Row = tuple[int, float, bool]
"""Position of the template, logit of the prediction, whether the run succeeded."""


@dataclass(frozen=True)
class TemplateEffect:
    """What is particular to one template; as it is here, to none."""

    mean: float = 0.0
    """u, in logits."""
    variance: float = 0.0
    """Its variance if a and b were known: 1/d."""
    lean: Pair = (0.0, 0.0)
    """By how much it would be lower if a, or b, were one higher: B/d."""


@dataclass(frozen=True)
class Recalibration:
    """The posterior of the correction: its maximum, and how certain that is."""

    outcomes: int
    a: float
    b: float
    covariance: Symmetric
    """Of a and b: S⁻¹."""
    templates: Mapping[str | None, TemplateEffect]
    """By key of the template; None stands for crews made without one, of which a and b alone speak."""
    unseen: TemplateEffect
    """A template without outcomes."""

    def logit_of(self, predicted: float, template: str | None = None) -> Pair:
        """Return mean and standard deviation of the corrected logit of a predicted chance, 0 to 1."""
        z = clipped_logit(predicted)
        effect = self.templates.get(template, self.unseen)
        one, slope = 1 - effect.lean[0], z - effect.lean[1]
        v11, v12, v22 = self.covariance
        variance = v11 * one**2 + 2 * v12 * one * slope + v22 * slope**2 + effect.variance
        return self.a + self.b * z + effect.mean, math.sqrt(variance)


@dataclass(frozen=True)
class _View:
    """The negative log posterior seen from one point."""

    height: float
    gradient: list[float]
    hessian: Arrow


def clipped_logit(chance: float) -> float:
    """Return the logit of a chance, 0 to 1, kept away from both ends by ``EXTREME``."""
    kept = min(max(chance, EXTREME), 1 - EXTREME)
    return math.log(kept / (1 - kept))


def recalibrate(outcomes: Sequence[Outcome], constants: LearningConstants) -> Recalibration:
    """Return the posterior of the correction; without outcomes it is the prior."""
    keys = dict.fromkeys(outcome.template for outcome in outcomes if outcome.template is not None)
    position: dict[str | None, int] = {key: at for at, key in enumerate((*keys, None))}
    rows = [(position[it.template], clipped_logit(it.predicted_success), it.succeeded) for it in outcomes]
    (a, b, *effects), hessian = _maximize(rows, len(position), constants)
    return Recalibration(
        len(outcomes),
        a,
        b,
        hessian.inverted_complement(),
        templates={
            key: TemplateEffect(effects[at], 1 / hessian.diagonal[at], hessian.lean(at)) for key, at in position.items()
        },
        unseen=TemplateEffect(variance=constants.template_sd.value**2),
    )


def _maximize(rows: Sequence[Row], places: int, constants: LearningConstants) -> tuple[list[float], Arrow]:
    """Return the most probable a, b and effects, and the Hessian there."""
    point = [0.0, 1.0] + [0.0] * places
    view = _look(point, rows, constants)
    for _ in range(MOST_STEPS):
        step = view.hessian.solve(view.gradient)
        promised = sum(slope * part for slope, part in zip(view.gradient, step, strict=True))
        if promised < PRECISION:
            break
        share = 1.0
        while True:
            point_ahead = [weight - share * part for weight, part in zip(point, step, strict=True)]
            ahead = _look(point_ahead, rows, constants)
            if ahead.height <= view.height - share * promised / 4 or share < PRECISION:
                break
            share /= 2
        point, view = point_ahead, ahead
    return point, view.hessian


def _look(point: Sequence[float], rows: Sequence[Row], constants: LearningConstants) -> _View:
    """Return height, gradient and Hessian of the negative log posterior at a point (a, b, effects)."""
    a, b, *effects = point
    of_a, of_b, of_effect = (1 / sd.value**2 for sd in (constants.shift_sd, constants.slope_sd, constants.template_sd))
    height = (of_a * a**2 + of_b * (b - 1) ** 2 + of_effect * sum(u**2 for u in effects)) / 2
    slope_b, curve_b = of_b * (b - 1), of_b
    misses, weights, tilts = ([0.0] * len(effects) for _ in range(3))
    for at, z, succeeded in rows:
        logit = a + b * z + effects[at]
        tail = math.exp(-abs(logit))  # at most 1, so that no logit is too large
        chance = (1 if logit >= 0 else tail) / (1 + tail)
        height += math.log1p(tail) + max(logit, 0.0) - logit * succeeded
        miss, weight = chance - succeeded, chance * (1 - chance)
        misses[at] += miss
        weights[at] += weight
        tilts[at] += weight * z
        slope_b += miss * z
        curve_b += weight * z**2
    diagonal = [of_effect + weight for weight in weights]
    diagonal[-1] = math.inf  # the last place is no template: its effect stays 0
    return _View(
        height,
        gradient=[of_a * a + sum(misses), slope_b, *(of_effect * u + m for u, m in zip(effects, misses, strict=True))],
        hessian=Arrow(
            head=(of_a + sum(weights), sum(tilts), curve_b),
            border=tuple(zip(weights, tilts, strict=True)),
            diagonal=diagonal,
        ),
    )
