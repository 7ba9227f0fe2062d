"""The report: verdict, score, and the findings with their fixes."""

import streamlit as st

from crewgen_core.models.change import Change
from crewgen_core.models.crew import Crew
from crewgen_core.models.report import Finding, FindingSeverity, Report
from crewgen_core.numbers import format_count
from pages.shared.plain_text import plain, shorten

_GROUPS: tuple[tuple[FindingSeverity, str, str, str], ...] = (
    ("error", "Errors: they keep the crew from running", ":material/error:", "red"),
    ("warning", "Warnings: look at them before a run", ":material/warning:", "orange"),
    ("advice", "Advice: what would make it better", ":material/lightbulb:", "blue"),
)


def show_verdict(report: Report) -> None:
    """Show the verdict in one sentence, coloured by what matters most."""
    severities = {finding.severity for finding in report.findings}
    verdict = plain(report.verdict)
    if "error" in severities:
        st.error(verdict, icon=":material/error:")
    elif "warning" in severities:
        st.warning(verdict, icon=":material/warning:")
    else:
        st.success(verdict, icon=":material/check_circle:")


def show_report(report: Report, crew: Crew, key: str) -> Change | None:
    """Show score and findings by severity; return the fix whose Apply button was clicked, else None.

    ``key`` keeps the buttons of two reports on one page apart.
    """
    counts = {severity: sum(f.severity == severity for f in report.findings) for severity, *_ in _GROUPS}
    with st.container(horizontal=True):
        st.metric("Score of 10", f"{report.score:.1f}", border=True, width=170)
        st.metric("Errors", counts["error"], border=True, width=110)
        st.metric("Warnings", counts["warning"], border=True, width=110)
        st.metric("Advice", counts["advice"], border=True, width=110)
    if not report.findings:
        st.markdown("Nothing was found that is wrong or could be better.")
    chosen: Change | None = None
    for severity, title, icon, colour in _GROUPS:
        findings = [(at, found) for at, found in enumerate(report.findings) if found.severity == severity]
        if findings:
            st.subheader(f"{title} ({len(findings)})", icon=icon, anchor=False)
        for at, found in findings:
            if _show_finding(found, crew, colour, f"{key}_fix_{at}"):
                chosen = found.fix
    return chosen


def name_of(crew: Crew, where: str) -> str:
    """Return the part that a finding is about as people know it: 'Task "Write the brief"'."""
    kind, _, key = where.partition(":")
    if kind == "agent":
        agent = crew.agent(key)
        return f'Agent "{agent.role if agent and agent.role else key}"'
    if kind == "task":
        task = crew.task(key)
        return f'Task "{task.name if task and task.name else key}"'
    return kind.capitalize()


def summarize_findings(report: Report) -> str:
    """Return "2 errors, 1 warning", or "no findings"."""
    words: tuple[tuple[FindingSeverity, str], ...] = (("error", "error"), ("warning", "warning"))
    parts = [
        format_count(count, noun)
        for severity, noun in words
        if (count := sum(found.severity == severity for found in report.findings))
    ]
    if advice := sum(found.severity == "advice" for found in report.findings):
        parts.append(f"{advice} advice")
    return ", ".join(parts) or "no findings"


def _show_finding(finding: Finding, crew: Crew, colour: str, key: str) -> bool:
    """Show one finding; return whether its fix is to be applied."""
    with st.container(border=True):
        st.markdown(f":{colour}-badge[{finding.code}] **{plain(shorten(name_of(crew, finding.where), 120))}**")
        st.text(finding.message)
        if finding.fix is None:
            return False
        with st.container(horizontal=True, vertical_alignment="center"):
            clicked = st.button("Apply", key=key, icon=":material/build:", help=plain(finding.fix.reason) or None)
            st.markdown(plain(finding.fix.title), width="content")
        return clicked
