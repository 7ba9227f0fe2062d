"""Holds an estimate against the limits that a person set: validation cannot, because it comes before the price."""

from collections.abc import Iterator

from crewgen_core.models.analysis import StatedConstraints
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import Finding, Report
from crewgen_core.numbers import count_minutes
from crewgen_core.validation.score import judge_crew

BUDGET_CODE, DEADLINE_CODE, PRICE_CODE = "CG401", "CG402", "CG403"

_TITLES = {BUDGET_CODE: "budget at risk", DEADLINE_CODE: "deadline at risk", PRICE_CODE: "price not known"}
"""What the verdict calls these findings, which no rule makes."""


def add_limits(report: Report, crew: Crew, constraints: StatedConstraints | None, estimate: Estimate) -> Report:
    """Return the report with a finding for each limit that a run will probably break.

    They say nothing about the crew's soundness, so the score stays; the verdict counts and names them.
    """
    found = tuple(_check_limits(constraints, estimate)) if constraints else ()
    if not found:
        return report
    findings = (*report.findings, *found)
    verdict = f"{judge_crew(crew, findings, _TITLES)} {' '.join(finding.message for finding in found)}"
    return report.model_copy(update={"findings": findings, "verdict": verdict})


def _check_limits(constraints: StatedConstraints, estimate: Estimate) -> Iterator[Finding]:
    budget, cost = constraints.budget_usd, estimate.cost_usd
    if budget is not None and cost is None:
        yield _warn(
            PRICE_CODE, f"The budget of ${budget} for one run cannot be checked: the price of a model is not known."
        )
    elif budget is not None and cost is not None and cost.p90 > budget:
        yield _warn(
            BUDGET_CODE,
            f"One run {_how_likely(float(cost.p50), float(budget))} more than the ${budget} allowed: "
            f"about ${cost.p50:.3f}, and up to ${cost.p90:.3f} in 9 of 10 runs.",
        )
    minutes = constraints.deadline_minutes
    if minutes is not None and estimate.duration_s.p90 > minutes * 60:
        took, most = estimate.duration_s.p50 / 60, estimate.duration_s.p90 / 60
        yield _warn(
            DEADLINE_CODE,
            f"One run {_how_likely(took, minutes)} more than the {count_minutes(minutes)} allowed: "
            f"about {took:.1f} minutes, and up to {most:.1f} in 9 of 10 runs.",
        )


def _how_likely(typical: float, limit: float) -> str:
    return "will probably need" if typical > limit else "may need"


def _warn(code: str, message: str) -> Finding:
    return Finding(code=code, severity="warning", where="crew", message=message)
