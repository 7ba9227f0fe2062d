"""Keeps a team to those who have work, neither more of them than the work bears nor one for everything."""

from collections import defaultdict

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.coverage import find_ground, seat
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.likeness import is_review
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Crew, Task

MOST_AGENTS = 12
"""More than this no objective of a page needs; an answer that has more ran away [assumption]."""

ALWAYS_ROOM_FOR = 4
"""So many agents a model may have, however small the draft: a group that works well together is three or four (Kim et
al., arXiv 2512.08296 v3; docs/estimator.md)."""

MORE_THAN_DRAFTED = 2
"""So many agents beyond the draft's a model may see a need for. The draft's team is the fewest that cover the skills
(``team``), each of which must be worth its price [assumption]."""

TOO_MANY_DESKS = 3
"""An agent that does the work of so many of the draft's agents is one for everything [assumption]."""

_NAMED = 4
"""Agents that a note names; more are counted."""


def most_agents(analysis: Analysis, built_in: Crew) -> int:
    """Return how many agents the crew may have: what the person allows, at most a few more than the draft."""
    wanted = analysis.constraints.max_agents or MOST_AGENTS
    return min(wanted, max(ALWAYS_ROOM_FOR, len(built_in.agents) + MORE_THAN_DRAFTED), MOST_AGENTS)


def drop_idle_agents(work: CrewInWork) -> None:
    """Drop the agents that have no task."""
    for agent in list(work.agents.values()):
        if not any(task.agent == agent.key for task in work.tasks.values()):
            del work.agents[agent.key]
            work.note(f'The agent "{shown(agent.role)}" had no task and was left out.')


def split_work(work: CrewInWork, built_in: Crew, catalog: Catalog, most: int) -> None:
    """Take work from an agent for everything: one that does what several agents of the draft do, beside checking.

    Its own part is the one with the most work; each other goes to the agent that the draft has for it.
    """
    doers = {task.agent for task in work.tasks.values() if not is_review(task, catalog)}
    for agent in list(work.agents.values()):
        desks = _desks_of(agent, work, built_in, catalog)
        if len(desks) < (2 if len(doers) == 1 else TOO_MANY_DESKS):
            continue
        for tasks in sorted(desks.values(), key=lambda tasks: -sum(task.human_minutes for task, _ in tasks))[1:]:
            other = seat(tasks[0][1], work, built_in, most)
            if other.key == agent.key:
                continue
            for task, _ in tasks:
                work.set_task(task, agent=other.key)
            work.note(f'"{shown(agent.role)}" had too many kinds of work; "{shown(other.role)}" does a part of it.')


def limit_team(work: CrewInWork, most: int, wanted: int | None) -> None:
    """Keep the agents with the most work; each task of another goes to the one that has most of its skills.

    In doubt it goes to the one with the least work. ``wanted`` is the limit that the person set.
    """
    if len(work.agents) <= most:
        return
    ranked = sorted(work.agents.values(), key=lambda agent: -work.minutes_of(agent.key))
    gone = {agent.key: agent for agent in ranked[most:]}
    work.agents = {key: agent for key, agent in work.agents.items() if key not in gone}
    for task in list(work.tasks.values()):
        if task.agent in gone:
            work.set_task(task, agent=_heir(task, gone[task.agent], work).key)
    names = [f'"{shown(agent.role)}"' for agent in gone.values()]
    roles = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    agents = "one agent" if most == 1 else f"{most} agents"
    why = f"No more than {agents} may be in the crew" if most == wanted else f"The work needs no more than {agents}"
    work.note(f"{why}: the tasks of {roles} went to the others.")


def _desks_of(
    agent: Agent, work: CrewInWork, built_in: Crew, catalog: Catalog
) -> dict[str | None, list[tuple[Task, Task]]]:
    """Return the agent's tasks, with the built-in ones that they are like, by the agent that the draft has for them."""
    desks: dict[str | None, list[tuple[Task, Task]]] = defaultdict(list)
    for task in work.tasks.values():
        ground = find_ground(task, work, built_in, catalog) if task.agent == agent.key else None
        if ground and not is_review(task, catalog):
            desks[ground.agent].append((task, ground))
    return desks


def _heir(task: Task, gone: Agent, work: CrewInWork) -> Agent:
    skills = {level.name for level in gone.skills} | set(task.skills)

    def fitness(agent: Agent) -> tuple[int, float]:
        return len(skills & {level.name for level in agent.skills}), -work.minutes_of(agent.key)

    return max(work.agents.values(), key=fitness)
