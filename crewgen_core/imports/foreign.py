"""What a CrewAI project says, as a crew: fields that crewgen holds are taken over, all others are named in a note.

Where a project leaves the sources of a task open, CrewAI hands it the results of all earlier tasks; that becomes
``depends_on`` here.
"""

import re
from ast import literal_eval
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.crewgen_file import valid_crew
from crewgen_core.models.crew import COPY, Crew

Fields = dict[str, Any]

_AGENT_FIELDS = {"name", "role", "goal", "backstory", "llm", "tools", "apps", "allow_delegation", "max_iter"}
_TASK_FIELDS = {"name", "description", "expected_output", "agent", "context", "tools", "human_input", "async_execution"}
_CREW_FIELDS = {"name", "agents", "tasks", "process", "manager_agent", "manager_llm"}
_WITHOUT_LOSS = {"verbose", "memory", "inputs", "settings", "type"}
"""Fields whose absence changes neither who does what nor in which order."""

_COPY = re.compile(rf"{COPY}\d+$")

_SAME_IN_COPIES = ("role", "goal", "backstory", "model")

_NO_CONTEXT = "A task without context works from the results of all earlier tasks, as CrewAI does it."


@dataclass
class ForeignCrew:
    """A CrewAI project, taken apart into plain fields named as CrewAI names them."""

    source: str
    """Name of the file that faults are reported for."""
    agents: dict[str, Fields]
    """By name, the manager included."""
    tasks: dict[str, Fields]
    """By a key, in the order of execution; ``context`` and ``agent`` name keys."""
    crew: Fields
    notes: list[str] = field(default_factory=list[str])


def build_crew(foreign: ForeignCrew, catalog: Catalog) -> tuple[Crew, tuple[str, ...]]:
    """Return the crew and the notes on what was left out. Raises UnreadableCrew for fields that cannot be read."""
    builder = _Builder(foreign, catalog)
    fields = builder.crew_fields()
    return valid_crew(foreign.source, fields), tuple(dict.fromkeys([*foreign.notes, *builder.notes()]))


class _Builder:
    def __init__(self, foreign: ForeignCrew, catalog: Catalog) -> None:
        self._foreign = foreign
        self._catalog = catalog
        self._app_tools = {app: tool.key for tool in catalog.tools.values() for app in tool.apps}
        self._unknown_tools: list[str] = []
        self._unheld: list[str] = []
        self._assumed: list[str] = []

    def crew_fields(self) -> Fields:
        """Return the fields of the crew, as the crewgen file names them."""
        crew = self._foreign.crew
        self._note_unheld(crew, _CREW_FIELDS)
        hierarchical = str(crew.get("process", "sequential")).lower() == "hierarchical"
        manager_key = crew.get("manager_agent")
        manager = self._manager(manager_key, crew.get("manager_llm")) if hierarchical else None
        agents = [self._agent(key, fields) for key, fields in self._foreign.agents.items() if key != manager_key]
        tasks = self._tasks()
        _join_copies(agents, tasks)
        return {
            "name": _text(crew.get("name")) or "Imported crew",
            "process": "hierarchical" if hierarchical else "sequential",
            "coordination": _coordination(hierarchical, len(agents), tasks),
            "manager": manager,
            "agents": agents,
            "tasks": tasks,
        }

    def notes(self) -> Iterable[str]:
        """Say what was left out and what was assumed."""
        if self._unknown_tools:
            names = ", ".join(dict.fromkeys(self._unknown_tools))
            yield f"Tools that the catalog does not know were left out: {names}."
        if self._unheld:
            yield f"Fields that a crew here does not hold were left out: {', '.join(dict.fromkeys(self._unheld))}."
        yield from self._assumed

    def _agent(self, key: str, fields: Fields) -> Fields:
        fields = {**fields, **_mapping(fields.get("settings"))}
        self._note_unheld(fields, _AGENT_FIELDS)
        return {
            "key": key,
            "role": _text(fields.get("role")) or key,
            "goal": _text(fields.get("goal")),
            "backstory": _text(fields.get("backstory")),
            "tools": self._tools(fields),
            "model": _model(fields.get("llm")),
            **_given(fields, "allow_delegation", "max_iter"),
        }

    def _manager(self, key: object, model: object) -> Fields | None:
        fields = self._foreign.agents.get(key) if isinstance(key, str) else None
        if fields is None:
            return {"model": _model(model)}
        agent = self._agent(cast("str", key), fields)
        return {name: agent[name] for name in ("key", "role", "goal", "backstory", "model")}

    def _tasks(self) -> list[Fields]:
        tasks: list[Fields] = []
        for key, fields in self._foreign.tasks.items():
            tasks.append(self._task(key, fields, [task["key"] for task in tasks]))
        return tasks

    def _task(self, key: str, fields: Fields, earlier: list[str]) -> Fields:
        self._note_unheld(fields, _TASK_FIELDS)
        context = fields.get("context")
        if context is None and earlier:
            self._assumed.append(_NO_CONTEXT)
        return {
            "key": key,
            "name": _text(fields.get("name")) or _title(key),
            "description": _text(fields.get("description")),
            "expected_output": _text(fields.get("expected_output")),
            "agent": _text(fields.get("agent")) or None,
            "depends_on": earlier if context is None else [_text(name) for name in _list(context)],
            "tools": self._tools(fields),
            **_given(fields, "human_input", "async_execution"),
        }

    def _tools(self, fields: Fields) -> list[str]:
        names = [*_list(fields.get("tools")), *(f"platform:{app}" for app in _list(fields.get("apps")))]
        return list(dict.fromkeys(key for name in names if (key := self._tool(name)) is not None))

    def _tool(self, reference: object) -> str | None:
        """Return the catalog's key for a class, "module:Class", "custom:name" or "platform:app"; None for others."""
        arguments = _mapping(_mapping(reference).get("arguments"))
        text = reference if isinstance(reference, str) else _text(_mapping(reference).get("name")) or "an object"
        kind, _, rest = text.rpartition(":")
        name = rest.strip()
        if kind == "platform":
            key = self._app_tools.get(re.split("[/@]", name)[0])
        else:
            key = self._with_arguments(name, arguments) or self._catalog.tool_names.get(name.lower())
        if key is None:
            self._unknown_tools.append(text)
        return key

    def _with_arguments(self, name: str, arguments: Fields) -> str | None:
        """Return the tool of this class that is told from others of it by an argument ("topic": "finance")."""
        for tool in self._catalog.tools.values():
            fixed = {key: literal_eval(value) for key, value in tool.arguments.items() if "$" not in value}
            if tool.crewai_class == name and fixed and all(arguments.get(key) == fixed[key] for key in fixed):
                return tool.key
        return None

    def _note_unheld(self, fields: Fields, held: set[str]) -> None:
        self._unheld += [str(name) for name, value in fields.items() if name not in held | _WITHOUT_LOSS and value]


