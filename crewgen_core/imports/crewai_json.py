"""Reads CrewAI's JSON-first projects: ``crew.jsonc`` with ``agents/*.jsonc``, or with the agents written into it."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, cast

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.foreign import Fields, ForeignCrew, build_crew, fields_of, unique_key
from crewgen_core.imports.imported import Imported


def is_crew_json(document: object) -> bool:
    """Return whether a parsed document is CrewAI's crew definition: agents, and a list of tasks with descriptions."""
    if not isinstance(document, dict) or "agents" not in document:
        return False
    tasks = cast("dict[str, Any]", document).get("tasks")
    return isinstance(tasks, list) and all(isinstance(task, dict) for task in cast("list[Any]", tasks))


def read_crewai_json(name: str, document: Fields, documents: Mapping[str, Any], catalog: Catalog) -> Imported:
    """Return the crew of a JSON-first project; ``documents`` are all parsed files, the agents among them.

    Raises UnreadableCrew for an agent without a file and for fields that cannot be read.
    """
    agents = _agents(name, document, documents)
    tasks, keys = _tasks(name, document)
    for task in tasks.values():
        if isinstance(context := task.get("context"), list):
            task["context"] = [keys.get(str(other), str(other)) for other in cast("list[Any]", context)]
    crew, notes = build_crew(ForeignCrew(name, agents, tasks, document), catalog)
    return Imported(crew, "crewai-json", notes)


def _agents(name: str, document: Fields, documents: Mapping[str, Any]) -> dict[str, Fields]:
    listed: Any = document["agents"]
    if isinstance(listed, dict):
        inline = cast("dict[Any, Any]", listed)
        return {str(key): fields_of(name, f'the agent "{key}"', fields) for key, fields in inline.items()}
    if not isinstance(listed, list):
        raise UnreadableCrew(f'In {name}, "agents" is neither a list nor a group of agents.')
    manager = document.get("manager_agent")
    entries = cast("list[Any]", listed) + ([manager] if isinstance(manager, str) else [])
    return dict(_agent(name, entry, documents) for entry in entries)


def _agent(name: str, entry: object, documents: Mapping[str, Any]) -> tuple[str, Fields]:
    if isinstance(entry, dict):
        fields = fields_of(name, "an agent", cast("object", entry))
        return str(fields.get("name") or fields.get("role") or "agent"), fields
    key = str(entry)
    paths = [path for path in documents if PurePosixPath(path).stem == key]
    paths.sort(key=lambda path: PurePosixPath(path).parent.name != "agents")
    found = documents[paths[0]] if paths else None
    if found is None:
        raise UnreadableCrew(
            f'The agent "{key}" that {name} names has no file.',
            f"Add agents/{key}.jsonc, or give the whole project as ZIP.",
        )
    return key, fields_of(f"{key}.jsonc", "the file", found)


def _tasks(name: str, document: Fields) -> tuple[dict[str, Fields], dict[str, str]]:
    """Return the tasks by a key made of their names, and the keys by name."""
    tasks: dict[str, Fields] = {}
    keys: dict[str, str] = {}
    for number, task in enumerate(document["tasks"], start=1):
        fields = fields_of(name, f"task {number}", task)
        title = str(fields.get("name") or f"task_{number}")
        key = unique_key(title, tasks)
        tasks[key] = fields
        keys[title] = key
    return tasks, keys
