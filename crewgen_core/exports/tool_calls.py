"""How a tool of the catalog is constructed in a CrewAI project: literals and environment variables."""

import ast
from collections.abc import Iterable
from typing import cast

from crewgen_core.catalog.entries import Tool


def python_arguments(tool: Tool, environment: str) -> list[str]:
    """Return the constructor's keyword arguments as Python source ('topic="finance"').

    ``environment`` is the name of the function that the source calls for an environment variable ("env").
    """
    return [f"{name}={_source(ast.literal_eval(value), environment)}" for name, value in tool.arguments.items()]


def _source(value: object, environment: str) -> str:
    if isinstance(value, str) and value.startswith("$"):
        return f"{environment}({quoted(value[1:])})"
    if isinstance(value, dict):
        items = cast("dict[object, object]", value).items()
        return "{" + ", ".join(f"{_source(key, '')}: {_source(item, environment)}" for key, item in items) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_source(item, environment) for item in cast("list[object]", value)) + "]"
    return quoted(value) if isinstance(value, str) else repr(value)


def quoted(text: str) -> str:
    """Return Python source for the text, in double quotes where that needs no escape; checked to mean the same."""
    plain = f'"{text}"'
    source = plain if text.isprintable() and '"' not in text and "\\" not in text else repr(text)
    if ast.literal_eval(source) != text:
        raise ValueError(f"No Python literal for {text!r}.")
    return source


def environment_of(tools: Iterable[Tool]) -> dict[str, tuple[str, ...]]:
    """Return the environment variables that the tools need, each with the classes that need it."""
    users: dict[str, list[str]] = {}
    for tool in tools:
        for variable in tool.environment:
            classes = users.setdefault(variable, [])
            if tool.crewai_class not in classes:
                classes.append(tool.crewai_class)
    return {variable: tuple(classes) for variable, classes in users.items()}