def unique_key(text: str, taken: Iterable[str]) -> str:
    """Return a short key made of the letters and digits of a text, different from those that are taken."""
    first = re.sub(r"\W+", "_", text.lower()).strip("_")[:60].strip("_") or "task"
    key, number = first, 2
    while key in taken:
        key, number = f"{first}_{number}", number + 1
    return key


def fields_of(source: str, part: str, value: object) -> Fields:
    """Return a mapping with text keys. Raises UnreadableCrew, naming the part, for anything else."""
    if not isinstance(value, dict):
        raise UnreadableCrew(f"In {source}, {part} is not a group of named fields.")
    return {str(name): item for name, item in cast("dict[Any, Any]", value).items()}


def _join_copies(agents: list[Fields], tasks: list[Fields]) -> None:
    """Put an agent that an export wrote once for each task that it does at once together again."""
    by_key = {agent["key"]: agent for agent in agents}
    for copy in list(agents):
        key = _COPY.sub("", copy["key"])
        original = by_key.get(key)
        if original is None or original is copy or any(copy[name] != original[name] for name in _SAME_IN_COPIES):
            continue
        original["tools"] = list(dict.fromkeys([*original["tools"], *copy["tools"]]))
        agents.remove(copy)
        for task in tasks:
            if task["agent"] == copy["key"]:
                task["agent"] = key


def _coordination(hierarchical: bool, agents: int, tasks: list[Fields]) -> str:
    if hierarchical:
        return "hierarchical"
    if agents == 1:
        return "solo"
    return "parallel" if any(task.get("async_execution") for task in tasks) else "sequential"


def _title(key: str) -> str:
    return key.replace("_", " ").strip().capitalize() or key


def _model(value: object) -> str | None:
    return (value if isinstance(value, str) else _text(_mapping(value).get("model"))) or None


def _given(fields: Fields, *names: str) -> Fields:
    return {name: fields[name] for name in names if fields.get(name) is not None}


def _text(value: object) -> str:
    """Return a text without the line break that YAML's block style leaves at the end."""
    return "" if value is None else str(value).rstrip("\n")


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _mapping(value: object) -> Fields:
    return cast("Fields", value) if isinstance(value, dict) else {}
