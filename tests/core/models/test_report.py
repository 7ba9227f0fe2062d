"""What a report sums up: counts, and how much of the needed skills is covered."""

from crewgen_core.models.report import CoverageCell, Finding, Report


def cell(skill: str, agent: str, proficiency: int) -> CoverageCell:
    return CoverageCell(skill=skill, agent=agent, proficiency=proficiency, used=True)


def report(*cells: CoverageCell) -> Report:
    findings = tuple(
        Finding(code="CG101", severity=severity, where="crew", message="x")
        for severity in ("error", "warning", "warning", "advice")
    )
    return Report(findings=findings, coverage=cells, score=1, verdict="x")


def test_a_skill_is_covered_when_one_agent_has_it_well_enough() -> None:
    found = report(cell("a", "x", 0), cell("a", "y", 5), cell("b", "x", 4), cell("b", "y", 0), cell("c", "x", 0))
    assert found.covered == 1 / 3
    assert found.missing_skills == ("b", "c")


def test_without_needed_skills_there_is_no_share() -> None:
    assert report().covered is None
    assert report().missing_skills == ()


def test_findings_are_counted_by_severity() -> None:
    assert [report().count(severity) for severity in ("error", "warning", "advice")] == [1, 2, 1]
