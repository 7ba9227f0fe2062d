"""A crew as CrewAI's classic project: ``config/agents.yaml``, ``config/tasks.yaml``, ``crew.py`` and ``main.py``.

All texts of the crew stand in the YAML files, as data. The Python files hold only identifiers made here, class names of
the catalog and quoted literals, and each is parsed before it is written.

Lost, because CrewAI has no place for it: the objective, coordination and oversight, skills, human minutes, the reasons,
keys that are no Python names, and that an application is granted to one task only.
"""

import ast
from typing import Any

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Tool
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import CREW_CLASS_NAMES, unique_names
from crewgen_core.exports.parts import CrewParts, take_apart
from crewgen_core.exports.project_files import (
    environment_text,
    project_name,
    pyproject_text,
    readme_text,
    zip_project,
)
from crewgen_core.exports.tool_calls import python_arguments, quoted
from crewgen_core.exports.yaml_text import yaml_text
from crewgen_core.models.crew import Agent, Crew, Manager, Task
from crewgen_core.settings import DEFAULT_RUN_MODEL

_LAYOUT = """\
- `src/*/config/agents.yaml`, `src/*/config/tasks.yaml`: the texts and settings of agents and tasks
- `src/*/crew.py`: the crew, with the tools of each agent and task
- `src/*/toolbox.py`: how tools are constructed
- `src/*/main.py`: what `crewai run` starts, with the inputs
"""

_MISSING_KEYS = """\
A tool whose key or package in the column "needs" is missing is left out: the crew starts without it and the reason is
printed. Applications are looked up only when the crew runs, with the token of the CrewAI platform.
"""

_LOST = """\
The objective, the style of coordination, the level of oversight, skills, human minutes and the reasons for each part.
An application that one task may use is granted to the agent of the task. Keep the crewgen file beside this project to
have them all.
"""

_TABLES = """\
[project.scripts]
{package} = "{package}.main:run"
run_crew = "{package}.main:run"

[tool.crewai]
type = "crew"
"""

_TOOLBOX = '''\
"""Constructs the tools of this crew; one that cannot be constructed is left out, and the reason is printed."""

import os
import sys
from collections.abc import Callable
from typing import Any


def env(name: str) -> str:
    """Return an environment variable, empty when it is not set."""
    return os.environ.get(name, "")


def grant(tool: Callable[..., Any], *needs: str, **arguments: Any) -> list[Any]:
    """Return the tools that the call gives; none when a variable that it needs is not set or the call fails."""
    missing = [name for name in needs if not env(name)]
    try:
        if missing:
            raise LookupError(f"set {', '.join(missing)} in .env")
        granted = tool(**arguments)
    except (Exception, SystemExit) as error:
        print(f"The crew works without {tool.__name__}: {error}", file=sys.stderr)
        return []
    return granted if isinstance(granted, list) else [granted]
'''


def export_crewai_yaml(crew: Crew, catalog: Catalog, run_model: str = DEFAULT_RUN_MODEL) -> Exported:
    """Return the crew as a ZIP with a classic CrewAI project. Raises CannotExport for a crew that CrewAI refuses."""
    parts = take_apart(crew, catalog, run_model)
    package = project_name(parts)
    agents = unique_names((agent.key for agent in parts.agents), "agent", CREW_CLASS_NAMES)
    tasks = unique_names((task.key for task in parts.tasks), "task", CREW_CLASS_NAMES | set(agents.values()))
    manager = unique_names(["manager"], "agent", {*agents.values(), *tasks.values()})["manager"]
    sources = {
        "__init__.py": f'"""The crew {package}."""\n',
        "main.py": _main_source(parts, package),
        "crew.py": _crew_source(parts, package, agents, tasks, manager),
        "toolbox.py": _TOOLBOX,
    }
    for source in sources.values():
        ast.parse(source)
    files = {
        **{f"src/{package}/{name}": source for name, source in sources.items()},
        f"src/{package}/config/agents.yaml": yaml_text(_agent_configs(parts, agents, manager)),
        f"src/{package}/config/tasks.yaml": yaml_text(
            {tasks[task.key]: _task_config(parts, task, agents, tasks) for task in parts.tasks}
        ),
        "pyproject.toml": pyproject_text(parts, _TABLES.format(package=package)),
        ".env.example": environment_text(parts),
        "README.md": readme_text(parts, _LAYOUT, _MISSING_KEYS, _LOST),
    }
    return Exported(f"{package}_yaml.zip", zip_project(package, files), "application/zip")


def _agent_configs(parts: CrewParts, names: dict[str, str], manager: str) -> dict[str, Any]:
    configs = {names[agent.key]: _agent_config(parts, agent) for agent in parts.agents}
    return configs | ({manager: _manager_config(parts.manager)} if parts.manager else {})


def _agent_config(parts: CrewParts, agent: Agent) -> dict[str, Any]:
    apps = list(parts.apps_of(agent))
    return {
        "role": agent.role,
        "goal": agent.goal,
        "backstory": agent.backstory,
        **({"llm": agent.model} if agent.model else {}),
        **({"apps": apps} if apps else {}),
        "allow_delegation": agent.allow_delegation,
        "max_iter": agent.max_iter,
    }


