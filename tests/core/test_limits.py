"""Limits: an estimate held against what a person allowed."""

from decimal import Decimal

import pytest

from crewgen_core.limits import add_limits
from crewgen_core.models.analysis import StatedConstraints
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import Finding, FindingSeverity, Report
from crewgen_core.models.value import Quantiles, UsdQuantiles

SOUND = Report(findings=(), coverage=(), score=10, verdict="This crew is sound.")
CREW = Crew(agents=(Agent(key="a", role="Writer"),), tasks=(Task(key="t", name="Write", agent="a"),))


def estimate(cost: tuple[str, str, str] | None, seconds: tuple[float, float, float]) -> Estimate:
    spread = Quantiles(p10=0, p50=0, p90=0)
    money = UsdQuantiles(p10=Decimal(cost[0]), p50=Decimal(cost[1]), p90=Decimal(cost[2])) if cost else None
    duration = Quantiles(p10=seconds[0], p50=seconds[1], p90=seconds[2])
    return Estimate(
        success=spread,
        cost_usd=money,
        duration_s=duration,
        critical_path_s=0,
        tokens=spread,
        by_task=(),
        by_agent=(),
        basis=(),
    )


USUAL = estimate(("0.02", "0.04", "0.08"), (100, 200, 400))


@pytest.mark.parametrize(
    ("constraints", "codes"),
    [
        (StatedConstraints(), []),
        (StatedConstraints(budget_usd=Decimal("0.08"), deadline_minutes=7), []),
        (StatedConstraints(budget_usd=Decimal("0.05")), ["CG401"]),
        (StatedConstraints(deadline_minutes=5), ["CG402"]),
        (StatedConstraints(budget_usd=Decimal("0.001"), deadline_minutes=1), ["CG401", "CG402"]),
    ],
)
def test_a_limit_that_one_run_in_ten_breaks_is_a_finding(constraints: StatedConstraints, codes: list[str]):
    assert [finding.code for finding in add_limits(SOUND, CREW, constraints, USUAL).findings] == codes


def test_a_budget_that_cannot_be_checked_is_said_to_be_so():
    report = add_limits(SOUND, CREW, StatedConstraints(budget_usd=Decimal(1)), estimate(None, (1, 2, 3)))
    assert [finding.code for finding in report.findings] == ["CG403"]


def test_a_broken_limit_tells_likely_from_possible():
    likely = add_limits(SOUND, CREW, StatedConstraints(budget_usd=Decimal("0.03")), USUAL).findings[0].message
    possible = add_limits(SOUND, CREW, StatedConstraints(budget_usd=Decimal("0.05")), USUAL).findings[0].message
    assert "will probably need more than the $0.03" in likely
    assert "may need more than the $0.05" in possible


def test_a_broken_limit_stands_in_the_verdict_and_leaves_the_score():
    report = add_limits(SOUND, CREW, StatedConstraints(deadline_minutes=1), USUAL)
    assert report.score == SOUND.score
    assert report.verdict.startswith(
        "This crew can run; look at 1 warning first (deadline at risk). One run will probably need"
    )


@pytest.mark.parametrize("severities", [(), ("warning",), ("warning", "warning", "advice"), ("error", "warning")])
def test_the_verdict_counts_the_warnings_that_are_listed(severities: tuple[FindingSeverity, ...]):
    findings = tuple(Finding(code="CG224", severity=it, where="crew", message="So.") for it in severities)
    known = SOUND.model_copy(update={"findings": findings})
    limits = StatedConstraints(budget_usd=Decimal("0.001"), deadline_minutes=1)
    report = add_limits(known, CREW, limits, USUAL)
    if "error" in severities:
        assert "1 error (" in report.verdict
    else:
        assert f"look at {report.count('warning')} warnings first (" in report.verdict
        assert "budget at risk" in report.verdict and "deadline at risk" in report.verdict
    unpriced = add_limits(known, CREW, limits, estimate(None, (1, 2, 3)))
    assert "is not known" in unpriced.verdict


def test_without_constraints_nothing_is_held_against_the_estimate():
    assert add_limits(SOUND, CREW, None, USUAL) == SOUND
