"""The versions of a crew: what each was made for, and the way back to it."""

import streamlit as st

from crewgen_core.models.stored import VersionRow
from crewgen_core.numbers import format_count, format_percent, format_usd, format_when
from pages.shared.difference_view import show_differences
from pages.shared.draft import WorkingCrew
from pages.shared.editing import go_back_to
from pages.shared.plain_text import plain
from pages.shared.refining import say_maker
from pages.shared.session import front_door
from pages.shared.whose import explain_locked, show_history, signed_in, tell_maker


def show_versions(working: WorkingCrew) -> None:
    """Show every version with what changed, the newest first. Going back makes a new version; nothing is lost."""
    if signed_in():
        history = st.expander("Who did what", icon=":material/history:", key="crew_history", on_change="rerun")
        if history.open:
            with history:
                show_history(front_door().audit.list_of_crew(working.base.crew_id))
    for row in front_door().crews.versions(working.base.crew_id):
        with st.container(border=True):
            _show_version(row, working)
            if row.parent_number is not None:
                _show_changes(row, row.parent_number)


def _show_changes(row: VersionRow, parent: int) -> None:
    """Compare a version with the one before it, once somebody opens the comparison."""
    label = f"What changed since version {parent}"
    changes = st.expander(label, key=f"changes_{row.number}", on_change="rerun")
    if changes.open:
        with changes:
            show_differences(front_door().crews.compare_versions(row.crew_id, row.number, parent))


def _show_version(row: VersionRow, working: WorkingCrew) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        figures = row.figures
        facts = [
            format_when(row.created_at),
            format_count(figures.agent_count, "agent"),
            format_count(figures.task_count, "task"),
            format_count(figures.error_count, "error"),
            f"success {format_percent(figures.success)}",
            f"cost {format_usd(figures.cost_usd)}",
            *([say_maker(row.provenance)] if row.provenance else []),
            *tell_maker(row.made_by_name),
        ]
        st.markdown(f"**Version {row.number}**: {plain(row.note)}\n\n:small[:gray[{plain(' · '.join(facts))}]]")
        if row.number == working.base.number:
            st.badge("shown", color="green")
        else:
            locked = explain_locked(working.base, "crew")
            unsaved = "Save or discard your changes first." if working.changed else ""
            st.button(
                "Go back to this",
                key=f"back_to_{row.number}",
                icon=":material/history:",
                on_click=go_back_to,
                args=(working, row.number),
                disabled=bool(locked or unsaved),
                help=plain(locked or unsaved) or None,
            )
