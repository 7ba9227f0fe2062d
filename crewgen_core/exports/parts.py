"""A crew as CrewAI takes it: tasks in an order that can be executed, tools as catalog entries, inputs, names.

What CrewAI refuses is settled here once for both kinds of project:

- a task comes after all tasks whose results it works from;
- an asynchronous task does not work from one that may still run, and at most one stands at the end (CrewAI 1.15,
  ``Crew.validate_async_task_cannot_include_sequential_async_tasks_in_context`` and
  ``validate_end_with_at_most_one_async_task``): such a task is executed in turn instead;
- in a hierarchical crew no task is asynchronous, as the one manager does them all (``Crew._get_agent_to_use``);
- an agent does one task at a time (``AgentExecutor.invoke``: "Executor is already running"): for each further task that
  it does at the same time there is a copy of it;
- the manager is not one of the agents;
- "{word}" in a text is a placeholder that must have a value: each one is given itself as its default value, so that the
  text stays as it is until somebody sets another value.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Tool
from crewgen_core.errors import CannotExport
from crewgen_core.models.crew import COPY, Agent, Crew, Manager, Task
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
    agents: tuple[Agent, ...]
    """The agents of the crew, each followed by its copies."""
    performers: Mapping[str, str | None]
    """Key of the agent, or of its copy, that does a task, by key of the task."""
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
        tasks = (task for task in self.tasks if self.performers[task.key] == agent.key)
        keys = [*agent.tools, *(key for task in tasks for key in task.tools)]
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
    asynchronous = frozenset[str]() if crew.process == "hierarchical" else _asynchronous(order)
    copies = _count_copies(order, asynchronous)
    agents = tuple(_copy(crew, agent, n) for agent in crew.agents for n in range(copies.get(agent.key, 0) + 1))
    return CrewParts(crew, order, asynchronous, agents, _performers(crew, order, asynchronous), catalog, run_model)


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


def _turns(order: tuple[Task, ...], asynchronous: frozenset[str]) -> Iterator[tuple[Task, int]]:
    """Return each task with the number of tasks that its agent does already when it starts."""
    busy = Counter[str | None]()
    for task in order:
        if task.key not in asynchronous:
            busy.clear()  # it waits for all that still run
        yield task, busy[task.agent] if task.agent is not None else 0
        if task.key in asynchronous:
            busy[task.agent] += 1


def _count_copies(order: tuple[Task, ...], asynchronous: frozenset[str]) -> Mapping[str | None, int]:
    most: dict[str | None, int] = {}
    for task, turn in _turns(order, asynchronous):
        most[task.agent] = max(most.get(task.agent, 0), turn)
    return most


def _performers(crew: Crew, order: tuple[Task, ...], asynchronous: frozenset[str]) -> dict[str, str | None]:
    agents = {agent.key: agent for agent in crew.agents}
    return {
        task.key: _copy(crew, agents[task.agent], turn).key if task.agent is not None else None
        for task, turn in _turns(order, asynchronous)
    }


def _copy(crew: Crew, agent: Agent, number: int) -> Agent:
    """Return the copy of an agent with this number; 0 is the agent itself."""
    if not number:
        return agent
    key = f"{agent.key}{COPY}{number + 1}"
    while crew.agent(key) is not None:
        key += COPY
    return agent.model_copy(update={"key": key})


def _granted(crew: Crew) -> tuple[str, ...]:
    parts: list[Agent | Task] = [*crew.agents, *crew.tasks]
    return tuple(dict.fromkeys(key for part in parts for key in part.tools))
