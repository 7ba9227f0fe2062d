"""A crew on the bench: its parts while they are being put right, and what was done to them."""

from dataclasses import dataclass, field

from crewgen_core.models.crew import Agent, Task

MOST_NOTES = 20
"""More notes nobody reads; an answer that needs more is mostly replaced anyway."""

_SHOWN = 60


@dataclass
class CrewInWork:
    """Agents and tasks by key, in order, and notes about every change."""

    agents: dict[str, Agent] = field(default_factory=dict[str, Agent])
    tasks: dict[str, Task] = field(default_factory=dict[str, Task])
    notes: list[str] = field(default_factory=list[str])

    def note(self, sentence: str) -> None:
        """Keep a plain sentence about a change, once."""
        if sentence not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(sentence)

    def set_agent(self, agent: Agent, **fields: object) -> None:
        """Put an agent in, or replace the one with its key; with some fields changed."""
        self.agents[agent.key] = agent.model_copy(update=fields)

    def set_task(self, task: Task, **fields: object) -> None:
        """Put a task in, or replace the one with its key; with some fields changed."""
        self.tasks[task.key] = task.model_copy(update=fields)

    def minutes_of(self, agent: str) -> float:
        """Return the human minutes of an agent's tasks."""
        return sum(task.human_minutes for task in self.tasks.values() if task.agent == agent)


def shown(text: str) -> str:
    """Return a text of a model as a note may quote it: one line, short."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
