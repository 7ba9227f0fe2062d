"""One case of a crew: everything that its figures follow from, and the three headline figures of it alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.estimate import estimate_success
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.shares import Share, share_out
from crewgen_core.estimation.work import Work, read_crew
from crewgen_core.models.computation import Outcome
from crewgen_core.models.crew import Crew


@dataclass(frozen=True)
class Case:
    """A crew with at least one task, and what is believed of models, domain and everything else."""

    crew: Crew
    profiles: Mapping[str, ModelProfile]
    default_model: str
    catalog: Catalog
    difficulty: float
    constants: Constants

    @property
    def manager(self) -> ModelProfile:
        """The model of the manager."""
        return self.profiles[(self.crew.manager and self.crew.manager.model) or self.default_model]

    def read(self) -> tuple[Work, ...]:
        """Return the crew task by task."""
        return read_crew(self.crew, self.profiles, self.catalog, self.default_model)

    def share_out(self, works: tuple[Work, ...]) -> tuple[Share, ...]:
        """Return the typical share of each task."""
        return share_out(self.crew, works, self.manager, self.difficulty, self.constants)


class Outcomes:
    """The headline figures (P50) of one case after the other, the same as in their estimates.

    Runs are simulated once for equal costs and times of the tasks: most inputs change the chance of success only.
    """

    def __init__(self) -> None:
        """Start without any."""
        self._simulated: dict[tuple[object, ...], tuple[float | None, float]] = {}

    def of(self, case: Case) -> Outcome:
        """Return the figures of the case."""
        works = case.read()
        cost, duration = self._simulate(case, case.share_out(works))
        success = estimate_success(case.crew, works, case.difficulty, case.constants).p50
        return Outcome(success=success, cost_usd=cost, duration_s=duration)

    def _simulate(self, case: Case, shares: tuple[Share, ...]) -> tuple[float | None, float]:
        asynchronous = tuple(share.work.task.async_execution for share in shares)
        costs, seconds = tuple(share.cost for share in shares), tuple(share.seconds for share in shares)
        key = asynchronous, costs, seconds
        if key not in self._simulated:
            from crewgen_core.estimation.simulation import draw_factors, simulate_duration, simulate_sums  # numpy

            factors = draw_factors(len(shares), case.constants.spread)
            cost = None
            if None not in costs:
                known = [each or 0.0 for each in costs]
                cost = simulate_sums([known], factors.of_tokens, factors.token_ranks)[0].p50
            self._simulated[key] = cost, simulate_duration(asynchronous, seconds, factors).p50
        return self._simulated[key]
