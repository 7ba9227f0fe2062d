"""Structure, first group: are the parts there, have they names, and does everybody have work?"""

from collections import Counter
from collections.abc import Iterator

from rapidfuzz import fuzz

from crewgen_core.models.change import Change
from crewgen_core.models.crew import Agent, Task
from crewgen_core.validation import fixes
from crewgen_core.validation.asynchronous import settle_async
from crewgen_core.validation.context import Context
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import flatten_role, shorten

CLOSE_NAME = 85
"""Likeness of two names, 0 to 100, from which one is taken for a slip of the other [assumption]."""


def agents_missing(context: Context) -> Iterator[Fault]:
    """CrewAI builds no crew without agents, and an empty crew that is stored as if it were complete hides that
    something went wrong before."""
    if not context.crew.agents:
        yield Fault("crew", "The crew has no agents, so nobody can do anything. Add at least one agent.")


def tasks_missing(context: Context) -> Iterator[Fault]:
    """CrewAI ends a crew without tasks with "No task outputs available" (crew.py, ``_create_crew_output``)."""
    if not context.crew.tasks:
        yield Fault("crew", "The crew has no tasks, so a run would end without a result. Add at least one task.")


def agent_key_twice(context: Context) -> Iterator[Fault]:
    """Tasks name their agent by key; with two of the same key, nobody can tell who is meant, and an exported project
    has one file for both."""
    fix = None
    for key, count in Counter(agent.key for agent in context.crew.agents).items():
        if count > 1:
            fix = fix or _rename_agents(context)
            yield Fault(
                f"agent:{key}",
                f'{count} agents have the key "{shorten(key)}", so a task that names it could mean any of them. '
                "Give each agent a key of its own.",
                fix,
            )


def task_key_twice(context: Context) -> Iterator[Fault]:
    """Dependencies name tasks by key; with two of the same key the graph is ambiguous, and an exported project loses
    one of them."""
    fix = None
    for key, count in Counter(task.key for task in context.crew.tasks).items():
        if count > 1:
            fix = fix or _rename_tasks(context)
            yield Fault(
                f"task:{key}",
                f'{count} tasks have the key "{shorten(key)}", so a dependency on it could mean any of them. '
                "Give each task a key of its own.",
                fix,
            )


def key_unusable(context: Context) -> Iterator[Fault]:
    """A key becomes a file name in a CrewAI project and an address in a change: a blank one or one with a slash is
    neither."""
    agents = [agent.key for agent in context.crew.agents if _is_unusable(agent.key)]
    tasks = [task.key for task in context.crew.tasks if _is_unusable(task.key)]
    if not agents and not tasks:
        return
    fix = _rename_unusable(context)
    for kind, keys in (("agent", agents), ("task", tasks)):
        for key in dict.fromkeys(keys):
            yield Fault(
                f"{kind}:{key}",
                f'The {kind} key "{shorten(key)}" is blank or has a slash, so it cannot become a file name in a CrewAI '
                "project. Use letters, digits and underscores.",
                fix,
            )


def agent_not_set(context: Context) -> Iterator[Fault]:
    """CrewAI refuses a sequential crew with a task that has no agent ("missing_agent_in_task", crew.py); only a
    manager may decide who does a task."""
    if context.crew.process != "sequential":
        return
    for task in context.crew.tasks:
        if task.agent is None:
            yield Fault(
                f"task:{task.key}",
                f'No agent is set for the task "{_label(task)}". In a sequential crew nobody else decides, and CrewAI '
                "refuses to start: choose its agent.",
                _assign_closest(context, task),
            )


def agent_unknown(context: Context) -> Iterator[Fault]:
    """A task that names an agent who is not in the crew cannot be built (MAST: disobeying the role specification
    starts with roles that do not exist)."""
    for task in context.crew.tasks:
        if task.agent is not None and task.agent not in context.agents:
            yield Fault(
                f"task:{task.key}",
                f'The task "{_label(task)}" names the agent "{shorten(task.agent)}", which is not among the agents of '
                "this crew. Choose an agent that exists, or add this one.",
                _resolve_agent(context, task),
            )


