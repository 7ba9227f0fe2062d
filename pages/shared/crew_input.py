"""Where a crew to check comes from: pasted text or uploaded files, and the objective it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import streamlit as st

from crewgen_core.errors import UnreadableCrew

PASTED = "pasted text"
"""What messages call the text of the box."""

EXAMPLE = Path(__file__).with_name("example_crew.yaml")
EXAMPLE_OBJECTIVE = (
    "Find out why churn rose in Q3 from our subscription exports and write a two-page brief with three "
    "recommendations for the board."
)

_ENDINGS = frozenset({"", ".json", ".jsonc", ".yaml", ".yml", ".py", ".zip", ".txt"})
"""Endings of files that can hold part of a crew; what else a project folder has is passed over."""

_PASTE, _UPLOAD = "Paste", "Upload"


@dataclass(frozen=True)
class GivenCrew:
    """What a person gave: the files by name, and the words of the objective, empty when there is none."""

    files: Mapping[str, bytes]
    objective: str

    def usable_files(self) -> dict[str, bytes]:
        """Return the files that can hold part of a crew. Raises UnreadableCrew when there are none."""
        if not any(content.strip() for content in self.files.values()):
            raise UnreadableCrew("There is nothing to check yet.", "Paste a crew or upload its files first.")
        usable = {name: data for name, data in self.files.items() if PurePosixPath(name).suffix.lower() in _ENDINGS}
        if not usable:
            raise UnreadableCrew("None of the files can hold a crew.", "Upload JSON, YAML or ZIP files.")
        return usable


def ask_for_crew() -> GivenCrew:
    """Show the inputs; return what is in them."""
    st.session_state.setdefault("crew_source", _PASTE)
    source = st.segmented_control(
        "Where the crew comes from",
        [_PASTE, _UPLOAD],
        key="crew_source",
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    files = _ask_for_files() if source == _UPLOAD else _ask_for_text()
    objective = st.text_area(
        "Objective (optional)",
        key="crew_objective",
        persist_state="session",
        height=80,
        placeholder="What the crew is for: then it is also checked whether it has what the objective asks for.",
    )
    return GivenCrew(files, objective)


def load_example() -> None:
    """Put a crew with faults, and what it is for, into the inputs."""
    st.session_state["crew_source"] = _PASTE
    st.session_state["pasted_crew"] = EXAMPLE.read_text(encoding="utf-8")
    st.session_state["crew_objective"] = EXAMPLE_OBJECTIVE


def _ask_for_text() -> dict[str, bytes]:
    text = st.text_area(
        "Crew",
        key="pasted_crew",
        persist_state="session",
        height=240,
        placeholder="A crewgen file in JSON or YAML, a design, or the crew.jsonc of a CrewAI project",
    )
    return {PASTED: text.encode("utf-8", "replace")}


def _ask_for_files() -> dict[str, bytes]:
    uploaded = st.file_uploader(
        "Files of one crew",
        accept_multiple_files=True,
        key="crew_files",
        help="One crewgen file, a ZIP of a project, crew.jsonc with its agents, or agents.yaml with tasks.yaml; "
        "crew.py is read too, and never executed.",
    )
    files: dict[str, bytes] = {}
    for file in uploaded:
        name = file.name
        while name in files:  # two folders may each have an agents.yaml: the reader says so
            name = f"another {name}"
        files[name] = file.getvalue()
    return files
