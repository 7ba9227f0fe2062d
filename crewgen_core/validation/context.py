"""What the rules share about one crew: look-ups by key, the task graph, skills and texts; each computed once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.validation.texts import find_stems, list_leading_words

REVIEW_VERBS = frozenset({
    "check", "verify", "validate", "review", "audit", "inspect", "test", "confirm", "proofread", "critique",
    "approve", "fact", "evaluate", "assess", "qa",
})  # fmt: skip
"""Verbs by which a task says that it verifies, where the catalog knows none of its skills."""


@dataclass(frozen=True)
class Context:
    """One crew under validation, with what is known around it."""

    crew: Crew
    catalog: Catalog
    analysis: Analysis | None
    environment: frozenset[str]
    """Names of the environment variables that are set."""

    @cached_property
    def agents(self) -> dict[str, Agent]:
        """The agents by key; of a key that is there twice, the first."""
        found: dict[str, Agent] = {}
        for agent in self.crew.agents:
            found.setdefault(agent.key, agent)
        return found

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The tasks by key; of a key that is there twice, the first."""
        found: dict[str, Task] = {}
        for task in self.crew.tasks:
            found.setdefault(task.key, task)
        return found

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each task stands in the list, from 0."""
        found: dict[str, int] = {}
        for i, task in enumerate(self.crew.tasks):
            found.setdefault(task.key, i)
        return found

    @cached_property
    def tasks_of(self) -> dict[str, list[Task]]:
        """The tasks of each agent that exists, in order."""
        found: dict[str, list[Task]] = {key: [] for key in self.agents}
        for task in self.crew.tasks:
            if task.agent in found:
                found[task.agent].append(task)
        return found

    @cached_property
    def end_tasks(self) -> tuple[Task, ...]:
        """The tasks whose result no other task works from."""
        used = {key for task in self.crew.tasks for key in task.depends_on if key != task.key}
        return tuple(task for task in self.crew.tasks if task.key not in used)

    @cached_property
    def orderly(self) -> bool:
        """True when keys are unique and every dependency exists and stands earlier in the list."""
        here = self.position
        return len(here) == len(self.crew.tasks) and all(
            here.get(key, len(here)) < i for i, task in enumerate(self.crew.tasks) for key in task.depends_on
        )

    @cached_property
    def editable(self) -> frozenset[str]:
        """Paths of the parts that a change can address: "agents/KEY" or "tasks/KEY", no slash in it, there once."""
        counts = Counter(f"agents/{agent.key}" for agent in self.crew.agents)
        counts.update(f"tasks/{task.key}" for task in self.crew.tasks)
        return frozenset(path for path, count in counts.items() if count == 1 and path.count("/") == 1)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that a part has or is called by; a new key must be none of them."""
        crew = self.crew
        keys = {agent.key for agent in crew.agents} | {task.key for task in crew.tasks}
        called = {task.agent for task in crew.tasks if task.agent} | {key for t in crew.tasks for key in t.depends_on}
        return frozenset(keys | called | ({crew.manager.key} if crew.manager else set()))

    @cached_property
    def levels(self) -> dict[str, dict[str, int]]:
        """The proficiency of each agent by skill (catalog key where the catalog knows the skill)."""
        return {
            agent.key: {self.skill_key(skill.name): skill.proficiency for skill in agent.skills}
            for agent in self.agents.values()
        }

    @cached_property
    def skills_of_task(self) -> dict[str, tuple[str, ...]]:
        """The skills that each task asks for (catalog key where the catalog knows the skill)."""
        return {task.key: tuple(map(self.skill_key, task.skills)) for task in self.tasks.values()}

    @cached_property
    def stems_of_tasks(self) -> dict[str, frozenset[str]]:
        """The stems in name, description and expected output of each task."""
        return {task.key: find_stems(_text_of(task)) for task in self.tasks.values()}

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """The stems in the texts of all tasks."""
        return frozenset(stem for stems in self.stems_of_tasks.values() for stem in stems)

    @cached_property
    def reviews(self) -> frozenset[str]:
        """Keys of the tasks that verify the result of others."""
        return frozenset(task.key for task in self.crew.tasks if self._is_review(task))

    @cached_property
    def max_agents(self) -> int | None:
        """Most agents that the objective allows, None without a limit."""
        if self.analysis is None:
            return None
        return self.analysis.objective.max_agents or self.analysis.constraints.max_agents

    @cached_property
    def human_minutes(self) -> float:
        """Minutes a capable person would need for all tasks together."""
        return sum(task.human_minutes for task in self.crew.tasks)

    def skill_key(self, name: str) -> str:
        """Return the catalog key of a skill, or its lower-case name where the catalog does not know it."""
        lower = name.strip().lower()
        return self.catalog.skill_names.get(lower, lower)

    def skill_name(self, key: str) -> str:
        """Return the name of a skill for people."""
        skill = self.catalog.skills.get(key)
        return skill.name if skill else key

    def mentions(self, text: str) -> bool:
        """Say whether the tasks speak of this: at least half of its words are found in them, or it has no words."""
        wanted = find_stems(text)
        return not wanted or 2 * len(wanted & self.all_stems) >= len(wanted)

    def closest_agent(self, task: Task, among: Iterable[Agent]) -> Agent | None:
        """Return the agent that fits a task best: by proficiency in its skills, then common words, then order."""
        wanted, words = self.skills_of_task[task.key], find_stems(_text_of(task))
        return max(
            among,
            key=lambda agent: (
                sum(self.levels[agent.key].get(skill, 0) for skill in wanted),
                len(words & find_stems(f"{agent.role} {agent.goal}")),
            ),
            default=None,
        )

    def _is_review(self, task: Task) -> bool:
        known = [self.catalog.skills[key] for key in self.skills_of_task[task.key] if key in self.catalog.skills]
        if known:
            return known[0].activity == "review"
        return bool(REVIEW_VERBS.intersection(list_leading_words(task.name)[:1]))


def _text_of(task: Task) -> str:
    return f"{task.name}\n{task.description}\n{task.expected_output}"
