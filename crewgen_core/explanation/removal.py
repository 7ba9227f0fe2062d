"""Takes one part out of a crew, and lets the rest close the gap as a sensible person would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crewgen_core.explanation.parts import Part, name_agent, name_task
from crewgen_core.explanation.sentences import list_names
from crewgen_core.models.crew import Agent, Coordination, Crew, Manager, Task
from crewgen_core.validation.context import Context
from crewgen_core.validation.fixes import make_key


@dataclass(frozen=True)
class Removal:
    """A crew without one of its parts."""

    crew: Crew
    title: str
    """What was done, in a sentence."""
    heirs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Key of the agent that each task of a removed agent goes to."""


def remove(part: Part, context: Context) -> Removal:
    """Return the crew without the part.

    A task hands its sources on to the tasks that worked from it; an agent that has nothing else to do goes with it. The
    tasks of an agent go to whoever fits each best; without anybody else, nobody does them. A tool goes from the task,
    and from its agent unless another of its tasks uses it; a tool of an agent goes from all its tasks. A hierarchical
    crew without its manager runs in sequence. The process is not removed but changed to the other one; what runs at the
    same time is then run one after the other.
    """
    removers: dict[str, Callable[[Part, Context], Removal]] = {
        "task": _remove_task,
        "agent": _remove_agent,
        "tool": _remove_tool,
        "manager": _remove_manager,
        "process": _change_process,
    }
    return removers[part.kind](part, context)


def _remove_task(part: Part, context: Context) -> Removal:
    """Take the task out, and with it an agent that has nothing else to do, unless it is the last one."""
    crew, gone = context.crew, part.task
    if gone is None:
        return Removal(crew, "")
    left = tuple(task for task in crew.tasks if task is not gone)
    if any(task.key == gone.key for task in left):
        return Removal(crew.model_copy(update={"tasks": left}), "The task is taken out.")
    followed = any(gone.key in task.depends_on for task in left)
    kept = tuple(_skip(gone, task) if followed else _come_last(gone, task) for task in left)
    idle = part.agent if part.agent and len(crew.agents) > 1 and len(crew.tasks_of(part.agent.key)) == 1 else None
    agents = tuple(agent for agent in crew.agents if agent is not idle)
    with_it = f", and “{name_agent(idle)}” with it, which has no other task" if idle else ""
    title = f"The task is taken out{with_it}.{_say_followers(gone, left, context)}"
    return Removal(crew.model_copy(update={"tasks": kept, "agents": agents}), title)


def _say_followers(gone: Task, left: tuple[Task, ...], context: Context) -> str:
    """Say what the tasks behind a removed one work from then."""
    followers = [name_task(task) for task in left if gone.key in task.depends_on]
    if not followers:
        return ""
    works, has = ("works", "has") if len(followers) == 1 else ("work", "have")
    sources = [name_task(context.tasks[key]) for key in gone.depends_on if key in context.tasks and key != gone.key]
    then = f"{works} from {list_names(sources)} instead" if sources else f"{has} one thing less to work from"
    return f" {list_names(followers)} then {then}."


def _skip(gone: Task, task: Task) -> Task:
    """Return a task that works from what the removed one worked from, instead of from its result."""
    if gone.key not in task.depends_on:
        return task
    sources = [key for own in task.depends_on for key in (gone.depends_on if own == gone.key else (own,))]
    kept = tuple(dict.fromkeys(key for key in sources if key not in (gone.key, task.key)))
    return task.model_copy(update={"depends_on": kept})


def _come_last(gone: Task, task: Task) -> Task:
    """Return a task that ends the crew in the removed one's place: of such, CrewAI lets one at most be asynchronous."""
    return task.model_copy(update={"async_execution": False}) if task.key in gone.depends_on else task


def _remove_agent(part: Part, context: Context) -> Removal:
    crew, gone = context.crew, part.agent
    if gone is None:
        return Removal(crew, "")
    left = tuple(agent for agent in crew.agents if agent is not gone)
    if any(agent.key == gone.key for agent in left) or not crew.tasks_of(gone.key):
        return Removal(crew.model_copy(update={"agents": left}), "The agent is taken out.")
    others = [agent for agent in context.agents.values() if agent.key != gone.key]
    heirs = {task.key: _heir(task, others, context) for task in context.tasks_of[gone.key]}
    tasks = tuple(
        task.model_copy(update={"agent": heir.key if (heir := heirs.get(task.key)) else None})
        if task.agent == gone.key
        else task
        for task in crew.tasks
    )
    if crew.process == "hierarchical":
        left = tuple(_hand_tools(agent, heirs, context) for agent in left)
    title = f"The agent is taken out, and {_say_heirs(heirs, context)}."
    known = {key: heir.key for key, heir in heirs.items() if heir}
    return Removal(crew.model_copy(update={"agents": left, "tasks": tasks}), title, known)


