"""Editing a crew: every edit is a change of the working crew, unsaved until it is saved as a new version."""

import streamlit as st

from crewgen_core.errors import CrewgenError, EditConflict
from crewgen_core.models.change import Change, Edit, apply_change
from crewgen_core.models.crew import Crew
from pages.shared.draft import WorkingCrew, name_draft_in_address, own_draft
from pages.shared.session import front_door

_PROBLEM, _REVISION = "edit_problem", "edit_revision"


def open_crew(crew_id: int) -> WorkingCrew:
    """Return the crew as this person has it: with unsaved changes, or else the newest version. Raises NotFound."""
    working = own_draft().crews.get(crew_id)
    if working is None or not working.changed:
        own_draft().crews.pop(crew_id, None)
        stored = front_door().crews.get(crew_id)
        working = WorkingCrew(stored, stored.crew)
    name_draft_in_address(working.changed)
    return working


def apply_to(working: WorkingCrew, change: Change) -> None:
    """Apply a change to the working crew; why it cannot be applied is kept for ``take_problem``."""
    try:
        after = apply_change(working.crew, change)
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
        return
    if after != working.crew:
        working.steps.append((change.title, working.crew))
        working.crew = after
        own_draft().crews[working.base.crew_id] = working


def edit(working: WorkingCrew, title: str, *edits: Edit) -> None:
    """Apply edits that a person makes; fields then show the crew anew."""
    apply_to(working, Change(title=title, reason="", edits=edits))
    renew_fields()


def take_crew(working: WorkingCrew, note: str, crew: Crew) -> None:
    """Put another crew in place of the working one: saved as a version at once, unless there are unsaved changes.

    Then it becomes one more of them, so that nothing is lost that only this person has.
    """
    unsaved = working.changed
    working.steps.append((note, working.crew))
    working.crew = crew
    own_draft().crews[working.base.crew_id] = working
    renew_fields()
    if not unsaved:
        save(working, note)


def renew_fields() -> None:
    """Let the fields of the editor show what the crew says now, not what was typed into them before."""
    st.session_state[_REVISION] = revision() + 1


def revision() -> int:
    """Return the number that is part of every field's key; with a new one, fields start from the crew again."""
    return int(st.session_state.get(_REVISION, 0))


def refuse(problem: CrewgenError) -> None:
    """Keep why an edit is not made for ``take_problem``."""
    st.session_state[_PROBLEM] = problem


def take_problem() -> CrewgenError | None:
    """Return why the last edit could not be made, once."""
    return st.session_state.pop(_PROBLEM, None)


def discard(working: WorkingCrew) -> None:
    """Forget the unsaved changes."""
    own_draft().crews.pop(working.base.crew_id, None)
    renew_fields()


def undo(working: WorkingCrew) -> None:
    """Take back the last unsaved change; where there is none, make the version before this one the newest again.

    That is a new version too, so undoing it brings back what was undone: nothing is ever lost.
    """
    renew_fields()
    if working.steps:
        _, working.crew = working.steps.pop()
        return
    if working.base.number > 1:
        go_back_to(working, working.base.number - 1)


def go_back_to(working: WorkingCrew, number: int) -> None:
    """Make an earlier version the newest again."""
    try:
        front_door().crews.revert(working.base.crew_id, number, expected=working.base.number)
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
    renew_fields()


def save(working: WorkingCrew, note: str) -> bool:
    """Save the working crew as a new version; return whether it was saved. Without a note the changes are named.

    When somebody saved one in between, the edit stays as it is, and ``working.newer`` holds what they saved.
    """
    crew_id = working.base.crew_id
    expected = working.newer.number if working.newer else working.base.number
    try:
        front_door().crews.save_version(crew_id, working.crew, note.strip() or describe(working), expected)
    except EditConflict as problem:
        st.session_state[_PROBLEM] = problem
        working.newer = front_door().crews.get(crew_id)
        own_draft().crews[crew_id] = working
        return False
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
        return False
    own_draft().crews.pop(crew_id, None)
    renew_fields()
    return True


def describe(working: WorkingCrew) -> str:
    """Return the unsaved changes in a few words, for the list of versions."""
    titles = list(dict.fromkeys(title for title, _ in working.steps))
    return "; ".join(titles[:3]) + (f"; {len(titles) - 3} more" if len(titles) > 3 else "")