def _manager_config(manager: Manager) -> dict[str, Any]:
    return {
        "role": manager.role,
        "goal": manager.goal,
        "backstory": manager.backstory,
        **({"llm": manager.model} if manager.model else {}),
        "allow_delegation": True,
    }


def _task_config(parts: CrewParts, task: Task, agents: dict[str, str], tasks: dict[str, str]) -> dict[str, Any]:
    performer = parts.performers[task.key]
    return {
        "name": task.name or task.key,
        "description": task.description,
        "expected_output": task.expected_output,
        **({"agent": agents[performer]} if performer is not None else {}),
        "context": [tasks[key] for key in dict.fromkeys(task.depends_on)],
        "human_input": task.human_input,
        "async_execution": task.key in parts.asynchronous,
    }


def _main_source(parts: CrewParts, package: str) -> str:
    inputs = "".join(f"    {quoted(name)}: {quoted(value)},\n" for name, value in parts.inputs.items())
    return (
        '"""Starts the crew: what `crewai run` calls."""\n\n'
        f"from {package}.crew import {_class_name(package)}\n\n"
        "INPUTS = {" + (f"\n{inputs}" if inputs else "") + "}\n"
        '"""Values for the words in braces; each is itself until you change it here."""\n\n\n'
        "def run() -> None:\n"
        '    """Run the crew and print its result."""\n'
        f"    print({_class_name(package)}().crew().kickoff(inputs=INPUTS))\n\n\n"
        'if __name__ == "__main__":\n    run()\n'
    )


def _crew_source(parts: CrewParts, package: str, agents: dict[str, str], tasks: dict[str, str], manager: str) -> str:
    methods = [_agent_method(agents[agent.key], parts.tools_of(agent)) for agent in parts.agents]
    methods += [_manager_method(manager)] if parts.manager else []
    methods += [_task_method(tasks[task.key], parts.tools_of(task)) for task in parts.tasks]
    methods += [_crew_method(parts, manager)]
    constructed = [tool for part in (*parts.agents, *parts.tasks) for tool in parts.tools_of(part)]
    return (
        f'"""The crew {package}: agents, tasks and tools; their texts are in config/."""\n\n'
        "from crewai import Agent, Crew, Process, Task\n"
        "from crewai.agents.agent_builder.base_agent import BaseAgent\n"
        "from crewai.project import CrewBase, agent, crew, task\n"
        f"{_tool_imports(constructed, package)}\n\n"
        f"@CrewBase\nclass {_class_name(package)}:\n"
        '    """Agents and tasks in the order of execution."""\n\n'
        "    agents: list[BaseAgent]\n    tasks: list[Task]\n\n" + "\n".join(methods)
    )


def _tool_imports(tools: list[Tool], package: str) -> str:
    if not tools:
        return ""
    classes = ", ".join(sorted({tool.crewai_class for tool in tools}))
    helpers = "env, grant" if any("$" in value for tool in tools for value in tool.arguments.values()) else "grant"
    return f"from crewai_tools import {classes}\n\nfrom {package}.toolbox import {helpers}\n"


def _agent_method(name: str, tools: tuple[Tool, ...]) -> str:
    return (
        f"    @agent\n    def {name}(self) -> Agent:\n"
        f'        return Agent(\n            config=self.agents_config["{name}"],\n'
        f"{_tool_keyword(tools)}            verbose=True,\n        )\n"
    )


def _manager_method(name: str) -> str:
    return (
        f"    def {name}(self) -> Agent:\n"
        '        """Coordinate; not marked as an agent, because CrewAI wants the manager outside the list."""\n'
        f'        return Agent(config=self.agents_config["{name}"], verbose=True)\n'
    )


def _task_method(name: str, tools: tuple[Tool, ...]) -> str:
    return (
        f"    @task\n    def {name}(self) -> Task:\n"
        f'        return Task(\n            config=self.tasks_config["{name}"],\n{_tool_keyword(tools)}        )\n'
    )


def _crew_method(parts: CrewParts, manager: str) -> str:
    coordinator = f"            manager_agent=self.{manager}(),\n" if parts.manager else ""
    return (
        "    @crew\n    def crew(self) -> Crew:\n        return Crew(\n"
        f"            name={quoted(parts.crew.name)},\n"
        "            agents=self.agents,\n            tasks=self.tasks,\n"
        f"            process=Process.{parts.crew.process},\n{coordinator}"
        "            verbose=True,\n        )\n"
    )


def _tool_keyword(tools: tuple[Tool, ...]) -> str:
    grants = "".join(f"                {_grant(tool)},\n" for tool in tools)
    return f"            tools=[\n{grants}            ],\n" if tools else ""


def _grant(tool: Tool) -> str:
    needs = [quoted(variable) for variable in tool.environment]
    return f"*grant({', '.join([tool.crewai_class, *needs, *python_arguments(tool, 'env')])})"


def _class_name(package: str) -> str:
    return "".join(word.capitalize() for word in package.split("_"))
