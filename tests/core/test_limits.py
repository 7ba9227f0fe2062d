"""Limits: an estimate held against what a person allowed."""

from decimal import Decimal

import pytest

from crewgen_core.limits import add_limits
from crewgen_core.models.analysis import StatedConstraints
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import Report
from crewgen_core.models.value import Quantiles, UsdQuantiles

SOUND = Report(findings=(), coverage=(), score=10, verdict="This crew is sound.")


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
    assert [finding.code for finding in add_limits(SOUND, constraints, USUAL).findings] == codes


def test_a_budget_that_cannot_be_checked_is_said_to_be_so():
    report = add_limits(SOUND, StatedConstraints(budget_usd=Decimal(1)), estimate(None, (1, 2, 3)))
    assert [finding.code for finding in report.findings] == ["CG403"]


def test_a_broken_limit_tells_likely_from_possible():
    likely = add_limits(SOUND, StatedConstraints(budget_usd=Decimal("0.03")), USUAL).findings[0].message
    possible = add_limits(SOUND, StatedConstraints(budget_usd=Decimal("0.05")), USUAL).findings[0].message
    assert "will probably need more than the $0.03" in likely
    assert "may need more than the $0.05" in possible


def test_a_broken_limit_stands_in_the_verdict_and_leaves_the_score():
    report = add_limits(SOUND, StatedConstraints(deadline_minutes=1), USUAL)
    assert report.score == SOUND.score
    assert report.verdict.startswith("This crew is sound. One run will probably need")


def test_without_constraints_nothing_is_held_against_the_estimate():
    assert add_limits(SOUND, None, USUAL) == SOUND
