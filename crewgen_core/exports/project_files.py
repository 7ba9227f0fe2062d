"""Files that both kinds of CrewAI project have: README, pyproject.toml, .env.example, and the ZIP around them."""

import io
import json
import zipfile
from collections.abc import Mapping

from crewgen_core.catalog.entries import Tool
from crewgen_core.exports.names import safe_name
from crewgen_core.exports.parts import CrewParts
from crewgen_core.exports.tool_calls import environment_of
from crewgen_core.models.crew import COPY

CREWAI_VERSION = "1.15.30"
"""The release that exports are built and tested with (requirements-crewai.txt)."""

PYTHON_VERSIONS = ">=3.10,<3.14"
"""What that release runs on."""

_PROVIDERS: dict[str, tuple[str, str]] = {
    "openai": ("", "OPENAI_API_KEY"),
    "anthropic": ("anthropic", "ANTHROPIC_API_KEY"),
    "gemini": ("google-genai", "GEMINI_API_KEY"),
    "azure": ("azure-ai-inference", "AZURE_API_KEY"),
    "bedrock": ("bedrock", "AWS_ACCESS_KEY_ID"),
    "openrouter": ("", "OPENROUTER_API_KEY"),
    "deepseek": ("", "DEEPSEEK_API_KEY"),
    "ollama": ("", ""),
    "ollama_chat": ("", ""),
    "mistral": ("litellm", "MISTRAL_API_KEY"),
    "groq": ("litellm", "GROQ_API_KEY"),
    "cohere": ("litellm", "COHERE_API_KEY"),
    "xai": ("litellm", "XAI_API_KEY"),
}
"""Extra of the crewai package and key variable of a model's provider (crewai/llm.py and LiteLLM's documentation)."""

_NAMES_WITHOUT_PROVIDER = {
    "gpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "claude": "anthropic",
    "gemini": "gemini",
}
"""Beginnings of model names that need no provider in front."""

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""A fixed time (the earliest that ZIP knows), so that the same crew gives the same bytes."""


def project_name(parts: CrewParts) -> str:
    """Return the name of the project's folder and package ("churn_brief_crew"); the ending keeps it from a module's."""
    name = safe_name(parts.crew.name, "my")
    return name if name.endswith("_crew") else f"{name}_crew"


def zip_project(folder: str, files: Mapping[str, str]) -> bytes:
    """Return the files below one folder as a ZIP; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"{folder}/{path}", _ZIP_TIME), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def pyproject_text(parts: CrewParts, tables: str) -> str:
    """Return pyproject.toml: name, dependencies, and the tables that the kind of project needs."""
    extras = sorted({"tools", *(extra for extra, _ in map(_provider, parts.models) if extra)})
    dependencies = [f"crewai[{','.join(extras)}]=={CREWAI_VERSION}"]
    dependencies += dict.fromkeys(package for tool in parts.tools for package in tool.packages)
    lines = "".join(f"    {json.dumps(dependency)},\n" for dependency in dependencies)
    return (
        f'[project]\nname = "{project_name(parts)}"\nversion = "0.1.0"\n'
        f'requires-python = "{PYTHON_VERSIONS}"\ndependencies = [\n{lines}]\n\n'
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        f"{tables}"
    )


def environment_text(parts: CrewParts) -> str:
    """Return .env.example: every variable that models and tools of the crew read, with who reads it."""
    variables = {variable: list(classes) for variable, classes in environment_of(parts.tools).items()}
    for model in parts.models:
        if variable := _provider(model)[1]:
            variables.setdefault(variable, []).append(f"the model {one_line(model)}")
    head = "# Copy this file to .env and fill in what you use. Never share the filled-in file.\n\n"
    key = _provider(parts.run_model)[1]
    unset = (
        f"# The model of every agent that names none, and its key.\nMODEL={one_line(parts.run_model)}\n"
        + (f"{key}=\n" if key and key not in variables else "")
        + "\n"
    )
    needed = (f"# Needed by {', '.join(users)}.\n{variable}=\n\n" for variable, users in variables.items())
    return head + unset + "".join(needed)


def readme_text(parts: CrewParts, layout: str, missing_keys: str, lost: str) -> str:
    """Return README.md: what the crew is for, how to run it, what its tools need and may do.

    ``layout`` says where things are, ``missing_keys`` what happens when a tool's key is not set, and ``lost`` what this
    kind of project cannot hold. Texts of the crew stand in code blocks, where Markdown and HTML mean nothing.
    """
    crew = parts.crew
    objective = "".join(f"    {line}\n" for line in crew.objective.splitlines()) or "    (none)\n"
    inputs = "".join(f"- `{name}`\n" for name in parts.inputs)
    sections = [
        f"# {project_name(parts)}\n\nA CrewAI project made by crewgen, for CrewAI {CREWAI_VERSION}.\n",
        f"## Objective\n\n{objective}",
        "## Run it\n\n    cp .env.example .env      # then fill in the keys\n    crewai install\n    crewai run\n",
        f"## What is where\n\n{layout}{_copies_note(parts)}",
        f"## Tools\n\n{_tool_table(parts)}\n{missing_keys}",
        "## Inputs\n\nThese words in braces are placeholders. Each has itself as its default value, so the texts stay "
        f"as they are until you give another one.\n\n{inputs}"
        if inputs
        else "",
        f"## What a CrewAI project cannot hold\n\n{lost}",
    ]
    return "\n".join(section for section in sections if section)


def _copies_note(parts: CrewParts) -> str:
    if len(parts.agents) == len(parts.crew.agents):
        return ""
    return (
        f'\nAn agent of CrewAI does one task at a time. One that does several at once is there once for each: "{COPY}" '
        "in its name marks a copy, which is the same agent.\n"
    )


def one_line(text: str) -> str:
    """Return the text as one printable line, for comments."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _tool_table(parts: CrewParts) -> str:
    if not parts.tools and not parts.unknown_tools:
        return "This crew uses no tools.\n"
    rows = ["| tool | what for | needs | mind |", "|---|---|---|---|"]
    for tool in parts.tools:
        name = ", ".join(f"application {app}" for app in tool.apps) or f"`{tool.crewai_class}`"
        needs = ", ".join(f"`{need}`" for need in (*tool.environment, *tool.packages)) or "-"
        rows.append(f"| {name} | {tool.purpose} | {needs} | {_risk_of(tool)} |")
    left_out = "".join(
        f"\nLeft out, because no tool of CrewAI is known by that name:\n\n    {one_line(key)}\n"
        for key in parts.unknown_tools
    )
    return "\n".join(rows) + "\n" + _risk_note(parts) + left_out


def _risk_of(tool: Tool) -> str:
    return f"**High risk.** {tool.risk_reason}" if tool.risk == "high" else tool.risk_reason or "-"


def _risk_note(parts: CrewParts) -> str:
    if not any(tool.risk == "high" for tool in parts.tools):
        return ""
    return (
        "\nA tool of high risk can change things, send messages or run code on the word of a model, without asking "
        "you. Take it out of the agents and tasks that you do not want to have it.\n"
    )


def _provider(model: str) -> tuple[str, str]:
    """Return the extra and the key variable that a model needs; other providers go through LiteLLM."""
    name, slash, _ = model.partition("/")
    if not slash:
        name = next(
            (provider for start, provider in _NAMES_WITHOUT_PROVIDER.items() if model.startswith(start)), "openai"
        )
    return _PROVIDERS.get(name.lower(), ("litellm", ""))
