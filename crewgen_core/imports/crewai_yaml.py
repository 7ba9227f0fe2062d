"""Reads CrewAI's classic projects: ``agents.yaml`` and ``tasks.yaml``, with ``crew.py`` when it is given."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, cast

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.crew_source import CrewSource, read_crew_source
from crewgen_core.imports.foreign import Fields, ForeignCrew, build_crew, fields_of
from crewgen_core.imports.imported import Imported

_NO_SOURCE = "There was no crew.py: tools, process and manager that it sets are not known."
_UNREADABLE_SOURCE = "crew.py could not be understood: tools, process and manager that it sets are not known."


def is_agents_yaml(document: object) -> bool:
    """Return whether a parsed document is a group of agents by name."""
    return _all_have(document, "role") and not _all_have(document, "expected_output")


def is_tasks_yaml(document: object) -> bool:
    """Return whether a parsed document is a group of tasks by name."""
    return _all_have(document, "description")


def read_crewai_yaml(
    agents: tuple[str, Fields], tasks: tuple[str, Fields], files: Mapping[str, str], catalog: Catalog
) -> Imported:
    """Return the crew of a classic project: name and content of the two YAML files, and the text of all Python files.

    Raises UnreadableCrew for fields that cannot be read.
    """
    notes: list[str] = []
    source = _source(files, notes)
    foreign = ForeignCrew(
        tasks[0],
        _joined(source.agents, _parts(*agents), "role"),
        _joined(source.tasks, _parts(*tasks), "description"),
        source.crew,
        notes,
    )
    crew, all_notes = build_crew(foreign, catalog)
    return Imported(crew, "crewai-yaml", all_notes)


def _source(files: Mapping[str, str], notes: list[str]) -> CrewSource:
    text = next((text for path, text in files.items() if PurePosixPath(path).name == "crew.py"), None)
    source = CrewSource() if text is None else read_crew_source(text)
    if text is None:
        notes.append(_NO_SOURCE)
    elif not source.readable:
        notes.append(_UNREADABLE_SOURCE)
    return source


def _parts(name: str, document: Fields) -> dict[str, Fields]:
    if not document:
        raise UnreadableCrew(f"The file {name} is empty.")
    return {key: fields_of(name, f'"{key}"', fields) for key, fields in document.items()}


def _joined(source: Mapping[str, Fields], parts: Mapping[str, Fields], needed: str) -> dict[str, Fields]:
    """Join what crew.py and the YAML file say of each part, in the order of crew.py, which is CrewAI's order."""
    written = [key for key, fields in source.items() if key in parts or needed in fields]
    return {key: source.get(key, {}) | parts.get(key, {}) for key in dict.fromkeys([*written, *parts])}


def _all_have(document: object, field: str) -> bool:
    if not isinstance(document, dict) or not document:
        return False
    parts = cast("dict[Any, Any]", document).values()
    return all(isinstance(part, dict) and field in part for part in parts)
