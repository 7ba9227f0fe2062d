"""A crew as CrewAI takes it: tasks in an order that can be executed, tools as catalog entries, inputs, names.

What CrewAI refuses is settled here once for both kinds of project:

- a task comes after all tasks whose results it works from;
- an asynchronous task does not work from one that may still run, and at most one stands at the end (CrewAI 1.15,
  ``Crew.validate_async_task_cannot_include_sequential_async_tasks_in_context`` and
  ``validate_end_with_at_most_one_async_task``): such a task is executed in turn instead;
- the manager is not one of the agents;
- "{word}" in a text is a placeholder that must have a value: each one is given itself as its default value, so that the
  text stays as it is until somebody sets another value.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Tool
from crewgen_core.errors import CannotExport
from crewgen_core.models.crew import Agent, Crew, Manager, Task
from crewgen_core.settings import DEFAULT_RUN_MODEL

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_\-]*)}")
"""CrewAI's own pattern (crewai/utilities/string_utils.py, 1.15)."""

DEFAULT_MANAGER = Manager(
    goal="Have every task done by the agent that fits it best, and accept only results that meet the expected output.",
    backstory="You give each agent what it needs to know, check what comes back and ask for corrections once.",
)
"""Coordinates a hierarchical crew that names no manager; CrewAI refuses one without."""


@dataclass(frozen=True)
class CrewParts:
    """A crew that can be written as a CrewAI project; made by ``take_apart``."""

    crew: Crew
    tasks: tuple[Task, ...]
    """In the order of execution."""
    asynchronous: frozenset[str]
    """Keys of the tasks that are executed asynchronously."""
    catalog: Catalog
    run_model: str
    """LiteLLM name of the model of every agent that names none."""

    @property
    def manager(self) -> Manager | None:
        """The manager of a hierarchical crew."""
        return (self.crew.manager or DEFAULT_MANAGER) if self.crew.process == "hierarchical" else None

    def tools_of(self, part: Agent | Task) -> tuple[Tool, ...]:
        """Return the tools to construct for an agent or a task.

        Applications of the CrewAI platform are not constructed but named by the agent (see ``apps_of``); only a task
        that no agent is assigned to has them here.
        """
        assigned = isinstance(part, Agent) or part.agent is not None
        tools = (self.catalog.tools[key] for key in dict.fromkeys(part.tools) if key in self.catalog.tools)
        return tuple(tool for tool in tools if not (assigned and tool.apps))

    def apps_of(self, agent: Agent) -> tuple[str, ...]:
        """Return the applications that the agent or one of its tasks may use."""
        keys = [*agent.tools, *(key for task in self.crew.tasks_of(agent.key) for key in task.tools)]
        tools = (self.catalog.tools[key] for key in dict.fromkeys(keys) if key in self.catalog.tools)
        return tuple(app for tool in tools for app in tool.apps)

    @cached_property
    def tools(self) -> tuple[Tool, ...]:
        """All tools that the crew is granted, once each."""
        return tuple(self.catalog.tools[key] for key in _granted(self.crew) if key in self.catalog.tools)

    @cached_property
    def unknown_tools(self) -> tuple[str, ...]:
        """Tools that the crew is granted but the catalog does not know; they are left out."""
        return tuple(key for key in _granted(self.crew) if key not in self.catalog.tools)

    @cached_property
    def inputs(self) -> dict[str, str]:
        """Every placeholder in a text, with itself as its value."""
        people = [*self.crew.agents, *([self.manager] if self.manager else [])]
        texts = [text for person in people for text in (person.role, person.goal, person.backstory)]
        texts += [text for task in self.tasks for text in (task.description, task.expected_output)]
        return {name: f"{{{name}}}" for text in texts for name in _PLACEHOLDER.findall(text)}

    @cached_property
    def models(self) -> tuple[str, ...]:
        """The models that agents and manager are set to, once each."""
        people = [*self.crew.agents, *([self.manager] if self.manager else [])]
        return tuple(dict.fromkeys(person.model for person in people if person.model))


def take_apart(crew: Crew, catalog: Catalog, run_model: str = DEFAULT_RUN_MODEL) -> CrewParts:
    """Return the crew in a form that CrewAI accepts.

    Raises CannotExport, naming the part, for a crew without agents or tasks, with a key that is there twice, with a
    reference to something that does not exist, with a cycle, or with a task that nobody does.
    """
    _check_keys("agent", [agent.key for agent in crew.agents])
    _check_keys("task", [task.key for task in crew.tasks])
    for task in crew.tasks:
        _check_references(crew, task)
    order = _execution_order(crew.tasks)
    return CrewParts(crew, order, _asynchronous(order), catalog, run_model)


def _check_keys(kind: str, keys: list[str]) -> None:
    if not keys:
        raise CannotExport(f"This crew has no {kind}s, and CrewAI needs at least one.")
    for key in keys:
        if keys.count(key) > 1:
            raise CannotExport(f'Two {kind}s of this crew have the key "{key}".')


def _check_references(crew: Crew, task: Task) -> None:
    if task.agent is None and crew.process == "sequential":
        raise CannotExport(f'Nobody does the task "{task.name}", and a sequential crew has no manager to assign it.')
    if task.agent is not None and crew.agent(task.agent) is None:
        raise CannotExport(f'The task "{task.name}" names the agent "{task.agent}", which this crew does not have.')
    for key in task.depends_on:
        if crew.task(key) is None:
            raise CannotExport(f'The task "{task.name}" depends on "{key}", which this crew does not have.')


def _execution_order(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Sort topologically, keeping the given order where nothing speaks against it."""
    waiting = list(tasks)
    done: dict[str, Task] = {}
    while waiting:
        ready = next((task for task in waiting if all(key in done for key in task.depends_on)), None)
        if ready is None:
            names = ", ".join(f'"{task.name}"' for task in waiting[:3])
            raise CannotExport(f"Tasks of this crew wait for each other in a circle: {names}.")
        waiting.remove(ready)
        done[ready.key] = ready
    return tuple(done.values())


def _asynchronous(order: tuple[Task, ...]) -> frozenset[str]:
    running: set[str] = set()
    chosen: set[str] = set()
    for task in order:
        if task.async_execution and not running.intersection(task.depends_on):
            running.add(task.key)
            chosen.add(task.key)
        else:
            running.clear()
    if len(running) > 1:
        chosen.discard(order[-1].key)
    return frozenset(chosen)


def _granted(crew: Crew) -> tuple[str, ...]:
    parts: list[Agent | Task] = [*crew.agents, *crew.tasks]
    return tuple(dict.fromkeys(key for part in parts for key in part.tools))
