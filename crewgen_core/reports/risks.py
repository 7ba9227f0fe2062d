"""Risks in a report: what validation found, which known ways to fail stay open, which tools can do harm."""

from collections.abc import Iterator, Mapping, Sequence

from crewgen_core.catalog.entries import Tool
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.document import Block, Point, Points, Prose, Tone
from crewgen_core.models.failure import Cause
from crewgen_core.models.report import FindingSeverity, Report
from crewgen_core.numbers import format_count

TONES: Mapping[FindingSeverity, Tone] = {"error": "bad", "warning": "warning", "advice": "plain"}


def summarize_risks(report: Report, causes: Sequence[Cause], crew: Crew, tools: Mapping[str, Tool]) -> Iterator[Point]:
    """Yield what a stakeholder has to know in a line or two."""
    errors, warnings = report.count("error"), report.count("warning")
    if errors:
        yield Point(
            mark="Cannot run yet", tone="bad", text=f"{format_count(errors, 'error')} to mend first, listed below."
        )
    elif warnings:
        yield Point(mark="Checked", tone="warning", text=f"It can run; {format_count(warnings, 'warning')} to look at.")
    else:
        yield Point(mark="Checked", tone="good", text="It can run; nothing was found that speaks against it.")
    risky = _list_risky(crew, tools)
    if risky:
        names = ", ".join(tool.name for tool in risky)
        yield Point(mark="Tools with high risk", tone="warning", text=f"{names}.")
    left_open = sum(bool(cause.open) for cause in causes)
    if left_open:
        yield Point(mark="Known ways to fail", text=f"{left_open} of {len(causes)} are left open by what was found.")


def list_risks(
    report: Report,
    causes: Sequence[Cause],
    crew: Crew,
    tools: Mapping[str, Tool],
    analysis: Analysis | None,
) -> Iterator[Block]:
    """Yield findings, failure modes, tools and what the objective itself makes risky."""
    yield Prose(text=f"{report.verdict} Score by the rules: {report.score:.1f} of 10.")
    if report.findings:
        yield Points(
            points=tuple(
                Point(mark=f"{finding.severity} {finding.code}", tone=TONES[finding.severity], text=finding.message)
                for finding in report.findings
            )
        )
    if analysis and analysis.risks:
        yield Prose(text="What the objective asks care for:")
        yield Points(points=tuple(Point(mark=risk.name, text=risk.care) for risk in analysis.risks))
    risky = _list_risky(crew, tools)
    if risky:
        yield Prose(text="Tools that can change things or run code:")
        yield Points(points=tuple(Point(mark=tool.name, tone="warning", text=tool.risk_reason) for tool in risky))
    left_open = [cause for cause in causes if cause.open]
    if left_open:
        yield Prose(text="Ways in which crews were seen to fail, and which findings leave them open:")
        yield Points(
            points=tuple(
                Point(mark=cause.mode.name, text=f"{cause.mode.meaning} Left open by {', '.join(cause.open)}.")
                for cause in left_open
            )
        )


def _list_risky(crew: Crew, tools: Mapping[str, Tool]) -> list[Tool]:
    granted = dict.fromkeys(key for part in (*crew.agents, *crew.tasks) for key in part.tools)
    return [tools[key] for key in granted if key in tools and tools[key].risk == "high"]
