"""One crew with everything about it: plan, team, check, estimate, analysis, provenance, export, versions."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crewgen_core.errors import EditConflict
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.design import Design
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import Report
from pages.shared.alternatives_view import TAB, show_alternatives, show_hint
from pages.shared.analysis_view import show_analysis, show_warnings
from pages.shared.crew_actions import show_crew_actions
from pages.shared.crew_editor import show_agent_cards, show_task_cards
from pages.shared.crew_graph_view import show_graph_of
from pages.shared.crew_view import show_agents, show_coverage, show_crew_line, show_tasks
from pages.shared.deleting import show_delete
from pages.shared.draft import WorkingCrew
from pages.shared.editing import apply_to, describe, discard, renew_fields, save, take_problem, undo
from pages.shared.estimate import show_calibration_badge, show_estimate, show_headline
from pages.shared.explanation_view import show_why
from pages.shared.exports import show_exports
from pages.shared.facts import fact_row
from pages.shared.failure_modes_view import show_causes
from pages.shared.handover import (
    CREW_TABS,
    EXPORT_TAB,
    HOME,
    REPORT_TAB,
    open_crew,
    open_template,
)
from pages.shared.outcome_form import show_outcomes_of_crew
from pages.shared.plain_text import plain
from pages.shared.presentation import show_present_button
from pages.shared.problems import problems_shown, show_problem
from pages.shared.provenance_view import show_engine, show_fallback, show_provenance, show_source
from pages.shared.refining import show_refining
from pages.shared.report import SCORE_HELP, show_counts, show_report, show_verdict, summarize_findings
from pages.shared.report_downloads import show_report_downloads
from pages.shared.session import front_door, may_write, tool_names
from pages.shared.starring import note_opened
from pages.shared.top import send_ahead
from pages.shared.version_view import show_versions
from pages.shared.whose import explain_locked, show_sharing, show_whose

_DESIGN = "looked_at_design"
"""Key of the session: number of the request of the crew that is looked at, and the design that came of it."""


def show_workbench(working: WorkingCrew) -> None:
    """Show the crew; what is edited is checked and priced at once."""
    report, estimate = _review(working)
    badges = _show_name(working, report)
    design = _design_of(working)
    _show_header(working, report, estimate, design, badges)
    if locked := explain_locked(working.base, "crew"):
        _show_locked(working, locked)
    else:
        show_refining(working)
    with st.container():  # always there, full or empty: what came and went above the tabs would rebuild their fields
        _show_edit_bar(working)
    parts: dict[str, Callable[[], None]] = {
        "Plan": lambda: _show_plan(working, estimate),
        TAB: lambda: show_alternatives(working, design),
        "Team": lambda: _show_team(working, report),
        "Check": lambda: _show_check(working, report, estimate),
        "Estimate": lambda: show_estimate(working.crew, estimate, "crew", working.base.objective),
        "Outcomes": lambda: show_outcomes_of_crew(working.base),
        "Analysis": lambda: _show_analysis(working, design),
        "Provenance": lambda: _show_provenance(design),
        EXPORT_TAB: lambda: _show_export(working),
        REPORT_TAB: lambda: _show_report(working),
        "Versions": lambda: show_versions(working),
    }
    for tab, show in zip(st.tabs(list(parts), key=CREW_TABS, bind="query-params"), parts.values(), strict=True):
        if tab.open:
            with tab:
                show()
    note_opened("crew", working.base.crew_id)


def _review(working: WorkingCrew) -> tuple[Report, Estimate]:
    if not working.changed:
        return working.base.report, working.base.estimate
    return front_door().review(working.crew, working.base.objective)


def _design_of(working: WorkingCrew) -> Design | None:
    """Return what made the crew. It never changes, so a session reads it once for the crew that it looks at."""
    request = working.base.request_id
    if request is None:
        return None
    kept: tuple[int, Design | None] | None = st.session_state.get(_DESIGN)
    if kept is None or kept[0] != request:
        kept = st.session_state[_DESIGN] = request, front_door().get_request(request).design
    return kept[1]


def _show_name(working: WorkingCrew, report: Report) -> DeltaGenerator:
    """Show what the crew is called and how it stands; return the row of facts, for what takes longer to find."""
    st.header(plain(working.crew.name), anchor=False)
    found = summarize_findings(report)
    row = fact_row([f"version {working.base.number}", *([] if report.errors else [found])])
    with row:
        if report.errors:
            st.badge(found, color="red")
        send_ahead()
        st.badge(f"score {report.score:.1f} of 10", color="green" if report.valid else "red", help=SCORE_HELP)
    return row


def _show_header(
    working: WorkingCrew, report: Report, estimate: Estimate, design: Design | None, badges: DeltaGenerator
) -> None:
    with badges:
        if design is not None:
            show_engine(design.provenance)
        show_calibration_badge(estimate)
        show_whose(working.base)
        if working.base.number > 1 and not working.changed:  # of a first version there is nothing to undo
            _undo_button(working)
        show_sharing(working.base, "crew", lambda shared: front_door().crews.share(working.base.crew_id, shared))
    row = st.container(horizontal=True, vertical_alignment="center")
    with row:
        show_crew_actions(
            working.base.crew_id, without=("Open", "Export", "Report"), row=row, closed=_find_closed(working)
        )
        if not working.changed:
            show_present_button("crew")
        if working.base.may_change:
            show_delete("crew", working.base.crew_id, HOME, "It goes with its runs and outcomes.")
    if design is not None:
        show_fallback(design.provenance)
        show_source(design.provenance)
        show_warnings(design.analysis)
    show_verdict(report)
    show_headline(estimate)
    show_hint(working, design)


def _show_locked(working: WorkingCrew, why: str) -> None:
    """Say why the crew is not changed here, and offer a copy that is."""
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="locked"):
        st.markdown(f":material/lock: {plain(why)}", width="content")
        if may_write() and st.button("Make a copy of my own", key="copy_crew", icon=":material/content_copy:"):
            with problems_shown():
                copy = front_door().crews.copy(working.base.crew_id, working.base.number)
                open_crew(copy.crew_id)


def _show_edit_bar(working: WorkingCrew) -> None:
    problem = take_problem()
    if problem is not None and not (isinstance(problem, EditConflict) and working.newer):
        show_problem(problem)
    if working.newer is not None:
        _show_newer(working)
    if working.changed:
        with st.container(border=True, key="unsaved_bar"):
            st.markdown(f":orange-badge[Unsaved changes] {plain(describe(working))}")
            st.text_input("Note for the list of versions", key="save_note", placeholder=describe(working))
            _show_edit_buttons(working)


def _show_edit_buttons(working: WorkingCrew) -> None:
    with st.container(horizontal=True):
        after = f" after version {working.newer.number}" if working.newer else " as new version"
        if st.button(
            f"Save{after}",
            key="save",
            type="primary",
            icon=":material/save:",
            disabled=not may_write(),
            shortcut="Ctrl+S",
        ):
            _save(working)  # here and not in a callback: that could run before the one of the field just left
            st.rerun()
        st.button("Discard", key="discard", icon=":material/delete:", on_click=discard, args=(working,))
        _undo_button(working)


def _save(working: WorkingCrew) -> None:
    if save(working, st.session_state["save_note"] or ""):
        del st.session_state["save_note"]


def _undo_button(working: WorkingCrew) -> None:
    if working.steps:
        tip = f"Takes back: {working.steps[-1][0]}"
    else:
        tip = (
            f"Makes version {working.base.number - 1} the newest again."
            if working.base.number > 1
            else "This is the first version: there is nothing to undo."
        )
    st.button(
        "Undo",
        key="undo",
        icon=":material/undo:",
        on_click=undo,
        args=(working,),
        help=plain(tip),
        disabled=not working.steps and working.base.number == 1,
    )


def _find_closed(working: WorkingCrew) -> dict[str, str]:
    """Return why the crew cannot be optimized or run as it stands here, by name of the action."""
    closed: dict[str, str] = {}
    if not may_write():
        closed["Run"] = "A run needs the role of an editor."
    if locked := explain_locked(working.base, "crew"):
        closed["Optimize"] = locked
    if working.changed:
        closed["Optimize"] = "A saved version is what gets optimized: save or discard your changes first."
        closed["Run"] = "A saved version is what runs: save or discard your changes first."
    return closed


def _show_newer(working: WorkingCrew) -> None:
    """Say that somebody saved a version in between; the edit stays, and the newer version can be looked at."""
    newer = working.newer
    if newer is None:
        return
    st.warning(
        f"Version {newer.number} was saved while you edited version {working.base.number} ({plain(newer.note)}). Your "
        f"edit is still here: look at the newer version, then save yours after it, or discard yours.",
        icon=":material/call_split:",
    )
    with st.expander(f"Look at version {newer.number}"):
        show_crew_line(newer.crew)
        show_agents(newer.crew, tool_names())
        show_tasks(newer.crew, tool_names())


def _show_plan(working: WorkingCrew, estimate: Estimate) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        show_crew_line(working.crew)
        show_why(working.crew, working.base.objective, "process", "process")
    chosen = show_graph_of(working, estimate)
    show_task_cards(working, elsewhere=chosen)


def _show_team(working: WorkingCrew, report: Report) -> None:
    show_agent_cards(working)
    show_coverage(working.crew, report, "crew")


def _show_check(working: WorkingCrew, report: Report, estimate: Estimate) -> None:
    show_counts(report)
    fix = show_report(report, working.crew, "crew", estimate, working.base.objective)
    show_causes(report)
    if fix is not None:
        apply_to(working, fix)
        renew_fields()
        st.rerun()


def _show_analysis(working: WorkingCrew, design: Design | None) -> None:
    analysis: Analysis | None = design.analysis if design else None
    if analysis is None and working.base.objective is not None:
        with problems_shown():
            analysis = front_door().analyze(working.base.objective)
    if analysis is None:
        st.info("This crew was imported without an objective, so there is nothing to analyze.")
    else:
        show_analysis(analysis)


def _show_provenance(design: Design | None) -> None:
    if design is None:
        st.info("This crew was imported, not generated here.")
    else:
        show_provenance(design.provenance)


def _show_report(working: WorkingCrew) -> None:
    st.caption(
        "For stakeholders: a page of summary, then graph, team, plan, estimate with its basis, alternatives and risks "
        "of the saved crew."
    )
    show_report_downloads("crew", working.base.crew_id, working.base.number)


def _show_export(working: WorkingCrew) -> None:
    if working.changed:
        st.caption("The files hold the crew as you see it, with your unsaved changes.")
    show_exports(working.crew, "crew")
    asked = st.button(
        "Make a template",
        key="make_template",
        icon=":material/dashboard_customize:",
        disabled=not may_write(),
        help="Names, places, numbers and the subject of the saved crew become blanks that can be filled anew.",
    )
    if asked:
        with problems_shown():
            open_template(front_door().templates.create_from_crew(working.base.crew_id).template.key)
