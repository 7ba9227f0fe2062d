"""A crew on its way into a comparison: checked and priced, and what can be counted about it."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.models.alternative import AlternativeKind
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import Finding, Report


@dataclass(frozen=True)
class Candidate:
    """One crew, with its report and estimate."""

    kind: AlternativeKind
    made_by: str
    crew: Crew
    report: Report
    estimate: Estimate
    catalog: Catalog
    shown: bool = False
    """True for the crew that a person looks at."""

    @property
    def called(self) -> str:
        """What a sentence calls it."""
        return "the crew shown" if self.kind == "given" else f"the {self.kind} crew"

    @cached_property
    def checks(self) -> tuple[Task, ...]:
        """Its tasks that review what others made."""
        return tuple(task for task in self.crew.tasks if self._is_check(task))

    @property
    def asks_a_person(self) -> bool:
        """True when a person confirms some result."""
        return any(task.human_input for task in self.crew.tasks)

    def finding(self, *codes: str) -> Finding | None:
        """Return the first finding with one of these codes."""
        return next((finding for finding in self.report.findings if finding.code in codes), None)

    def tasks_beyond(self, *others: "Candidate") -> tuple[Task, ...]:
        """Return its tasks that none of the others has the like of: by skill, for texts differ between engines."""
        known: Counter[tuple[str, ...]] = Counter()
        for other in others:
            known |= Counter(task.skills for task in other.crew.tasks)
        beyond: list[Task] = []
        for task in self.crew.tasks:
            if known[task.skills]:
                known[task.skills] -= 1
            else:
                beyond.append(task)
        return tuple(beyond)

    def is_like(self, other: "Candidate") -> bool:
        """Tell whether both have as many agents, and tasks of the same skills: then only their texts differ."""
        mine, theirs = (Counter(task.skills for task in it.crew.tasks) for it in (self, other))
        return len(self.crew.agents) == len(other.crew.agents) and mine == theirs

    def _is_check(self, task: Task) -> bool:
        known = [self.catalog.skills[skill] for skill in task.skills if skill in self.catalog.skills]
        return any(skill.activity == "review" for skill in known)