def role_blank(context: Context) -> Iterator[Fault]:
    """CrewAI introduces an agent to the model by its role, and co-workers address it by it: without one it can neither
    act nor be asked."""
    for agent in context.crew.agents:
        if not agent.role.strip():
            role = _free_role(context, agent.key)
            yield Fault(
                f"agent:{agent.key}",
                f'The agent "{shorten(agent.key)}" has no role. The role is how the model knows who it is and how '
                "co-workers address it: give it a job title.",
                fixes.change(
                    f'Call it "{role}"', "The role is taken from its key.", fixes.edit_agent(context, agent, role=role)
                ),
            )


def agent_idle(context: Context) -> Iterator[Fault]:
    """In a sequential crew an agent without a task never runs: it only suggests a competence that is not used, and it
    confuses the agents that may delegate."""
    if context.crew.process != "sequential" or not context.crew.tasks:
        return
    for agent in context.crew.agents:
        if not context.tasks_of[agent.key]:
            yield Fault(
                f"agent:{agent.key}",
                f'The agent "{shorten(agent.role or agent.key)}" has no task, so it never runs. Give it a task, or '
                "take "
                "it out.",
                fixes.change(
                    f'Take out "{shorten(agent.role or agent.key)}"',
                    "It has no task in a sequential crew.",
                    fixes.remove_agent(context, agent),
                ),
            )


def task_name_twice(context: Context) -> Iterator[Fault]:
    """Two tasks of one name cannot be told apart in logs, charts and reviews; MAST's most frequent failure is a step
    done twice (15.7 % of failures, arXiv 2503.13657)."""
    counts = Counter(task.name.strip().casefold() for task in context.crew.tasks)
    taken = set(counts)
    seen: set[str] = set()
    for task in context.crew.tasks:
        name = task.name.strip().casefold()
        if not name or counts[name] == 1:
            continue
        if name in seen:
            new = _number_name(task.name, taken)
            taken.add(new.casefold())
            yield Fault(
                f"task:{task.key}",
                f'Another task is called "{_label(task)}" too, so logs and charts cannot tell them apart. Say in the '
                "name what is different.",
                fixes.change(
                    f'Rename it to "{shorten(new)}"',
                    "Names tell tasks apart.",
                    fixes.edit_task(context, task, name=new),
                ),
            )
        seen.add(name)


def task_name_blank(context: Context) -> Iterator[Fault]:
    """People follow a run by the names of its tasks; a blank one leaves a hole in every list and chart."""
    taken = {task.name.strip().casefold() for task in context.crew.tasks}
    for task in context.crew.tasks:
        if not task.name.strip():
            name = _number_name(_title(task.key), taken) if _title(task.key).casefold() in taken else _title(task.key)
            taken.add(name.casefold())
            yield Fault(
                f"task:{task.key}",
                f'The task "{shorten(task.key)}" has no name to follow a run by. Name it with a short command.',
                fixes.change(
                    f'Call it "{shorten(name)}"',
                    "The name is taken from its key.",
                    fixes.edit_task(context, task, name=name),
                ),
            )


def _is_unusable(key: str) -> bool:
    return not key.strip() or "/" in key


def _label(task: Task) -> str:
    return shorten(task.name.strip() or task.key)


def _title(key: str) -> str:
    return " ".join(key.replace("_", " ").replace("-", " ").split()).capitalize() or "Task"


def _number_name(name: str, taken: set[str]) -> str:
    base = name.strip()[:490]
    return next(new for i in range(2, len(taken) + 3) if (new := f"{base} ({i})").casefold() not in taken)


