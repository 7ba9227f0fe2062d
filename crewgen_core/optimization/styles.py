"""The ways of working together that are compared: each with its own token costs and its own effect on success.

Only what an estimate knows a figure for is compared. Collaboration (agents that may delegate to each other) is kept
where a crew has it and never suggested: CrewAI's delegation loops are a known fault (rule CG145).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crewgen_core.models.crew import Agent, Coordination, Crew, Manager, Oversight, SkillLevel
from crewgen_core.models.optimization import Limits

MANAGED: tuple[Oversight, ...] = ("light", "moderate", "intensive")
"""Levels of oversight at which a manager reviews more and more of the results."""

MOST_UNDER_A_MANAGER = 4
"""Agents that a manager is suggested for: beyond three or four the gain of a talking group levels off (Kim et al.,
arXiv 2512.08296 v3)."""


@dataclass(frozen=True)
class Style:
    """One way of working together, and the crew in it."""

    name: str
    """What people read: "one after the other"."""
    crew: Crew
    at_once: bool = False
    """True where tasks may run at the same time in any layout that CrewAI allows; else they run as the crew has it."""
    most_agents: int | None = None


def list_styles(crew: Crew, limits: Limits, workers: Mapping[str, str]) -> Iterator[Style]:
    """Yield the ways of working that the limits allow, the crew's own first.

    ``workers`` are the keys of the agents that do tasks for which the crew leaves the choice to its manager.
    """
    yield Style("as it is", crew)
    flat = _without_manager(crew, workers)
    if not limits.keep_process:
        if crew.process == "hierarchical":
            yield Style("one after the other", flat)
        yield from _managed(crew)
    elif crew.process == "hierarchical":
        return
    if not limits.keep_order:
        if _runs_at_once(crew):
            yield Style("one after the other", _in_a_row(flat))
        yield Style("side by side", flat.model_copy(update={"coordination": "parallel"}), at_once=True)


def merge_agents(crew: Crew) -> Crew:
    """Return the crew with one agent who does everything: the first, with the skills and tools of all."""
    if not crew.agents:
        return crew
    flat = _in_a_row(_without_manager(crew, {}))
    first = flat.agents[0]
    levels: dict[str, SkillLevel] = {}
    for skill in (skill for agent in flat.agents for skill in agent.skills):
        if skill.name not in levels or levels[skill.name].proficiency < skill.proficiency:
            levels[skill.name] = skill
    tools = dict.fromkeys(tool for agent in flat.agents for tool in agent.tools)
    single: Agent = first.model_copy(
        update={"skills": tuple(levels.values()), "tools": tuple(tools), "allow_delegation": False}
    )
    tasks = tuple(
        task.model_copy(update={"agent": single.key, "tools": task.tools or _tools_of(crew, task.agent)})
        for task in flat.tasks
    )
    return flat.model_copy(update={"agents": (single,), "tasks": tasks, "coordination": "solo"})


def _tools_of(crew: Crew, key: str | None) -> tuple[str, ...]:
    agent = crew.agent(key)
    return agent.tools if agent else ()


def _without_manager(crew: Crew, workers: Mapping[str, str]) -> Crew:
    """Return the crew in a sequential process, labelled as it then works, every task with an agent."""
    if crew.process == "sequential":
        return crew
    label: Coordination = "solo" if len(crew.agents) == 1 else "sequential"
    tasks = tuple(task.model_copy(update={"agent": task.agent or workers.get(task.key)}) for task in crew.tasks)
    return crew.model_copy(update={"process": "sequential", "coordination": label, "manager": None, "tasks": tasks})


def _managed(crew: Crew) -> Iterator[Style]:
    """Yield the crew under a manager at each level of oversight that it does not have already.

    Teams too large to talk to each other are left out (rule CG323), unless a manager leads the crew already.
    """
    size = len(crew.agents)
    if size < 2 or (size > MOST_UNDER_A_MANAGER and crew.process == "sequential"):
        return
    manager = crew.manager or write_manager(crew)
    for oversight in MANAGED:
        if crew.process == "hierarchical" and crew.oversight == oversight:
            continue
        managed = crew.model_copy(
            update={
                "process": "hierarchical",
                "coordination": "hierarchical",
                "oversight": oversight,
                "manager": manager,
                "tasks": tuple(task.model_copy(update={"async_execution": False}) for task in crew.tasks),
            }
        )
        most = max(size, MOST_UNDER_A_MANAGER)
        yield Style(f"under a manager, {oversight} oversight", managed, most_agents=most)


def write_manager(crew: Crew) -> Manager:
    """Return a manager for a crew that had none; its key is no agent's and no task's."""
    taken = {agent.key for agent in crew.agents} | {task.key for task in crew.tasks}
    roles = ", ".join(agent.role for agent in crew.agents)
    return Manager(
        key=next(
            key for key in ("manager", "crew_manager", *(f"manager_{n}" for n in range(1_000))) if key not in taken
        ),
        role="Crew Coordinator",
        goal="Have every task done by the agent whose trade it is, and every result checked before others build on it.",
        backstory=f"You lead {roles}. You hand out one task at a time with all it needs, hold each result against its "
        "expected output, and send back once, with the reason, what misses it."[:10_000],
        why="Hands out the work and checks it.",
    )


def _in_a_row(crew: Crew) -> Crew:
    tasks = tuple(task.model_copy(update={"async_execution": False}) for task in crew.tasks)
    label = "sequential" if crew.coordination == "parallel" else crew.coordination
    return crew.model_copy(update={"tasks": tasks, "coordination": label})


def _runs_at_once(crew: Crew) -> bool:
    return any(task.async_execution for task in crew.tasks)
