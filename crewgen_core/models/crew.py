"""Crew: agents and tasks, the graph between them, and how they work together.

A crew as a value may be wrong (a cycle, a task without agent): people upload such crews, and validation has to see
them. Only the types are fixed here; what makes a crew sound is told by ``crewgen_core.validation``.
"""

from typing import Literal

from pydantic import Field

from crewgen_core.models.value import Value

Process = Literal["sequential", "hierarchical"]
Coordination = Literal["solo", "sequential", "parallel", "hierarchical", "collaborative"]
Oversight = Literal["none", "light", "moderate", "intensive"]

CREWAI_DEFAULT_MAX_ITER = 25
"""Most turns an agent takes on one task (CrewAI 1.15 default)."""

COPY = "_at_once_"
"""Stands before the number in the name of an agent's copy: a CrewAI project has one for each further task that the
agent does at the same time. Writing a project makes them, reading it puts them together again."""


class SkillLevel(Value):
    """A skill of an agent, by its catalog name where it has one, with a proficiency from 1 to 10."""

    name: str = Field(min_length=1, max_length=200)
    proficiency: int = Field(default=7, ge=1, le=10)


class Agent(Value):
    """One member of the crew."""

    key: str = Field(min_length=1, max_length=100)
    role: str = Field(max_length=500)
    goal: str = Field(default="", max_length=5_000)
    backstory: str = Field(default="", max_length=10_000)
    skills: tuple[SkillLevel, ...] = ()
    tools: tuple[str, ...] = ()
    """Catalog keys of the tools it is granted."""
    model: str | None = None
    """LiteLLM name of the model it thinks with; None takes the crew's default."""
    allow_delegation: bool = False
    max_iter: int = Field(default=CREWAI_DEFAULT_MAX_ITER, ge=1, le=1_000)
    why: str = Field(default="", max_length=5_000)
    """Why it is in the crew."""


class Manager(Value):
    """The agent that coordinates a hierarchical crew; never one of the workers."""

    key: str = Field(default="manager", min_length=1, max_length=100)
    role: str = Field(default="Crew Manager", max_length=500)
    goal: str = Field(default="", max_length=5_000)
    backstory: str = Field(default="", max_length=10_000)
    model: str | None = None
    why: str = Field(default="", max_length=5_000)


class Task(Value):
    """One piece of work with a result that can be checked."""

    key: str = Field(min_length=1, max_length=100)
    name: str = Field(max_length=500)
    description: str = Field(default="", max_length=20_000)
    expected_output: str = Field(default="", max_length=10_000)
    agent: str | None = None
    """Key of the agent that does it; None only in a hierarchical crew, where the manager decides."""
    depends_on: tuple[str, ...] = ()
    """Keys of the tasks whose results it works from."""
    skills: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    """Catalog keys of the tools it may use; granted to this task only."""
    human_minutes: float = Field(default=30, ge=0, le=100_000)
    """Minutes a capable person would need for it [assumption, times or divided by two]."""
    human_input: bool = False
    async_execution: bool = False
    why: str = Field(default="", max_length=5_000)
    """Why it is done and how its result is verified."""


class Crew(Value):
    """Agents, tasks (an acyclic graph when sound), and the way they work together."""

    name: str = Field(default="Crew", min_length=1, max_length=300)
    objective: str = Field(default="", max_length=40_000)
    process: Process = "sequential"
    coordination: Coordination = "sequential"
    oversight: Oversight = "none"
    manager: Manager | None = None
    agents: tuple[Agent, ...] = Field(default=(), max_length=200)
    tasks: tuple[Task, ...] = Field(default=(), max_length=500)

    def agent(self, key: str | None) -> Agent | None:
        """Return the agent with this key, or None."""
        return next((agent for agent in self.agents if agent.key == key), None)

    def task(self, key: str) -> Task | None:
        """Return the task with this key, or None."""
        return next((task for task in self.tasks if task.key == key), None)

    def tasks_of(self, agent_key: str) -> tuple[Task, ...]:
        """Return the tasks that this agent does, in order."""
        return tuple(task for task in self.tasks if task.agent == agent_key)
