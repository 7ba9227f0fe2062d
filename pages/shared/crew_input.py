"""Where a crew to check comes from: pasted text or uploaded files, and the objective it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import streamlit as st

from crewgen_core.errors import UnreadableCrew
from pages.shared.draft import keep_typed, restore_typed

PASTED = "pasted text"
"""What messages call the text of the box."""

EXAMPLE = Path(__file__).with_name("example_crew.yaml")
EXAMPLE_OBJECTIVE = (
    "Find out why churn rose in Q3 from our subscription exports and write a two-page brief with three "
    "recommendations for the board."
)

_ENDINGS = frozenset({"", ".json", ".jsonc", ".yaml", ".yml", ".py", ".zip", ".txt"})
"""Endings of files that can hold part of a crew; what else a project folder has is passed over."""

_PASTE, _UPLOAD, MANY = "Paste", "Upload", "Many crews"


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


def choose_source() -> str:
    """Show where crews may come from; return what is chosen, ``MANY`` for a batch of them."""
    st.session_state.setdefault("crew_source", _PASTE)
    chosen = st.segmented_control(
        "Where the crew comes from",
        [_PASTE, _UPLOAD, MANY],
        key="crew_source",
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen or _PASTE


def ask_for_crew(source: str) -> GivenCrew:
    """Show the inputs of one crew; return what is in them."""
    restore_typed("pasted_crew", "crew_objective")
    files = _ask_for_one() if source == _UPLOAD else _ask_for_text()
    given = GivenCrew(files, _ask_for_objective("What the crew is for", "crew_objective"))
    keep_typed("pasted_crew", "crew_objective")
    return given


def ask_for_crews() -> GivenCrew:
    """Show the inputs of many crews; return what is in them."""
    files = _ask_for_files(
        "Files of many crews",
        "crews_files",
        "Crewgen files in JSON or YAML, ZIPs of CrewAI projects, or a ZIP of many of both. A ZIP may have 1,000 files "
        "and 5 MB unpacked, all together 50 MB.",
    )
    return GivenCrew(
        files,
        _ask_for_objective("What all of these crews are for, in place of what their files say", "crews_objective"),
    )


def load_example() -> None:
    """Put a crew with faults, and what it is for, into the inputs."""
    paste(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE_OBJECTIVE)


def paste(text: str, objective: str) -> None:
    """Put a crew, and what it is for, into the inputs; before they are shown, or as a callback."""
    st.session_state["crew_source"] = _PASTE
    st.session_state["pasted_crew"] = text
    st.session_state["crew_objective"] = objective


def _ask_for_text() -> dict[str, bytes]:
    text = st.text_area(
        "Crew",
        key="pasted_crew",
        persist_state="session",
        height=240,
        placeholder="A crewgen file in JSON or YAML, a design, or the crew.jsonc of a CrewAI project",
    )
    return {PASTED: text.encode("utf-8", "replace")}


def _ask_for_objective(what: str, key: str) -> str:
    return st.text_area(
        "Objective (optional)",
        key=key,
        persist_state="session",
        height=80,
        placeholder=f"{what}: then it is also checked whether there is what the objective asks for.",
    )


def _ask_for_one() -> dict[str, bytes]:
    return _ask_for_files(
        "Files of one crew",
        "crew_files",
        "One crewgen file, a ZIP of a project, crew.jsonc with its agents, or agents.yaml with tasks.yaml; "
        "crew.py is read too, and never executed.",
    )


def _ask_for_files(label: str, key: str, help_text: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for file in st.file_uploader(label, accept_multiple_files=True, key=key, help=help_text):
        name = file.name
        while name in files:  # two folders may each have an agents.yaml: the reader says so
            name = f"another {name}"
        files[name] = file.getvalue()
    return files
