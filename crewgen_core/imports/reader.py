"""The way in: files of any name, recognised by what they hold."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any, cast

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.crewai_json import is_crew_json, read_crewai_json
from crewgen_core.imports.crewai_yaml import is_agents_yaml, is_tasks_yaml, read_crewai_yaml
from crewgen_core.imports.crewgen_file import is_crewgen, read_crewgen
from crewgen_core.imports.imported import Imported
from crewgen_core.imports.parsing import parse, read_text
from crewgen_core.imports.unpacking import unpack


def read_crew(files: Mapping[str, bytes], catalog: Catalog) -> Imported:
    """Return the crew that the files describe, by name: one file, the files of a project, or a ZIP of them.

    Raises UnreadableCrew, in one plain sentence, when they are too large, cannot be read or describe no crew.
    """
    unpacked = unpack(files)
    sources = {name: content for name, content in unpacked.items() if PurePosixPath(name).suffix.lower() == ".py"}
    documents = {name: parse(name, content) for name, content in unpacked.items() if name not in sources}
    if (found := _find(documents, is_crewgen)) is not None:
        return read_crewgen(*found)
    if (found := _find(documents, is_crew_json)) is not None:
        return read_crewai_json(*found, documents, catalog)
    agents, tasks = _find(documents, is_agents_yaml), _find(documents, is_tasks_yaml)
    if agents is not None and tasks is not None:
        texts = {name: read_text(name, content) for name, content in sources.items()}
        return read_crewai_yaml(agents, tasks, texts, catalog)
    if agents is not None or tasks is not None:
        missing = "tasks" if agents is not None else "agents"
        raise UnreadableCrew(f"The {missing} of this CrewAI project are missing.", f"Add its {missing}.yaml.")
    raise UnreadableCrew(f"There is no crew in {_named(files)}.")


def _find(documents: Mapping[str, object], recognises: Callable[[object], bool]) -> tuple[str, dict[str, Any]] | None:
    """Return name and content of the one document that is recognised; two would leave open which one is meant."""
    found = [(name, cast("dict[str, Any]", document)) for name, document in documents.items() if recognises(document)]
    if len(found) > 1:
        raise UnreadableCrew(f"{found[0][0]} and {found[1][0]} each describe a crew.", "Give the files of one crew.")
    return found[0] if found else None


def _named(files: Mapping[str, bytes]) -> str:
    return ", ".join(list(files)[:3]) or "nothing"
