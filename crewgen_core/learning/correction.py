"""Corrects an estimate by what own outcomes taught, and says so in its basis."""

import math
from typing import TypeVar

from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.estimation.basis import NO_OUTCOMES
from crewgen_core.estimation.cost import round_usd
from crewgen_core.estimation.success import Z90, probability
from crewgen_core.learning.basis import describe_corrections, describe_missing
from crewgen_core.learning.calibration import CORRECTED_FROM, Calibration
from crewgen_core.learning.recalibration import Recalibration, clipped_logit
from crewgen_core.models.estimate import AgentEstimate, Estimate, TaskEstimate
from crewgen_core.models.value import Quantiles, UsdQuantiles

Share = TypeVar("Share", TaskEstimate, AgentEstimate)


def apply(
    estimate: Estimate, calibration: Calibration, *, template: str | None = None, constants: Constants | None = None
) -> Estimate:
    """Return an uncorrected estimate corrected; where there are no outcomes, as it is.

    ``template`` is the key of the template that the crew was made from. Success, cost and duration are each corrected
    once ``CORRECTED_FROM`` outcomes tell them; tokens stay. ``constants`` are the shipped ones unless given.
    Raises ValueError for an estimate that is corrected already.
    """
    if estimate.own_outcomes:
        raise ValueError("This estimate is corrected already: correct the one that it was made from.")
    if not calibration.outcomes:
        return estimate
    constants = constants or load_constants()
    known = (sentence for sentence in estimate.unknowns if sentence != NO_OUTCOMES)
    said = {"own_outcomes": calibration.outcomes, "unknowns": (*known, *describe_missing(calibration))}
    corrected = estimate.model_copy(update=said)
    if not estimate.by_task:  # nothing runs, so nothing can be wrong
        return corrected
    if calibration.outcomes >= CORRECTED_FROM:
        corrected = _with_success(corrected, calibration.success, template, constants.success.sigma.value)
    if "cost" in calibration.ratios:
        corrected = _with_cost(corrected, calibration.cost.factors())
    if "duration" in calibration.ratios:
        corrected = _with_duration(corrected, calibration.duration.factors())
    basis = (*estimate.basis, *describe_corrections(estimate, calibration, template, constants.learning))
    return corrected.model_copy(update={"basis": basis})


def _with_success(estimate: Estimate, learned: Recalibration, template: str | None, usual_sd: float) -> Estimate:
    """Correct the whole, and each task, which would be a crew on the same curve.

    The usual uncertainty gives way to what the outcomes leave of it. What models without a score add to it stays:
    outcomes with other models say nothing about them.
    """

    def correct(raw: Quantiles) -> Quantiles:
        logit, sd = learned.logit_of(raw.p50, template)
        raw_sd = (clipped_logit(raw.p90) - clipped_logit(raw.p10)) / (2 * Z90)
        added = math.sqrt(max(0.0, raw_sd**2 - usual_sd**2))
        return probability(logit, math.hypot(sd, learned.b * added))

    by_task = tuple(share.model_copy(update={"success": correct(share.success)}) for share in estimate.by_task)
    return estimate.model_copy(update={"success": correct(estimate.success), "by_task": by_task})


def _with_cost(estimate: Estimate, factors: Quantiles) -> Estimate:
    """Give the whole the interval that own outcomes show, and move tasks and agents along; unknown stays unknown."""
    whole = estimate.cost_usd
    return estimate.model_copy(
        update={
            "cost_usd": whole and _usd(_spread(float(whole.p50), factors)),
            "by_task": tuple(_share_with_cost(share, factors.p50) for share in estimate.by_task),
            "by_agent": tuple(_share_with_cost(share, factors.p50) for share in estimate.by_agent),
        }
    )


def _with_duration(estimate: Estimate, factors: Quantiles) -> Estimate:
    """Give the whole the interval that own outcomes show, and move tasks, agents and the critical path along."""
    return estimate.model_copy(
        update={
            "duration_s": _spread(estimate.duration_s.p50, factors),
            "critical_path_s": estimate.critical_path_s * factors.p50,
            "by_task": tuple(_share_with_duration(share, factors.p50) for share in estimate.by_task),
            "by_agent": tuple(_share_with_duration(share, factors.p50) for share in estimate.by_agent),
        }
    )


def _share_with_cost(share: Share, factor: float) -> Share:
    cost = share.cost_usd
    return share if cost is None else share.model_copy(update={"cost_usd": _usd(_moved(cost, factor))})


def _share_with_duration(share: Share, factor: float) -> Share:
    return share.model_copy(update={"duration_s": _moved(share.duration_s, factor)})


def _spread(typical: float, factors: Quantiles) -> Quantiles:
    return Quantiles(p10=typical * factors.p10, p50=typical * factors.p50, p90=typical * factors.p90)


def _moved(figure: Quantiles | UsdQuantiles, factor: float) -> Quantiles:
    p10, p50, p90 = (float(part) * factor for part in (figure.p10, figure.p50, figure.p90))
    return Quantiles(p10=p10, p50=p50, p90=p90)


def _usd(amounts: Quantiles) -> UsdQuantiles:
    return UsdQuantiles(p10=round_usd(amounts.p10), p50=round_usd(amounts.p50), p90=round_usd(amounts.p90))
