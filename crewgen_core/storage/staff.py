"""The agents of a version and what they can do, as rows that can be searched and counted."""

from sqlalchemy import Connection, insert

from crewgen_core.models.crew import Agent, Crew
from crewgen_core.models.report import Report
from crewgen_core.storage import tables


def add_agents(connection: Connection, version_id: int, crew: Crew, report: Report) -> None:
    """Store each agent of a version with its skills."""
    used = {(cell.agent, cell.skill) for cell in report.coverage if cell.used}
    for position, agent in enumerate(crew.agents):
        agent_id: int = connection.execute(
            insert(tables.agents)
            .values(crew_version_id=version_id, position=position, **_write_agent(agent))
            .returning(tables.agents.c.id)
        ).scalar_one()
        capabilities = [
            {
                "agent_id": agent_id,
                "capability_name": skill.name,
                "capability_type": "skill",
                "proficiency_level": skill.proficiency,
                "verified": (agent.key, skill.name) in used,
            }
            for skill in agent.skills
        ]
        if capabilities:
            connection.execute(insert(tables.agent_capabilities), capabilities)


def _write_agent(agent: Agent) -> dict[str, object]:
    return {
        "key": agent.key,
        "role": agent.role,
        "goal": agent.goal,
        "backstory": agent.backstory,
        "tools": list(agent.tools),
        "model": agent.model,
        "allow_delegation": agent.allow_delegation,
        "max_iter": agent.max_iter,
    }
