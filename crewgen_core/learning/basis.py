"""What the corrections of an estimate rest on, and what they do not cover yet."""

import math
from collections.abc import Iterator

from crewgen_core.catalog.constants import LearningConstants
from crewgen_core.estimation.basis import describe_constant
from crewgen_core.learning.calibration import CORRECTED_FROM, Calibration
from crewgen_core.learning.recalibration import clipped_logit
from crewgen_core.models.estimate import CALIBRATED_FROM, BasisItem, Estimate
from crewgen_core.numbers import format_count


def describe_corrections(
    raw: Estimate, calibration: Calibration, template: str | None, prior: LearningConstants
) -> Iterator[BasisItem]:
    """Return each correction with the number of outcomes behind it, and what was believed before them."""
    if calibration.outcomes >= CORRECTED_FROM:
        yield _describe_success(raw, calibration, template)
        yield describe_constant("Shift of success, before outcomes", prior.shift_sd)
        yield describe_constant("Stretch of success, before outcomes", prior.slope_sd)
        yield describe_constant("Difference of templates, before outcomes", prior.template_sd)
    for name, ratio in calibration.ratios.items():
        factors = ratio.factors()
        yield BasisItem(
            name=f"Correction of {name} by own outcomes",
            value=f"{factors.p50:.2f}",
            unit="factor",
            source=(
                f"{ratio.outcomes} outcomes of own runs; 8 of 10 runs are expected at "
                f"{factors.p10:.2f} to {factors.p90:.2f} times the prediction"
            ),
            status="measured",
        )
    if calibration.ratios:
        yield describe_constant("Spread of cost and duration, before outcomes", prior.ratio_sd)
        yield describe_constant("Weight of no bias, before outcomes", prior.ratio_outcomes)
        yield describe_constant("Weight of that spread, before outcomes", prior.ratio_degrees)


def describe_missing(calibration: Calibration) -> Iterator[str]:
    """Say in sentences what own outcomes do not tell yet."""
    count = calibration.outcomes
    if count < CORRECTED_FROM:
        told = format_count(count, "outcome")
        yield f"Only {told} of own runs yet: from {CORRECTED_FROM} on they correct the figures."
        return
    if count < CALIBRATED_FROM:
        yield f"Corrected by {count} outcomes of own runs only: below {CALIBRATED_FROM} it counts as uncalibrated."
    for name in ("cost", "duration"):
        if name not in calibration.ratios:
            yield f"The {name} is not corrected: fewer than {CORRECTED_FROM} own runs tell what it was."


def _describe_success(raw: Estimate, calibration: Calibration, template: str | None) -> BasisItem:
    learned = calibration.success
    logit, _ = learned.logit_of(raw.success.p50, template)
    var_a, _, var_b = learned.covariance
    effect = learned.templates.get(template, learned.unseen).mean
    return BasisItem(
        name="Correction of success by own outcomes",
        value=f"{logit - clipped_logit(raw.success.p50):+.2f}",
        unit="logit",
        source=(
            f"{calibration.outcomes} outcomes of own runs: shift {learned.a:+.2f} (sd {math.sqrt(var_a):.2f}), "
            f"stretch {learned.b:.2f} (sd {math.sqrt(var_b):.2f}), this template {effect:+.2f}"
        ),
        status="measured",
    )
