"""Keeps a team to those who have work, and to its limit."""

from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.models.crew import Agent, Task


def drop_idle_agents(work: CrewInWork) -> None:
    """Drop the agents that have no task."""
    for agent in list(work.agents.values()):
        if not any(task.agent == agent.key for task in work.tasks.values()):
            del work.agents[agent.key]
            work.note(f'The agent "{shown(agent.role)}" had no task and was left out.')


def limit_team(work: CrewInWork, most: int) -> None:
    """Keep the agents with the most work; each task of another goes to the one that has most of its skills.

    In doubt it goes to the one with the least work.
    """
    if len(work.agents) <= most:
        return
    ranked = sorted(work.agents.values(), key=lambda agent: -work.minutes_of(agent.key))
    gone = {agent.key: agent for agent in ranked[most:]}
    work.agents = {key: agent for key, agent in work.agents.items() if key not in gone}
    for task in list(work.tasks.values()):
        if task.agent in gone:
            work.set_task(task, agent=_heir(task, gone[task.agent], work).key)
    roles = ", ".join(f'"{shown(agent.role)}"' for agent in gone.values())
    work.note(f"At most {most} agents were wanted: the tasks of {roles} went to the others.")


def _heir(task: Task, gone: Agent, work: CrewInWork) -> Agent:
    skills = {level.name for level in gone.skills} | set(task.skills)

    def fitness(agent: Agent) -> tuple[int, float]:
        return len(skills & {level.name for level in agent.skills}), -work.minutes_of(agent.key)

    return max(work.agents.values(), key=fitness)
