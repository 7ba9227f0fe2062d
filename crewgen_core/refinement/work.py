"""The crew that is being refined, with its objective and what is known; and why a wish is not done."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.change import Effect
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective
from crewgen_core.models.report import Report
from crewgen_core.pipeline import Knowledge, origin_of, price
from crewgen_core.validation.context import Context
from crewgen_core.validation.validate import validate

_SHOWN = 60


class Declined(Exception):
    """A wish that was understood and is not done, with the reason as a sentence.

    ``unclear`` is True where what is meant was not found: then a model may know.
    """

    def __init__(self, sentence: str, *, unclear: bool = False) -> None:
        """Say why."""
        super().__init__(sentence)
        self.unclear = unclear


class Outcome(NamedTuple):
    """What came of one wish."""

    crew: Crew
    done: str
    """What was done, a plain sentence."""
    objective: Objective | None = None
    """The objective where the wish changes it; None where it stays."""
    remarks: tuple[str, ...] = ()
    """What a person should know about it, in plain sentences."""


@dataclass(frozen=True)
class Work:
    """A crew under refinement; every change makes a new one."""

    crew: Crew
    objective: Objective | None
    knowledge: Knowledge

    @property
    def catalog(self) -> Catalog:
        """What crewgen knows about work."""
        return self.knowledge.catalog

    @cached_property
    def analysis(self) -> Analysis | None:
        """What is understood of the objective; None when there is none that can be used."""
        return _analyze(self.objective, self.catalog) if self.objective else None

    @cached_property
    def ground(self) -> Analysis:
        """The analysis that new texts are written from: where there is no objective, of what the crew says it does."""
        names = ". ".join(task.name for task in self.crew.tasks if task.name.strip())
        for text in (self.crew.objective, names, self.crew.name):
            if self.analysis:
                break
            if text.strip():
                found = _analyze(Objective(text=text[:MAX_OBJECTIVE_CHARACTERS]), self.catalog)
                if found:
                    return found
        return self.analysis or analyze(Objective(text="Prepare the result that was asked for"), self.catalog)

    @cached_property
    def context(self) -> Context:
        """Look-ups about the crew, as validation has them."""
        return Context(self.crew, self.catalog, self.analysis, self.knowledge.environment)

    @cached_property
    def report(self) -> Report:
        """What validation finds."""
        return validate(self.crew, self.catalog, self.analysis, self.knowledge.environment)

    @cached_property
    def estimate(self) -> Estimate:
        """What one run will cost, take and achieve."""
        return price(self.crew, self.knowledge, *origin_of(self.analysis))

    @property
    def effect(self) -> Effect:
        """The figures of the estimate that people compare."""
        return Effect.of(self.estimate)

    @property
    def most_agents(self) -> int | None:
        """Most agents that the objective allows; None without a limit."""
        return self.context.max_agents

    def with_crew(self, crew: Crew) -> "Work":
        """Return the work with another state of the crew; what is known of the objective is kept."""
        other = replace(self, crew=crew)
        for known in ("analysis", "ground"):
            if known in self.__dict__ and (known == "analysis" or self.analysis):
                other.__dict__[known] = self.__dict__[known]
        return other

    def with_objective(self, objective: Objective | None) -> "Work":
        """Return the work with another objective, as long as the crew can be checked against it."""
        return replace(self, objective=objective)


def change_agents(crew: Crew, keys: set[str], **fields: object) -> Crew:
    """Return the crew with fields of some agents changed."""
    agents = (agent.model_copy(update=fields) if agent.key in keys else agent for agent in crew.agents)
    return crew.model_copy(update={"agents": tuple(agents)})


def change_tasks(crew: Crew, keys: set[str], **fields: object) -> Crew:
    """Return the crew with fields of some tasks changed."""
    tasks = (task.model_copy(update=fields) if task.key in keys else task for task in crew.tasks)
    return crew.model_copy(update={"tasks": tuple(tasks)})


def keys_taken(crew: Crew) -> set[str]:
    """Return every key of the crew; a new one must be none of them."""
    keys = {agent.key for agent in crew.agents} | {task.key for task in crew.tasks}
    return keys | ({crew.manager.key} if crew.manager else set())


def name_of(part: Agent | Task) -> str:
    """Return what people call an agent or a task, in quotes, as a sentence may show it."""
    return quote((part.role if isinstance(part, Agent) else part.name) or part.key)


def quote(text: str) -> str:
    """Return a text in quotes, on one line, shortened."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"}"'


def join_words(words: list[str], joint: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else ""


def _analyze(objective: Objective, catalog: Catalog) -> Analysis | None:
    try:
        return analyze(objective, catalog)
    except UnusableObjective:
        return None
