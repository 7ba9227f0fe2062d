"""The last step of a computation: how own outcomes correct what was worked out, line by line."""

import math
from collections.abc import Iterator

from crewgen_core.estimation.computation.writing import bracketed, line, number, told, usd
from crewgen_core.estimation.success import Z90
from crewgen_core.learning.calibration import CORRECTED_FROM, Calibration
from crewgen_core.learning.recalibration import clipped_logit
from crewgen_core.models.computation import Computation, Line
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.value import Quantiles
from crewgen_core.numbers import format_count


def add_correction(
    computation: Computation, raw: Estimate, corrected: Estimate, calibration: Calibration, template: str | None = None
) -> Computation:
    """Return the computation of a raw estimate with the lines that lead from there to the corrected one.

    Without outcomes there are none. Sensitivity and spread of the runs stay those before the correction.
    """
    if not calibration.outcomes or not raw.by_task:
        return computation
    cost = _work_out_cost(raw, calibration) if raw.cost_usd else ()
    return computation.model_copy(
        update={
            "success": (*computation.success, *_work_out_success(raw, corrected, calibration, template)),
            "cost": (*computation.cost, *cost),
            "duration": (*computation.duration, *_work_out_duration(raw, calibration)),
        }
    )


def _work_out_success(
    raw: Estimate, corrected: Estimate, calibration: Calibration, template: str | None
) -> Iterator[Line]:
    learned = calibration.success
    if calibration.outcomes < CORRECTED_FROM:
        yield _tell_none(calibration.outcomes)
        return
    chance, before = raw.success.p50, clipped_logit(raw.success.p50)
    shown = min(max(chance, 0.001), 0.999)
    yield line("Logit before own outcomes", f"ln({number(shown)} / (1 − {number(shown)}))", before)
    effect = learned.templates.get(template, learned.unseen).mean
    after, _ = learned.logit_of(chance, template)
    formula = f"{number(learned.a)} + {number(learned.b)} × {bracketed(before)}"
    why = f"shift a and stretch b, learned from {format_count(calibration.outcomes, 'own outcome')}"
    if template is not None:
        formula, why = f"{formula} + {bracketed(effect)}", f"{why}, and what is particular to this template"
    yield line("Logit, corrected", formula, after, "", why)
    whole = corrected.success
    sd = (_logit(whole.p90) - _logit(whole.p10)) / (2 * Z90)
    yield told("Standard deviation of the corrected logit", number(sd), "what own outcomes leave of the usual one")
    yield line("Chance of success, corrected (P50)", f"1 / (1 + e^(−{bracketed(after)}))", whole.p50)
    for name, sign, value in (("P10", "−", whole.p10), ("P90", "+", whole.p90)):
        formula = f"1 / (1 + e^(−({number(after)} {sign} {number(Z90)} × {number(sd)})))"
        yield line(f"Chance of success, corrected ({name})", formula, value)


def _work_out_cost(raw: Estimate, calibration: Calibration) -> Iterator[Line]:
    if "cost" not in calibration.ratios:
        yield _tell_none(calibration.cost.outcomes)
        return
    factors = calibration.cost.factors()
    typical = float(raw.cost_usd.p50) if raw.cost_usd else 0.0
    for name, factor in _named(factors):
        formula = f"{usd(typical)} × {number(factor)}"
        why = _tell_ratio(calibration.cost.outcomes)
        yield Line(name=f"Cost, corrected ({name})", formula=formula, result=usd(typical * factor), why=why)


def _work_out_duration(raw: Estimate, calibration: Calibration) -> Iterator[Line]:
    if "duration" not in calibration.ratios:
        yield _tell_none(calibration.duration.outcomes)
        return
    typical = raw.duration_s.p50
    for name, factor in _named(calibration.duration.factors()):
        why = _tell_ratio(calibration.duration.outcomes)
        formula = f"{number(typical)} s × {number(factor)}"
        yield line(f"Duration, corrected ({name})", formula, typical * factor, "s", why)


def _named(factors: Quantiles) -> tuple[tuple[str, float], ...]:
    return ("P10", factors.p10), ("P50", factors.p50), ("P90", factors.p90)


def _tell_ratio(outcomes: int) -> str:
    return f"typical value × what {format_count(outcomes, 'own run')} took, against what was predicted for them"


def _tell_none(outcomes: int) -> Line:
    count = format_count(outcomes, "outcome")
    return told("Correction by own outcomes", f"none yet: {count} of the {CORRECTED_FROM} that it takes")


def _logit(chance: float) -> float:
    kept = min(max(chance, 1e-12), 1 - 1e-12)
    return math.log(kept / (1 - kept))