def _free_role(context: Context, key: str) -> str:
    """Return a job title from a key that neither the manager nor another agent has."""
    taken = {flatten_role(agent.role) for agent in context.crew.agents}
    if context.crew.manager:
        taken.add(flatten_role(context.crew.manager.role))
    base = " ".join(key.replace("_", " ").replace("-", " ").split()).title() or "Specialist"
    return next(
        role for i in range(1, len(taken) + 3) if flatten_role(role := base if i == 1 else f"{base} {i}") not in taken
    )


def _rename_agents(context: Context) -> Change | None:
    taken, seen = set(context.names), set[str]()
    agents: list[Agent] = []
    for agent in context.crew.agents:
        key = fixes.make_key(agent.key, taken) if agent.key in seen else agent.key
        taken.add(key)
        seen.add(agent.key)
        agents.append(agent.model_copy(update={"key": key}))
    return fixes.change(
        "Give every agent a key of its own", "Tasks stay with the first agent of the key.", fixes.replace_agents(agents)
    )


def _rename_tasks(context: Context) -> Change | None:
    taken, seen = set(context.names), set[str]()
    tasks: list[Task] = []
    for task in context.crew.tasks:
        key = fixes.make_key(task.key, taken) if task.key in seen else task.key
        taken.add(key)
        seen.add(task.key)
        tasks.append(task.model_copy(update={"key": key}))
    return fixes.change(
        "Give every task a key of its own",
        "Dependencies stay with the first task of the key.",
        fixes.replace_tasks(settle_async(tasks)),
    )


def _rename_unusable(context: Context) -> Change | None:
    """Rename every unusable key of agents and tasks, with the references to it."""
    taken = set(context.names)
    renamed: dict[str, dict[str, str]] = {"agent": {}, "task": {}}
    for kind, parts in (("agent", context.crew.agents), ("task", context.crew.tasks)):
        for part in parts:
            if _is_unusable(part.key) and part.key not in renamed[kind]:
                renamed[kind][part.key] = key = fixes.make_key(
                    part.key.replace("/", "_") if part.key.strip() else kind, taken
                )
                taken.add(key)
    agents = (
        agent.model_copy(update={"key": renamed["agent"].get(agent.key, agent.key)}) for agent in context.crew.agents
    )
    tasks = (
        task.model_copy(
            update={
                "key": renamed["task"].get(task.key, task.key),
                "agent": renamed["agent"].get(task.agent, task.agent) if task.agent else task.agent,
                "depends_on": tuple(renamed["task"].get(key, key) for key in task.depends_on),
            }
        )
        for task in context.crew.tasks
    )
    return fixes.change(
        "Replace the unusable keys",
        "What names them is renamed with them.",
        fixes.join_edits(fixes.replace_agents(agents), fixes.replace_tasks(tasks)),
    )


def _assign_closest(context: Context, task: Task) -> Change | None:
    agent = context.closest_agent(task, context.crew.agents)
    if agent is None:
        return None
    return fixes.change(
        f'Give it to "{shorten(agent.role or agent.key)}"',
        "Of this crew's agents, its skills and words fit the task best.",
        fixes.edit_task(context, task, agent=agent.key),
    )


def _resolve_agent(context: Context, task: Task) -> Change | None:
    """Take the agent whose key or role is almost the name; else let the manager decide, or take the closest."""
    name = flatten_role(task.agent or "")
    for agent in context.crew.agents:
        if max(fuzz.ratio(name, flatten_role(agent.key)), fuzz.ratio(name, flatten_role(agent.role))) >= CLOSE_NAME:
            return fixes.change(
                f'Give it to "{shorten(agent.role or agent.key)}"',
                f'"{shorten(task.agent or "")}" looks like another spelling of it.',
                fixes.edit_task(context, task, agent=agent.key),
            )
    if context.crew.process == "hierarchical":
        return fixes.change(
            "Let the manager choose the agent",
            "In a hierarchical crew it may.",
            fixes.edit_task(context, task, agent=None),
        )
    return _assign_closest(context, task)
