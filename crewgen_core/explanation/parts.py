"""The parts of a crew that can be asked about, by path: agents, tasks, their tools, the manager, the process."""

from collections.abc import Iterator
from dataclasses import dataclass

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import NotFound
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.explanation import PartKind
from crewgen_core.validation.context import Context

MOST_SHOWN = 80
"""Characters of a path that an error repeats."""

_TOOLS = "/tools/"


@dataclass(frozen=True)
class Part:
    """One part of a crew. Of parts with the same key, the first is meant."""

    path: str
    kind: PartKind
    name: str
    agent: Agent | None = None
    """The agent, or the one whose tool it is; for a task, who does it."""
    task: Task | None = None
    """The task, or the one whose tool it is; None for an agent and its tools."""
    tool: str = ""

    @property
    def where(self) -> str:
        """The place that findings name: "task:KEY", "agent:KEY", "manager" or "crew"."""
        if self.task:
            return f"task:{self.task.key}"
        if self.agent:
            return f"agent:{self.agent.key}"
        return "manager" if self.kind == "manager" else "crew"


def find_part(crew: Crew, path: str, catalog: Catalog) -> Part:
    """Return the part with this path. Raises NotFound."""
    found = next((part for part in list_parts(crew, catalog) if part.path == path), None)
    if found is None:
        shown = path if len(path) <= MOST_SHOWN else f"{path[:MOST_SHOWN]}…"
        raise NotFound(
            f'This crew has no part "{shown}".',
            "Parts are named agents/KEY, tasks/KEY, agents/KEY/tools/TOOL, tasks/KEY/tools/TOOL, manager and process.",
        )
    return found


def list_parts(crew: Crew, catalog: Catalog) -> Iterator[Part]:
    """Yield every part, each path once: process, manager, agents and tasks in order, each with its tools."""
    seen: set[str] = set()
    for part in _all_parts(crew, catalog):
        if part.path not in seen:
            seen.add(part.path)
            yield part


def name_agent(agent: Agent | None) -> str:
    """Return what people call an agent."""
    return (agent.role.strip() or agent.key) if agent else "nobody"


def name_task(task: Task) -> str:
    """Return what people call a task."""
    return task.name.strip() or task.key


def name_tool(tool: str, catalog: Catalog) -> str:
    """Return what people call a tool; one that the catalog does not know keeps its key."""
    entry = catalog.tools.get(tool)
    return entry.name if entry else tool


def is_check(task: Task, context: Context) -> bool:
    """True for a task that reviews the results of others; reviewing what a person brings is work like any other."""
    return task.key in context.reviews and any(key in context.tasks for key in task.depends_on)


def _all_parts(crew: Crew, catalog: Catalog) -> Iterator[Part]:
    yield Part("process", "process", f"{crew.process} process, {crew.coordination} coordination")
    if crew.manager:
        yield Part("manager", "manager", crew.manager.role.strip() or crew.manager.key)
    for agent in crew.agents:
        path = f"agents/{agent.key}"
        yield Part(path, "agent", name_agent(agent), agent)
        for tool in agent.tools:
            yield Part(f"{path}{_TOOLS}{tool}", "tool", name_tool(tool, catalog), agent, tool=tool)
    for task in crew.tasks:
        path, agent = f"tasks/{task.key}", crew.agent(task.agent)
        yield Part(path, "task", name_task(task), agent, task)
        for tool in task.tools:
            yield Part(f"{path}{_TOOLS}{tool}", "tool", name_tool(tool, catalog), agent, task, tool)
