"""A choice read back: who does what with which model, in which order."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.composition.names import make_key
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.optimization.layout import Layout
from crewgen_core.optimization.problem import Choice, Option
from crewgen_core.optimization.reading import Reading


@dataclass(frozen=True)
class Place:
    """An agent of the new crew: one of today's, or a second one split off from it."""

    origin: Agent
    """The agent of today's crew."""
    key: str
    model: ModelProfile
    tasks: tuple[Task, ...]

    @property
    def is_new(self) -> bool:
        """True for an agent that is split off."""
        return self.key != self.origin.key


@dataclass(frozen=True)
class Assignment:
    """A choice for today's crew, made in the way of working together of the reading."""

    crew: Crew
    """Today's."""
    reading: Reading
    choice: Choice

    @cached_property
    def taken(self) -> tuple[Option, ...]:
        """The option of each task, in list order."""
        pairs = zip(self.reading.problem.options, self.choice.options, strict=True)
        return tuple(options[at] for options, at in pairs)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Who does what: the agent itself where it keeps its model, else with most of its tasks; the others split."""
        by_agent: dict[int, dict[int, list[Task]]] = defaultdict(lambda: defaultdict(list))
        for option, task in zip(self.taken, self.crew.tasks, strict=True):
            seat = self.reading.problem.seats[option.seat]
            by_agent[seat.agent][option.seat].append(task)
        used = {agent.key for agent in self.crew.agents} | {task.key for task in self.crew.tasks}
        places: list[Place] = []
        for number, seats in sorted(by_agent.items()):
            agent = self.crew.agents[number]
            changes = self.reading.problem.seat_changes
            for at, seat in enumerate(sorted(seats, key=lambda s: (changes[s], -len(seats[s]), s))):
                key = agent.key if at == 0 else make_key(agent.key, used, "agent")
                used.add(key)
                model = self.reading.models[self.reading.problem.seats[seat].model]
                places.append(Place(agent, key, model, tuple(seats[seat])))
        return tuple(places)

    @cached_property
    def kept(self) -> dict[str, Place]:
        """The agents of today's crew that have tasks, by key."""
        return {place.key: place for place in self.places if not place.is_new}

    @cached_property
    def doing(self) -> dict[str, Place]:
        """Who does each task, by its key."""
        return {task.key: place for place in self.places for task in place.tasks}

    @cached_property
    def layout(self) -> Layout:
        """What runs at the same time, in which order."""
        return self.reading.problem.layouts[self.choice.layout]

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Positions of today's tasks, in the order in which they are listed at the end."""
        return tuple(at for block in self.layout.blocks for at in sorted(block))

    def model_today(self, agent: Agent) -> ModelProfile:
        """Return the model that an agent of today's crew thinks with."""
        number, problem = self.crew.agents.index(agent), self.reading.problem
        seat = next(at for at, own in enumerate(problem.seats) if own.agent == number and not problem.seat_changes[at])
        return self.reading.models[problem.seats[seat].model]
