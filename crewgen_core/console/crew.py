"""Writes crews as text for a terminal."""

from crewgen_core.console.terminal import wrap, write_note
from crewgen_core.models.crew import Crew


def describe_crew(crew: Crew) -> str:
    """Return who does what in which order, and what waits for what."""
    lines = [f"Agents ({len(crew.agents)}), {crew.process} process, {crew.coordination} coordination"]
    if crew.manager:
        lines.append(wrap(f"Manager: {crew.manager.role}", 2))
    for agent in crew.agents:
        skills = ", ".join(f"{skill.name} {skill.proficiency}" for skill in agent.skills)
        lines += [
            wrap(agent.role or agent.key, 2),
            *write_note("skills: ", skills),
            *write_note("tools: ", agent.tools),
        ]
    numbers = {task.key: str(number) for number, task in enumerate(crew.tasks, 1)}
    lines += ["", f"Tasks ({len(crew.tasks)}), in order"]
    for task in crew.tasks:
        after = [numbers.get(key, key) for key in task.depends_on]
        facts = [f"by {_role_of(crew, task.agent)}", f"{task.human_minutes:g} min of human work"]
        facts += [f"after {', '.join(after)}"] if after else []
        facts += ["a person confirms the result"] if task.human_input else []
        lines += [wrap(f"{numbers[task.key]}. {task.name or task.key}", 2, 5), wrap("; ".join(facts), 5)]
    return "\n".join(lines)


def _role_of(crew: Crew, key: str | None) -> str:
    agent = crew.agent(key)
    if agent:
        return agent.role or agent.key
    if key is None:
        return "whom the manager chooses" if crew.process == "hierarchical" else "no agent"
    return f"{key}, who is not in the crew"
