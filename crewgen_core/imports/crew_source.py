"""Reads what a classic project says in ``crew.py``: tools, process, manager. The file is parsed, never executed.

Tools are returned the way JSON projects name them ("platform:gmail"), or as name and arguments, so that one reader
serves both.
"""

import ast
from dataclasses import dataclass, field
from typing import Any, cast

_LONGEST = 200_000
"""Characters of source that are looked at; a crew.py of 200 agents has about 60,000."""

_LONGEST_NAME = 100
"""Characters shown of an expression that is no plain name."""


@dataclass
class CrewSource:
    """Literals and names found in the source, by the names that the YAML files use."""

    agents: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    crew: dict[str, Any] = field(default_factory=dict[str, Any])
    readable: bool = True


def read_crew_source(text: str) -> CrewSource:
    """Return what the source says about its crew; ``readable`` is False when it is no Python."""
    source = CrewSource()
    try:
        tree = ast.parse(text) if len(text) <= _LONGEST else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if tree is None:
        return CrewSource(readable=False)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            _take(source, function.name, call)
    return source


def _take(source: CrewSource, method: str, call: ast.Call) -> None:
    kind = _name(call.func)
    if kind == "Agent":
        source.agents[_config_key(call) or method] = _keywords(call)
    elif kind == "Task":
        source.tasks[_config_key(call) or method] = _keywords(call)
    elif kind == "Crew":
        source.crew = {name: value for name, value in _keywords(call).items() if name not in ("agents", "tasks")}


def _config_key(call: ast.Call) -> str | None:
    """Return "x" for ``config=self.agents_config["x"]``."""
    for keyword in call.keywords:
        if keyword.arg == "config" and isinstance(keyword.value, ast.Subscript):
            key = keyword.value.slice
            return str(key.value) if isinstance(key, ast.Constant) else None
    return None


def _keywords(call: ast.Call) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg == "tools":
            values["tools"] = _tools(keyword.value)
        elif keyword.arg and keyword.arg != "config" and (value := _value(keyword.value)) is not None:
            values[keyword.arg] = value
    return values


def _value(node: ast.expr) -> object:
    """Return a literal, the name behind ``self.name()``, "hierarchical" for ``Process.hierarchical``, or None."""
    if isinstance(node, ast.Call) and not node.args:
        return _name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.List):
        return [_value(item) for item in node.elts]
    return node.value if isinstance(node, ast.Constant) else None


def _tools(node: ast.expr) -> list[str | dict[str, Any]]:
    items = node.elts if isinstance(node, ast.List) else [node]
    return [tool for item in items for tool in _tool(item)]


def _tool(node: ast.expr) -> list[str | dict[str, Any]]:
    if isinstance(node, ast.Starred):
        return _tool(node.value)
    if not isinstance(node, ast.Call):
        return [ast.unparse(node)[:_LONGEST_NAME]]
    arguments = _keywords(node)
    if isinstance(apps := arguments.get("apps"), list):
        return [f"platform:{app}" for app in cast("list[object]", apps)]
    name = _name(node.func)
    return [{"name": _name(node.args[0]) if name == "grant" and node.args else name, "arguments": arguments}]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)[:_LONGEST_NAME]
