"""Puts candidates in order: limits first, then the care that risk asks for, then what a success costs."""

from decimal import Decimal
from typing import Literal

from crewgen_core.alternatives.candidate import Candidate
from crewgen_core.limits import BUDGET_CODE, DEADLINE_CODE, PRICE_CODE
from crewgen_core.models.analysis import Analysis, Risk, StatedConstraints
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.value import Quantiles

Grounds = Literal["errors", "limits", "risk", "checks", "value"]
"""Why one candidate stands before another."""

CHECK_CODES = ("CG341", "CG343")
"""No task verifies the result; no person is asked although the risk is high."""

KEEPS, MAY_BREAK, WILL_BREAK = 0, 1, 2
"""How a crew stands to budget and deadline: kept in 9 of 10 runs, kept in a typical run, broken in a typical run."""

_ORDER: tuple[Grounds, ...] = ("errors", "limits", "risk", "checks", "value")


def rank(candidates: list[Candidate], analysis: Analysis) -> list[Candidate]:
    """Return the candidates, the best bet first; equals keep their order."""
    priced = all(candidate.estimate.cost_usd is not None for candidate in candidates)
    return sorted(candidates, key=lambda candidate: _merits(candidate, analysis, priced))


def grounds_between(better: Candidate, worse: Candidate, analysis: Analysis) -> Grounds:
    """Return what decided between two ranked candidates."""
    priced = better.estimate.cost_usd is not None and worse.estimate.cost_usd is not None
    pairs = zip(_ORDER, _merits(better, analysis, priced), _merits(worse, analysis, priced), strict=True)
    different: list[Grounds] = [grounds for grounds, one, other in pairs if one != other]
    return different[0] if different else "value"


def high_risks(analysis: Analysis) -> list[Risk]:
    """Return the risks where an error would do harm."""
    return [risk for risk in analysis.risks if risk.severity == "high"]


def usd_per_success(estimate: Estimate) -> float | None:
    """Return what a success typically costs where failed runs are repeated: cost of a run over chance of success.

    None when the price of a model is not known or a success cannot be expected.
    """
    if estimate.cost_usd is None or not estimate.success.p50:
        return None
    return float(estimate.cost_usd.p50) / estimate.success.p50


def breaks_limits(estimate: Estimate, constraints: StatedConstraints) -> int:
    """Return ``KEEPS``, ``MAY_BREAK`` or ``WILL_BREAK`` for the limit that is kept worst."""
    limits: list[tuple[Quantiles, float]] = []
    if constraints.budget_usd is not None and estimate.cost_usd is not None:
        limits.append((_as_floats(estimate.cost_usd.p50, estimate.cost_usd.p90), float(constraints.budget_usd)))
    if constraints.deadline_minutes is not None:
        limits.append((estimate.duration_s, constraints.deadline_minutes * 60))
    return max((int(figure.p90 > limit) + int(figure.p50 > limit) for figure, limit in limits), default=KEEPS)


def intervals_overlap(one: Quantiles, other: Quantiles) -> bool:
    """Tell whether the ranges of 8 in 10 have a part in common, so that the medians alone decide nothing."""
    return one.p10 <= other.p90 and other.p10 <= one.p90


def limit_codes() -> tuple[str, ...]:
    """Return the codes of findings about budget and deadline."""
    return BUDGET_CODE, DEADLINE_CODE, PRICE_CODE


def _merits(candidate: Candidate, analysis: Analysis, priced: bool) -> tuple[float, ...]:
    """Return what counts, in the order of ``_ORDER``; less is better."""
    checked = len(candidate.checks) + candidate.asks_a_person
    value = usd_per_success(candidate.estimate) if priced else _tokens_per_success(candidate.estimate)
    return (
        float(bool(candidate.report.errors)),
        float(breaks_limits(candidate.estimate, analysis.constraints)),
        float(-checked if high_risks(analysis) else 0),
        float(candidate.finding(*CHECK_CODES) is not None),
        value if value is not None else float("inf"),
    )


def _tokens_per_success(estimate: Estimate) -> float | None:
    """Return tokens over chance of success: the same measure where prices are not known (Kim et al. count successes per
    1,000 tokens, arXiv 2512.08296 v3)."""
    return estimate.tokens.p50 / estimate.success.p50 if estimate.success.p50 else None


def _as_floats(p50: Decimal, p90: Decimal) -> Quantiles:
    return Quantiles(p10=0, p50=float(p50), p90=float(p90))
