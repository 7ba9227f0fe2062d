"""A crew as CrewAI's JSON-first project: ``crew.jsonc`` and ``agents/*.jsonc``, which ``crewai run`` loads directly.

Accepted fields and the naming of tools: crewai/project/json_loader.py, CrewAI 1.15. A tool without arguments is named
by its class, an application of the platform by the agent's ``apps``, and a tool with arguments is a small class in
``tools/`` ("custom:...").

Lost, because CrewAI has no place for it: the objective, coordination and oversight, skills, human minutes, the reasons,
keys of tasks (their names identify them), and that an application is granted to one task only.
"""

import ast
import json
from typing import Any

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Tool
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import unique_names
from crewgen_core.exports.parts import CrewParts, take_apart
from crewgen_core.exports.project_files import (
    environment_text,
    project_name,
    pyproject_text,
    readme_text,
    zip_project,
)
from crewgen_core.exports.tool_calls import python_arguments
from crewgen_core.models.crew import Agent, Crew, Manager, Task
from crewgen_core.settings import DEFAULT_RUN_MODEL

_LAYOUT = """\
- `crew.jsonc`: the crew and its tasks, in the order of execution
- `agents/*.jsonc`: one agent each; the manager of a hierarchical crew has a file but is not in the list of agents
- `tools/*.py`: tools that are constructed with settings, if there are any
"""

_MISSING_KEYS = """\
CrewAI constructs the tools when it loads the project. When a key or package in the column "needs" is missing, it
refuses to start and names the tool: set the variable in `.env`, add the package with `uv add`, or take the tool out of
the file.
Applications are looked up only when the crew runs, with the token of the CrewAI platform.
"""

_LOST = """\
The objective, the style of coordination, the level of oversight, skills, human minutes and the reasons for each part.
An application that one task may use is granted to the agent of the task. Keep the crewgen file beside this project to
have them all.
"""

_TABLES = """\
[tool.hatch.build.targets.wheel]
only-include = {folders}

[tool.crewai]
type = "crew"
definition = "crew.jsonc"
"""


_ENV = '''\
import os

import crewai_tools


def env(name: str) -> str:
    """Return an environment variable; an unset one stops the loading with its name."""
    return os.environ[name]'''


def export_crewai_json(crew: Crew, catalog: Catalog, run_model: str = DEFAULT_RUN_MODEL) -> Exported:
    """Return the crew as a ZIP with a JSON-first CrewAI project. Raises CannotExport for a crew that CrewAI refuses."""
    parts = take_apart(crew, catalog, run_model)
    names = _agent_names(parts)
    tools = {f"tools/{tool.key}.py": _custom_tool(tool) for tool in parts.tools if _is_custom(tool)}
    files = {
        "crew.jsonc": _jsonc(
            "The crew: agents, tasks in the order of execution, and the process.", _crew_fields(parts, names)
        ),
        **{f"agents/{names[agent.key]}.jsonc": _agent_text(parts, agent) for agent in parts.agents},
        **({f"agents/{_manager_name(names)}.jsonc": _manager_text(parts.manager)} if parts.manager else {}),
        **tools,
        "pyproject.toml": pyproject_text(
            parts, _TABLES.format(folders=json.dumps(["agents", "crew.jsonc", *(["tools"] if tools else [])]))
        ),
        ".env.example": environment_text(parts),
        "README.md": readme_text(parts, _LAYOUT, _MISSING_KEYS, _LOST),
    }
    folder = project_name(parts)
    return Exported(f"{folder}_json.zip", zip_project(folder, files), "application/zip")


def _agent_names(parts: CrewParts) -> dict[str, str]:
    return unique_names((agent.key for agent in parts.agents), "agent")


def _manager_name(names: dict[str, str]) -> str:
    return unique_names(["manager"], "agent", names.values())["manager"]


def _crew_fields(parts: CrewParts, names: dict[str, str]) -> dict[str, Any]:
    titles = _task_names(parts.tasks)
    manager = {"manager_agent": _manager_name(names)} if parts.manager else {}
    return {
        "name": parts.crew.name,
        "agents": list(names.values()),
        "tasks": [_task_fields(parts, task, titles, names) for task in parts.tasks],
        "process": parts.crew.process,
        **manager,
        "verbose": True,
        "memory": False,
        "inputs": parts.inputs,
    }


def _task_names(tasks: tuple[Task, ...]) -> dict[str, str]:
    """Return a different name for each task, because tasks refer to each other by name; "(2)" tells twins apart."""
    names: dict[str, str] = {}
    for task in tasks:
        first = task.name.strip() or task.key
        name, number = first, 2
        while name in names.values():
            name, number = f"{first} ({number})", number + 1
        names[task.key] = name
    return names


def _task_fields(parts: CrewParts, task: Task, titles: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    tools, performer = _tool_references(parts.tools_of(task)), parts.performers[task.key]
    return {
        "name": titles[task.key],
        "description": task.description,
        "expected_output": task.expected_output,
        **({"agent": names[performer]} if performer is not None else {}),
        "context": [titles[key] for key in dict.fromkeys(task.depends_on)],
        **({"tools": tools} if tools else {}),
        "human_input": task.human_input,
        "async_execution": task.key in parts.asynchronous,
    }


def _agent_text(parts: CrewParts, agent: Agent) -> str:
    apps = list(parts.apps_of(agent))
    fields: dict[str, Any] = {
        "role": agent.role,
        "goal": agent.goal,
        "backstory": agent.backstory,
        **({"llm": agent.model} if agent.model else {}),
        "tools": _tool_references(parts.tools_of(agent)),
        **({"apps": apps} if apps else {}),
        "settings": {"allow_delegation": agent.allow_delegation, "max_iter": agent.max_iter},
    }
    return _jsonc("One agent of the crew.", fields)


def _manager_text(manager: Manager) -> str:
    fields: dict[str, Any] = {
        "role": manager.role,
        "goal": manager.goal,
        "backstory": manager.backstory,
        **({"llm": manager.model} if manager.model else {}),
        "settings": {"allow_delegation": True},
    }
    return _jsonc("The manager: it assigns the tasks and checks the results, and does none itself.", fields)


def _tool_references(tools: tuple[Tool, ...]) -> list[str]:
    references: list[str] = []
    for tool in tools:
        name = f"custom:{tool.key}" if tool.arguments else tool.crewai_class
        references += [f"platform:{app}" for app in tool.apps] or [name]
    return references


def _is_custom(tool: Tool) -> bool:
    return bool(tool.arguments) and not tool.apps


def _custom_tool(tool: Tool) -> str:
    """Return a module with a subclass that CrewAI can construct without arguments."""
    arguments = ", ".join(python_arguments(tool, "env"))
    name = "".join(word.capitalize() for word in tool.key.split("_"))
    source = (
        f'"""{tool.name}: {tool.purpose}."""\n\n'
        f"{_ENV if 'env(' in arguments else 'import crewai_tools'}\n\n\n"
        f"class {name}(crewai_tools.{tool.crewai_class}):\n"
        f'    """{tool.crewai_class} with this project\'s settings."""\n\n'
        f"    def __init__(self) -> None:\n        super().__init__({arguments})\n"
    )
    ast.parse(source)
    return source


def _jsonc(comment: str, fields: dict[str, Any]) -> str:
    return f"// {comment}\n{json.dumps(fields, ensure_ascii=False, indent=2)}\n"
