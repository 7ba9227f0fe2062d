"""Demo: data that shows what crewgen does, its simulated runs, and what became of it when it was removed."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from crewgen_core.models.run import TaskRun
from crewgen_core.models.value import Value

SIMULATED = (
    "Demo data: no model was asked. What this run took and came to was drawn from its crew's estimate, "
    "always in the same way."
)
"""What is said of every run of the demo."""

DemoThing = Literal["crew", "job", "template"]


class SimulatedTask(Value):
    """One task of a simulated run; ``task`` has what it took."""

    task: TaskRun
    model: str
    """LiteLLM name of the model that the estimate counts on."""
    began_s: float = Field(ge=0)
    """Seconds since the run began."""
    ended_s: float = Field(ge=0)


class SimulatedRun(Value):
    """A run that never took place: drawn from the estimate of its crew."""

    began: datetime
    tasks: tuple[SimulatedTask, ...]
    """In the order of execution; the share of a manager is among them, in a task without a key."""
    succeeded: bool

    @property
    def ended(self) -> datetime:
        """When its last task ended."""
        return self.began + timedelta(seconds=max(task.ended_s for task in self.tasks))


class DemoSummary(Value):
    """What of the demo is loaded."""

    loaded_at: datetime | None
    """None where no demo is loaded."""
    loaded_by: str = ""
    """Who loaded it; empty without login."""
    crews: int = 0
    runs: int = 0
    outcomes: int = 0
    templates: int = 0
    jobs: int = 0
    may_remove: bool = False
    """Whether who asks may remove it: its loader and administrators may."""

    @property
    def is_loaded(self) -> bool:
        """True where a demo is loaded."""
        return self.loaded_at is not None


class KeptThing(Value):
    """A crew, job or template of the demo that stays, because somebody made it their own."""

    thing: DemoThing
    key: str
    """Its number; of a template, its key."""
    name: str
    why: str
    """What somebody did with it, in a few words."""


class DemoRemoval(Value):
    """What became of the demo."""

    removed: DemoSummary
    """As much as was there and is gone."""
    kept: tuple[KeptThing, ...]
