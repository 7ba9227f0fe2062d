"""Builds exported projects in real CrewAI, the way ``crewai run`` would, without asking any model.

Run by the interpreter of the CrewAI environment: ``build_in_crewai.py FOLDER`` for a folder of exported ZIPs. Prints
one JSON object: for each ZIP the crew as CrewAI holds it, or the error. ``--tools FILE`` instead checks that every tool
of a catalog file is a class of crewai_tools and takes the arguments that the catalog gives it.
"""

import ast
import contextlib
import importlib
import inspect
import io
import json
import os
import socket
import sys
import tempfile
import traceback
import zipfile
from pathlib import Path


def forbid_network() -> None:
    """Let every connection fail at once, so that nothing that is built here can reach out."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network in this test")

    socket.socket.connect = refuse
    socket.getaddrinfo = refuse
    sys.stdin = io.StringIO("")


def build_all(folder: Path) -> dict[str, object]:
    """Build every ZIP of the folder."""
    return {archive.name: build(archive) for archive in sorted(folder.glob("*.zip"))}


def build(archive: Path) -> dict[str, object]:
    """Unpack one project and build its crew as ``crewai run`` does; an error is a result."""
    with tempfile.TemporaryDirectory() as place:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(place)
        (root,) = Path(place).iterdir()
        before = Path.cwd()
        os.chdir(root)
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                crew, inputs = load_json(root) if (root / "crew.jsonc").exists() else load_classic(root)
                shown = describe(crew)
                crew._interpolate_inputs(inputs)
                return {
                    **shown,
                    "inputs": inputs,
                    "unchanged_by_inputs": describe(crew) == shown,
                    "printed": printed.getvalue(),
                }
        except (Exception, SystemExit) as error:  # noqa: BLE001 whatever goes wrong is the result
            return {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()[-2000:]}
        finally:
            os.chdir(before)


def load_json(root: Path) -> tuple[object, dict[str, object]]:
    """Load a JSON-first project through the definition that its pyproject names, validated first."""
    from crewai.project.crew_loader import load_crew
    from crewai.project.json_loader import validate_crew_project
    from crewai_core.project import configured_project_definition

    definition = configured_project_definition("crew", project_root=root)
    validate_crew_project(definition)
    return load_crew(definition)


def load_classic(root: Path) -> tuple[object, dict[str, object]]:
    """Import the package of a classic project as its script ``run_crew`` does, and build its crew."""
    import tomllib

    script = tomllib.loads((root / "pyproject.toml").read_text())["project"]["scripts"]["run_crew"]
    package = script.split(".")[0]
    sys.path.insert(0, str(root / "src"))
    try:
        main = importlib.import_module(f"{package}.main")
        crew_class = next(value for value in vars(main).values() if inspect.isclass(value))
        return crew_class().crew(), dict(main.INPUTS)
    finally:
        sys.path.pop(0)
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]


def describe(crew: object) -> dict[str, object]:
    """Return the crew as CrewAI holds it."""
    return {
        "name": crew.name,
        "process": crew.process.value,
        "manager": crew.manager_agent.role if crew.manager_agent else None,
        "agents": [describe_agent(agent) for agent in crew.agents],
        "tasks": [describe_task(task) for task in crew.tasks],
    }


def describe_agent(agent: object) -> dict[str, object]:
    """Return what CrewAI knows about an agent."""
    return {
        "role": agent.role,
        "goal": agent.goal,
        "backstory": agent.backstory,
        "tools": [tool_name(tool) for tool in agent.tools or []],
        "apps": sorted(agent.apps or []),
        "allow_delegation": agent.allow_delegation,
        "max_iter": agent.max_iter,
    }


def describe_task(task: object) -> dict[str, object]:
    """Return what CrewAI knows about a task."""
    return {
        "name": task.name,
        "description": task.description,
        "expected_output": task.expected_output,
        "agent": task.agent.role if task.agent else None,
        "context": [other.name for other in task.context] if isinstance(task.context, list) else "all earlier tasks",
        "tools": [tool_name(tool) for tool in task.tools or []],
        "human_input": task.human_input,
        "async_execution": task.async_execution,
    }


def tool_name(tool: object) -> str:
    """Return the class of crewai_tools that a tool is, or is made from."""
    return next(cls.__name__ for cls in type(tool).__mro__ if cls.__module__.startswith("crewai_tools"))


def check_tools(file: Path) -> dict[str, object]:
    """Say for each tool of a catalog file what is wrong with its class or arguments; None when nothing is."""
    import yaml

    return {tool["key"]: tool_fault(tool) for tool in yaml.safe_load(file.read_text())["tools"]}


def tool_fault(tool: dict[str, object]) -> str | None:
    """Check that the class exists, takes the arguments and needs no others."""
    import crewai_tools

    made = getattr(crewai_tools, tool["crewai_class"], None)
    if made is None:
        return "no such class in crewai_tools"
    arguments = {name: ast.literal_eval(value) for name, value in tool.get("arguments", {}).items()}
    fields = getattr(made, "model_fields", {})
    signature = inspect.signature(made if inspect.isfunction(made) else made.__init__)
    known = {*fields, *signature.parameters}
    if unknown := set(arguments) - known:
        return f"takes no {unknown}"
    required = {name for name, field in fields.items() if field.is_required()}
    if inspect.isfunction(made):
        from crewai_core.platform_apps import PLATFORM_APPS

        foreign = [app for app in arguments["apps"] if app not in PLATFORM_APPS]
        return f"no such application: {foreign}" if foreign else None
    built_in = {"oxylabs_api", "config"} if tool["crewai_class"].startswith("Oxylabs") else set()
    missing = required - set(arguments) - built_in
    return f"also needs {missing}" if missing else None


if __name__ == "__main__":
    forbid_network()
    result = check_tools(Path(sys.argv[2])) if sys.argv[1] == "--tools" else build_all(Path(sys.argv[1]))
    json.dump(result, sys.stdout)
