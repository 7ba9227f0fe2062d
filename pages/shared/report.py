"""The report: verdict, score, coverage, and the findings with their fixes."""

import streamlit as st

from crewgen_core.models.change import Change
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import WORKING_PROFICIENCY, Finding, FindingSeverity, Report
from crewgen_core.numbers import format_count, format_percent
from pages.shared.effects import say_effect
from pages.shared.failure_modes_view import show_prevented
from pages.shared.plain_text import plain, shorten

_GROUPS: tuple[tuple[FindingSeverity, str, str, str], ...] = (
    ("error", "Errors: they keep the crew from running", ":material/error:", "red"),
    ("warning", "Warnings: look at them before a run", ":material/warning:", "orange"),
    ("advice", "Recommendations: what would make it better", ":material/lightbulb:", "blue"),
)


_COUNTS: tuple[tuple[FindingSeverity, str, str | None], ...] = (
    ("error", "Errors", "They keep the crew from running, or break a limit that was set."),
    ("warning", "Warnings", "They will probably hurt: look at them before a run."),
    ("advice", "Recommendations", None),  # no room for a question mark beside so long a word
)

SCORE_HELP = "How well the crew keeps the rules of a sound crew. How likely a run succeeds is the estimate's to say."

_COVERED_HELP = (
    f"Of the skills that the objective or a task asks for, the share that some agent has with at least "
    f"{WORKING_PROFICIENCY} of 10, which is enough to do the work."
)

MOST_AT_ONCE = 20
"""Findings of one severity shown at once."""

MOST_SKILLS = 8
"""Missing skills named."""


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


def show_counts(report: Report) -> None:
    """Show score, number of findings by severity, and how much of the needed skills is covered."""
    with st.grid(5, min_column_width=150):
        st.metric("Score of 10", f"{report.score:.1f}", border=True, help=SCORE_HELP)
        for severity, label, help_text in _COUNTS:
            st.metric(label, report.count(severity), border=True, help=help_text)
        covered = "none needed" if report.covered is None else format_percent(report.covered)
        st.metric("Skills covered", covered, border=True, help=_COVERED_HELP)
    if report.missing_skills:
        named = ", ".join(report.missing_skills[:MOST_SKILLS])
        more = len(report.missing_skills) - MOST_SKILLS
        st.caption(f"No agent has: {plain(named)}{f' and {more} more' if more > 0 else ''}.")


def show_report(report: Report, crew: Crew, key: str, estimate: Estimate, objective: Objective | None) -> Change | None:
    """Show the findings by severity; return the fix whose Apply button was clicked, else None.

    Each comes with what its fix does to the estimate and which published failures its rule prevents. ``key`` keeps the
    buttons of two reports on one page apart.
    """
    if not report.findings:
        st.markdown("Nothing was found that is wrong or could be better.")
    chosen: Change | None = None
    for severity, title, icon, colour in _GROUPS:
        findings = [(at, found) for at, found in enumerate(report.findings) if found.severity == severity]
        if not findings:
            continue
        st.subheader(f"{title} ({len(findings)})", icon=icon, anchor=False)
        for at, found in findings[: _how_many(f"{key}_{severity}", len(findings))]:
            if _show_finding(found, crew, colour, f"{key}_fix_{at}", estimate, objective):
                chosen = found.fix
    return chosen


def _how_many(key: str, count: int) -> int:
    """Return how many findings of a group are shown, and offer to show more: a big crew may have hundreds."""
    if count <= MOST_AT_ONCE:
        return count
    whole = st.toggle(f"Show all {count}", key=f"{key}_all", persist_state="session")
    return count if whole else MOST_AT_ONCE


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


def _show_finding(
    finding: Finding, crew: Crew, colour: str, key: str, estimate: Estimate, objective: Objective | None
) -> bool:
    """Show one finding; return whether its fix is to be applied."""
    with st.container(border=True):
        st.markdown(f":{colour}-badge[{finding.code}] **{plain(shorten(name_of(crew, finding.where), 120))}**")
        st.text(finding.message)
        show_prevented(finding.code)
        if finding.fix is None:
            return False
        with st.container(horizontal=True, vertical_alignment="center"):
            clicked = st.button("Apply", key=key, icon=":material/build:", help=plain(finding.fix.reason) or None)
            effect = say_effect(crew, finding.fix, estimate, objective)
            after = f"  \n:small[:gray[{effect}]]" if effect else ""
            st.markdown(plain(finding.fix.title) + after, width="content")
        return clicked
