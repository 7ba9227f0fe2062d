"""The typical share of each task: tokens, cost and seconds of its agent and its manager, its load and its success."""

from collections.abc import Sequence
from dataclasses import dataclass

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.cost import cost_of
from crewgen_core.estimation.duration import seconds_of
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.success import (
    effective_load,
    load_of,
    logit_of,
    probability,
    rework_probability,
    spread_of,
    success_before_review,
)
from crewgen_core.estimation.tokens import TokenUse, count_coworker, count_manager, count_worker
from crewgen_core.estimation.work import Work
from crewgen_core.models.crew import Crew
from crewgen_core.models.value import Quantiles

NOBODY = "nobody"
"""Stands for the agent of a task that has none."""


@dataclass(frozen=True)
class Effort:
    """Typical figures of one agent on one task."""

    use: TokenUse
    cost: float | None
    """USD; None when the price of the model is not known."""
    seconds: float

    @property
    def tokens(self) -> float:
        """Tokens read and written."""
        return self.use.tokens_in + self.use.tokens_out


@dataclass(frozen=True)
class Share:
    """Everything about one task, before runs are simulated."""

    work: Work
    worker: Effort
    manager: Effort | None
    """The manager's part in a hierarchical crew."""
    load: float
    success: Quantiles
    """Chance that this task alone comes out right."""

    @property
    def seconds(self) -> float:
        """Seconds from start to end, the manager's part included."""
        return self.worker.seconds + (self.manager.seconds if self.manager else 0.0)

    @property
    def tokens(self) -> float:
        """Tokens of agent and manager."""
        return self.worker.tokens + (self.manager.tokens if self.manager else 0.0)

    @property
    def cost(self) -> float | None:
        """USD of agent and manager together; None when one of them is not known."""
        if self.manager is None or self.worker.cost is None:
            return self.worker.cost
        return None if self.manager.cost is None else self.worker.cost + self.manager.cost


def share_out(
    crew: Crew, works: Sequence[Work], manager: ModelProfile, difficulty: float, constants: Constants
) -> tuple[Share, ...]:
    """Return the share of each task, in list order."""
    results = [constants.output[work.activity].value for work in works]
    return tuple(
        share_of(crew, work, sum(results[at] for at in work.sources), manager, difficulty, constants) for work in works
    )


def share_of(
    crew: Crew, work: Work, context: float, manager: ModelProfile, difficulty: float, constants: Constants
) -> Share:
    """Return the share of one task; ``context`` are the tokens of the results it works from."""
    logit = logit_of(effective_load(work, difficulty, constants), constants)
    runs = 1.0
    if work.may_come_back:
        runs += rework_probability(success_before_review(work, difficulty, constants), constants)
    if crew.process == "hierarchical":
        use = count_coworker(work, runs, constants)
        managing_use = count_manager(crew.manager, work, manager, context, runs, constants)
        managing = _effort(managing_use, manager, 0.0)  # its "tool" is the worker, whose time counts itself
    else:
        use, managing = count_worker(work, context, constants), None
    return Share(
        work=work,
        worker=_effort(use, work.profile, constants.speed.tool_seconds.value),
        manager=managing,
        load=load_of(work, difficulty, constants),
        success=probability(logit, spread_of([work], difficulty, constants)),
    )


def _effort(use: TokenUse, profile: ModelProfile, tool_seconds: float) -> Effort:
    return Effort(use, cost_of(use, profile), seconds_of(use, profile, tool_seconds))
