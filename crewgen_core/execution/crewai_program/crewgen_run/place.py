"""Where in the crew something happens: which of its tasks, and which of its agents."""

from contextvars import ContextVar
from typing import Any

from crewgen_run.line import Job

_current: ContextVar[str | None] = ContextVar("crewgen_task", default=None)
"""Key of the task that is executed in this context; CrewAI hands contexts on to its threads."""


class Place:
    """Knows the keys of tasks and agents of a loaded crew."""

    def __init__(self, job: Job, crew: Any) -> None:
        """Take the crew as it was loaded, before anything of it is executed."""
        self._job = job
        self._tasks = {str(task.id): key for task, (key, _) in zip(crew.tasks, job["tasks"], strict=True)}
        self._agents = {str(agent.id): key for agent, key in zip(crew.agents, job["agents"], strict=True)}
        if crew.manager_agent is not None:
            self._agents[str(crew.manager_agent.id)] = job["manager"]
        self.assigned = {
            key: task.agent.role for task, (key, _) in zip(crew.tasks, job["tasks"], strict=True) if task.agent
        }
        """Role of the agent that a task is assigned to, before a manager takes them all in hand."""

    def task_of(self, task: Any) -> str | None:
        """Return the key of a task; that of the one being executed for a part of it that is delegated."""
        return self._tasks.get(str(getattr(task, "id", ""))) or _current.get()

    def key_of(self, task: Any) -> str | None:
        """Return the key of a task, None for a part of one that is delegated."""
        return self._tasks.get(str(getattr(task, "id", "")))

    def agent_of(self, agent: Any) -> str | None:
        """Return the key of an agent."""
        return self.agent_by_id(getattr(agent, "id", None))

    def agent_by_id(self, identifier: object) -> str | None:
        """Return the key of the agent with this id of CrewAI's."""
        return self._agents.get(str(identifier))

    def model_of(self, agent: str | None, fallback: str = "") -> str:
        """Return the LiteLLM name of the model of an agent."""
        return self._job["models"].get(agent) or fallback

    def enter(self, key: str | None) -> None:
        """Note in this context which task is executed."""
        _current.set(key)
