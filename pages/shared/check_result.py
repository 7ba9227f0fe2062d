"""The result of a check on the page: the summary and what to do about it, then findings, crew, figures, exports."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.app import Crewgen
from pages.shared.checked_crew import CheckedCrew, apply_all_fixes, apply_fix, keep
from pages.shared.crew_input import GivenCrew
from pages.shared.crew_view import show_agents, show_coverage, show_crew_graph, show_crew_line, show_tasks
from pages.shared.estimate import show_calibration_badge, show_estimate, show_headline
from pages.shared.explanation_view import show_why
from pages.shared.exports import show_exports
from pages.shared.failure_modes_view import show_causes
from pages.shared.handover import open_crew
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.report import show_counts, show_report, show_verdict
from pages.shared.session import may_write, tool_names


def show_result(crewgen: Crewgen, checked: CheckedCrew, given: GivenCrew) -> None:
    """Show everything about a checked crew; ``given`` is what the inputs hold now."""
    st.divider()
    st.subheader(plain(shorten(checked.crew.name, 120)), anchor=False)
    show_crew_line(checked.crew)
    if checked.given != given:
        st.info("The inputs have been changed since this check. Check the crew again to see what is different.")
    for note in checked.notes:
        st.caption(f":material/info: {plain(note)}")
    show_verdict(checked.report)
    show_counts(checked.report)
    show_headline(checked.estimate)
    _show_actions(crewgen, checked)
    findings, crew, coverage, estimate, exports = st.tabs(
        ["Findings", "Crew", "Coverage", "Estimate", "Export"], key="check_part", on_change="rerun"
    )
    if findings.open:
        with findings:
            _show_findings(crewgen, checked)
    if crew.open:
        with crew:
            _show_crew(checked)
    if coverage.open:
        with coverage:
            _show_coverage(checked)
    if estimate.open:
        with estimate:
            show_calibration_badge(checked.estimate)
            show_estimate(checked.crew, checked.estimate, "check", checked.objective)
    if exports.open:
        with exports:
            show_exports(checked.crew, "check")


def _show_actions(crewgen: Crewgen, checked: CheckedCrew) -> None:
    fixes = sum(finding.fix is not None for finding in checked.report.findings)
    with st.container(horizontal=True):
        closed = not may_write()
        if st.button("Save as a crew", key="save_crew", icon=":material/save:", type="primary", disabled=closed):
            with problems_shown(stop=True):
                open_crew(crewgen.crews.save(checked.crew, checked.objective, _note(checked)).crew_id)
        if fixes and st.button(f"Apply all fixes ({fixes})", key="apply_all", icon=":material/build:"):
            with problems_shown(stop=True):
                keep(apply_all_fixes(crewgen, checked))
                st.rerun()
        if checked.before and st.button("Undo", key="undo_fix", icon=":material/undo:"):
            keep(checked.before)
            st.rerun()
    if checked.changes:
        with st.expander(f"Applied: {_count_fixes(len(checked.changes))}"):
            st.markdown("\n".join(f"1. {plain(change.title)}" for change in checked.changes))


def _show_findings(crewgen: Crewgen, checked: CheckedCrew) -> None:
    chosen = show_report(checked.report, checked.crew, "check", checked.estimate, checked.objective)
    show_causes(checked.report)
    if chosen is not None:
        with problems_shown(stop=True):
            keep(apply_fix(crewgen, checked, chosen))
            st.rerun()


def _show_crew(checked: CheckedCrew) -> None:
    if checked.crew.tasks:
        show_crew_graph(checked.crew, checked.estimate, "check")

    def ask_why(path: str, key: str, tools: Sequence[str]) -> None:
        show_why(checked.crew, checked.objective, path, f"check_{key}", tools)

    show_agents(checked.crew, tool_names(), ask_why)
    show_tasks(checked.crew, tool_names(), ask_why)


def _show_coverage(checked: CheckedCrew) -> None:
    if checked.report.coverage:
        show_coverage(checked.crew, checked.report, "check")
    else:
        st.info("Neither the tasks nor the objective ask for skills, so there is nothing to cover.")


def _note(checked: CheckedCrew) -> str:
    """Return why version 1 is what it is."""
    return f"Imported, {_count_fixes(len(checked.changes))} applied" if checked.changes else "Imported"


def _count_fixes(count: int) -> str:
    return f"{count} {'fix' if count == 1 else 'fixes'}"
