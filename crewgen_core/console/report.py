"""Writes what checking a crew found as text for a terminal."""

from collections.abc import Sequence

from crewgen_core.console.terminal import wrap, write_note
from crewgen_core.models.failure import Cause, FailureStudy
from crewgen_core.models.report import Report

MOST_CAUSES = 5
"""Causes of failure shown where no finding leaves one open."""


def describe_report(report: Report) -> str:
    """Return verdict, score and findings, each with where it is and what would mend it."""
    lines = [f"Findings ({len(report.findings)}), score by the rules {report.score:.1f} of 10", wrap(report.verdict, 2)]
    for finding in report.findings:
        lines.append(f"  {finding.severity} {finding.code} at {finding.where}")
        lines.append(wrap(finding.message, 4))
        lines += write_note("Fix: ", finding.fix.title if finding.fix else "")
    return "\n".join(lines)


def describe_causes(causes: Sequence[Cause], study: FailureStudy) -> str:
    """Return the failure modes that findings leave open, or the most frequent ones where there are none."""
    shown = [cause for cause in causes if cause.open] or causes[:MOST_CAUSES]
    lines = [f"Most likely causes of failure ({study.short}, {study.source}: {study.traces:,} runs)"]
    for cause in shown:
        share = f", {cause.mode.share:g}% of failures" if cause.mode.share else ""
        left = f", left open by {', '.join(cause.open)}" if cause.open else ""
        lines.append(wrap(f"- {cause.mode.name}{share}{left}. {cause.mode.meaning}", 2, 4))
    return "\n".join(lines)