def _heir(task: Task, others: list[Agent], context: Context) -> Agent | None:
    """Return who takes a task over: whoever fits it best among those that need not check their own work then."""
    if task.key in context.reviews:
        clashing = {context.tasks[key].agent for key in task.depends_on if key in context.tasks}
    else:
        clashing = {context.tasks[key].agent for key in context.reviews if task.key in context.tasks[key].depends_on}
    apart = [agent for agent in others if agent.key not in clashing]
    return context.closest_agent(task, apart or others)


def _hand_tools(agent: Agent, heirs: Mapping[str, Agent | None], context: Context) -> Agent:
    """Grant an heir the tools of what it takes over: in a hierarchical crew a task's own tools are not handed over."""
    taken = [tool for key, heir in heirs.items() if heir and heir.key == agent.key for tool in context.tasks[key].tools]
    return agent.model_copy(update={"tools": tuple(dict.fromkeys((*agent.tools, *taken)))}) if taken else agent


def _say_heirs(heirs: Mapping[str, Agent | None], context: Context) -> str:
    shares: dict[str, list[str]] = {}
    for key, heir in heirs.items():
        shares.setdefault(name_agent(heir), []).append(name_task(context.tasks[key]))
    if len(shares) == 1:
        (heir,) = shares
        goes, they = ("goes", "its task") if len(heirs) == 1 else ("go", f"its {len(heirs)} tasks")
        return f"{they} {goes} to {list_names([heir]) if any(heirs.values()) else 'nobody'}"
    return "; ".join(
        f"{list_names(names)} {_goes(len(names))} to {list_names([heir])}" for heir, names in shares.items()
    )


def _remove_tool(part: Part, context: Context) -> Removal:
    crew, tool = context.crew, part.tool
    mine = (part.task,) if part.task else crew.tasks_of(part.agent.key) if part.agent else ()
    tasks = tuple(_without(tool, task) if task in mine else task for task in crew.tasks)
    still = part.task and any(tool in t.tools for t in tasks if part.agent and t.agent == part.agent.key)
    agents = crew.agents
    if part.agent and not still:
        agents = tuple(_without_of(tool, agent) if agent is part.agent else agent for agent in crew.agents)
    return Removal(crew.model_copy(update={"agents": agents, "tasks": tasks}), "The tool is taken back.")


def _without(tool: str, task: Task) -> Task:
    return task.model_copy(update={"tools": tuple(own for own in task.tools if own != tool)})


def _without_of(tool: str, agent: Agent) -> Agent:
    return agent.model_copy(update={"tools": tuple(own for own in agent.tools if own != tool)})


def _remove_manager(part: Part, context: Context) -> Removal:
    crew = context.crew
    if crew.process == "sequential":
        return Removal(crew.model_copy(update={"manager": None}), "The manager is taken out.")
    agents = list(context.agents.values())
    tasks = tuple(
        task
        if task.agent or not agents
        else task.model_copy(update={"agent": (heir := context.closest_agent(task, agents)) and heir.key})
        for task in crew.tasks
    )
    plain = crew.model_copy(update={"process": "sequential", "manager": None, "tasks": tasks})
    title = "The tasks run in sequence, each done by its agent, without a manager."
    return Removal(plain.model_copy(update={"coordination": _label(plain)}), title)


def _change_process(part: Part, context: Context) -> Removal:
    crew = context.crew
    if crew.process == "hierarchical":
        return _remove_manager(part, context)
    if any(task.async_execution for task in crew.tasks):
        tasks = tuple(task.model_copy(update={"async_execution": False}) for task in crew.tasks)
        plain = crew.model_copy(update={"tasks": tasks})
        title = "All tasks run one after the other, none at the same time."
        return Removal(plain.model_copy(update={"coordination": _label(plain)}), title)
    manager = crew.manager or Manager(key=make_key("manager", context.names))
    led = {"process": "hierarchical", "coordination": "hierarchical", "manager": manager}
    return Removal(crew.model_copy(update=led), "A manager gives out the tasks and looks at each result.")


def _label(crew: Crew) -> Coordination:
    """Return what the coordination of a sequential crew is called."""
    if any(task.async_execution for task in crew.tasks):
        return "parallel"
    return "solo" if len(crew.agents) == 1 else "sequential"


def _goes(count: int) -> str:
    return "goes" if count == 1 else "go"
