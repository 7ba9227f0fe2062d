"""The crew that is run: the one that is stored, without what is left out, each agent with a model, as a project."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Tool
from crewgen_core.execution.environment import tools_of
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.parts import DEFAULT_MANAGER, take_apart
from crewgen_core.models.crew import Agent, Crew, Task

STAND_IN = "openai/gpt-4o-mini"
"""Named by the project of a dry run, so that CrewAI loads it without any provider's own settings; never asked."""


@dataclass(frozen=True)
class CrewToRun:
    """A crew as CrewAI is to execute it."""

    crew: Crew
    tasks: tuple[Task, ...]
    """In the order of execution."""
    models: tuple[str, ...]
    """LiteLLM names of all models that it thinks with."""
    tools: tuple[Tool, ...]
    project: bytes
    """The ZIP that Export makes of it."""
    seats: tuple[str, ...]
    """Keys of the agents in the project's order; an agent has another seat for each task that it does at the same
    time as others."""


def prepare_crew(
    crew: Crew, catalog: Catalog, model: str, left_out: Set[str] = frozenset(), *, only_this_model: bool = False
) -> CrewToRun:
    """Return a crew without the tools that are left out; whoever names no model, or all, get ``model``.

    Raises CannotExport for a crew that CrewAI refuses.
    """
    manager = (crew.manager or DEFAULT_MANAGER) if crew.process == "hierarchical" else None

    def choose(own: str | None) -> str:
        return model if only_this_model else own or model

    chosen = crew.model_copy(
        update={
            "agents": tuple(
                agent.model_copy(update={"model": choose(agent.model), "tools": _keep(agent, left_out)})
                for agent in crew.agents
            ),
            "tasks": tuple(task.model_copy(update={"tools": _keep(task, left_out)}) for task in crew.tasks),
            "manager": manager and manager.model_copy(update={"model": choose(manager.model)}),
        }
    )
    parts = take_apart(chosen, catalog, model)
    project = export_crewai_json(chosen, catalog, model).content
    seats = tuple(_list_seats(chosen, parts.agents))
    return CrewToRun(chosen, parts.tasks, parts.models, tools_of(chosen, catalog), project, seats)


def _list_seats(crew: Crew, exported: Iterable[Agent]) -> Iterator[str]:
    """Yield the key of the agent that each exported one is, or is a copy of: copies follow their agent."""
    key = ""
    for agent in exported:
        key = key if crew.agent(agent.key) is None else agent.key
        yield key


def name_roles(crew: Crew) -> dict[str, str]:
    """Return the roles of everybody in a crew by key, the manager of a hierarchical one first."""
    manager = (crew.manager or DEFAULT_MANAGER) if crew.process == "hierarchical" else None
    led = {manager.key: manager.role} if manager else {}
    return led | {agent.key: agent.role for agent in crew.agents}


def _keep(part: Agent | Task, left_out: Set[str]) -> tuple[str, ...]:
    return tuple(key for key in part.tools if key not in left_out)
