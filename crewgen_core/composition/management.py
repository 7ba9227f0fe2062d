"""Writes the manager of a hierarchical crew."""

from collections.abc import Sequence

from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Manager


def write_manager(analysis: Analysis, agents: Sequence[Agent], why: str) -> Manager:
    """Return a manager for these workers, who is none of them; ``why`` says why the crew has one."""
    roles = ", ".join(agent.role for agent in agents)
    taken = {agent.key for agent in agents}
    return Manager(
        key=next(key for key in ("manager", "crew_manager", "the_crew_manager") if key not in taken),
        role=f"Coordinator for {analysis.subject}"[:200],
        goal=(
            f"Have {analysis.subject} delivered as asked: give each task to the agent whose trade it is, and join the "
            "results."
        ),
        backstory=(
            f"You lead a team of {len(agents)}: {roles}. You hand each of them what they need, send back what misses "
            "its acceptance conditions, and do none of the work yourself."
        ),
        why=why,
    )
