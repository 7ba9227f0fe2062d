"""The agents of a version and what they can do, as rows that can be searched and counted."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from crewgen_core.models.crew import Agent, Crew
from crewgen_core.models.report import Report
from crewgen_core.storage.rows import add_rows, number_rows
from crewgen_core.storage.tables import crew_tables


def add_agents(connection: Connection, staff: Iterable[tuple[int, Crew, Report]], now: datetime) -> None:
    """Store each agent of versions with its skills; ``staff`` has the id of each version, its crew and report."""
    agents, skills = list[dict[str, object]](), list[list[dict[str, object]]]()
    for version_id, crew, report in staff:
        used = {(cell.agent, cell.skill) for cell in report.coverage if cell.used}
        for position, agent in enumerate(crew.agents):
            agents.append({"crew_version_id": version_id, "position": position, **_write_agent(agent)})
            skills.append([*_write_skills(agent, used, now)])
    ids = number_rows(connection, crew_tables.agents, agents)
    rows = [{"agent_id": agent_id, **skill} for agent_id, held in zip(ids, skills, strict=True) for skill in held]
    add_rows(connection, crew_tables.agent_capabilities, rows)


def _write_agent(agent: Agent) -> dict[str, object]:
    return {
        "key": agent.key,
        "role": agent.role,
        "goal": agent.goal,
        "backstory": agent.backstory,
        "tools": agent.tools,
        "model": agent.model,
        "allow_delegation": agent.allow_delegation,
        "max_iter": agent.max_iter,
    }


def _write_skills(agent: Agent, used: set[tuple[str, str]], now: datetime) -> Iterator[dict[str, object]]:
    for skill in agent.skills:
        yield {
            "capability_name": skill.name,
            "capability_type": "skill",
            "proficiency_level": skill.proficiency,
            "verified": (agent.key, skill.name) in used,
            "created_at": now,
        }
