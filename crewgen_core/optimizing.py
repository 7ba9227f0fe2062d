"""The front door's part for optimizing: any crew for a goal, stored ones with history, changes applied and undone.

A crew is read for the solver once and kept, since the page asks again for every move of a slider.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING

from crewgen_core.errors import CannotOptimize, EditConflict
from crewgen_core.logs import get_log
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits, Optimization, Variant
from crewgen_core.models.report import Report
from crewgen_core.models.stored import OptimizationRow, StoredCrew, StoredOptimization
from crewgen_core.pipeline import Knowledge
from crewgen_core.storage import crews, optimizations, requests
from crewgen_core.storage.database import Database

if TYPE_CHECKING:
    from crewgen_core.optimization.optimizer import Optimizer

MOST_KEPT = 8
"""Crews that are kept ready for the solver in one process; the one asked for longest ago goes first."""

Review = Callable[[Crew, Objective | None], tuple[Report, Estimate]]


class Optimizing:
    """Everything that can be asked about optimizing."""

    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        candidates: Callable[[Sequence[str] | None], tuple[str, ...]],
        review: Review,
        database: Callable[[], Database],
    ) -> None:
        """Take what the front door knows; nothing is opened before it is needed."""
        self._knowledge = knowledge
        self._candidates = candidates
        self._review = review
        self._database = database
        self._ready: OrderedDict[str, Optimizer] = OrderedDict()
        self._lock = Lock()
        self._log = get_log("optimizing")

    def optimize(
        self,
        crew: Crew,
        goal: str,
        limits: Limits | None = None,
        objective: Objective | None = None,
        spent_usd: Decimal | None = None,
    ) -> Optimization:
        """Return the best crew for a goal within limits, as changes of this one; nothing is stored.

        ``spent_usd`` is what designing the crew cost. Raises CannotOptimize: an unknown goal, a crew with errors.
        """
        # late: the solver and numpy take a third of a second that those who do not optimize need not wait
        from crewgen_core.optimization.goals import check_goal
        from crewgen_core.optimization.optimize import optimize

        limits = limits or Limits()
        return optimize(self._prepare(crew, limits, objective), check_goal(goal), limits, spent_usd)

    def find_frontier(
        self, crew: Crew, limits: Limits | None = None, objective: Objective | None = None
    ) -> Iterator[Variant]:
        """Yield crews that no other one beats in cost, duration and success at once, as they are found.

        Of the limits, what may be changed counts, not budget, deadline and least success. Raises CannotOptimize.
        """
        from crewgen_core.optimization.frontier import find_frontier

        yield from find_frontier(self._prepare(crew, limits or Limits(), objective))

    def optimize_stored(
        self, crew_id: int, goal: str, limits: Limits | None = None, number: int | None = None
    ) -> StoredOptimization:
        """Optimize a version of a stored crew, its newest unless a number is given, and keep what came of it.

        Raises NotFound, CannotOptimize.
        """
        with self._database().read() as connection:
            stored = crews.get(connection, crew_id, number)
            design = requests.get(connection, stored.request_id).design if stored.request_id else None
        spent = design.provenance.cost_usd if design else None
        made = self.optimize(stored.crew, goal, limits, stored.objective, spent or None)
        with self._database().begin() as connection:
            kept = optimizations.create(connection, crew_id, stored.number, made)
        self._log.info(
            "crew optimized", crew=crew_id, goal=made.goal, changes=len(made.changes), seconds=made.proof.seconds
        )
        return kept

    def get(self, optimization_id: int) -> StoredOptimization:
        """Return a stored optimization. Raises NotFound."""
        with self._database().read() as connection:
            return optimizations.get(connection, optimization_id)

    def list_of(self, crew_id: int, limit: int = 20, before: int | None = None) -> tuple[OptimizationRow, ...]:
        """Return the optimizations of a crew, the newest first, from the id ``before`` on."""
        with self._database().read() as connection:
            return optimizations.list_optimizations(connection, crew_id, limit, before)

    def preview(self, optimization_id: int, chosen: Sequence[int]) -> tuple[Crew, Report, Estimate]:
        """Return the optimized version with just these of its changes, checked and priced; nothing is stored."""
        with self._database().read() as connection:
            stored = optimizations.get(connection, optimization_id)
            base = crews.get(connection, stored.row.crew_id, stored.row.number)
        crew = _apply(base.crew, stored.result, chosen)
        report, estimate = self._review(crew, base.objective)
        return crew, report, estimate

    def apply(self, optimization_id: int, chosen: Sequence[int], expected: int) -> StoredCrew:
        """Store a new version of the crew with exactly these changes of the optimization applied, none for undo.

        ``expected`` is the newest version as the person sees it. Where the crew was edited otherwise since, changes can
        be added but not taken out again. Raises EditConflict, NotFound, ChangeDoesNotFit.
        """
        with self._database().read() as connection:
            stored = optimizations.get(connection, optimization_id)
            row = stored.row
            untouched = expected == (row.applied_number or row.number)
            base = crews.get(connection, row.crew_id, row.number if untouched else expected)
        wanted = sorted({at for at in chosen if 0 <= at < row.change_count})
        if not untouched and not set(wanted) >= set(row.applied):
            raise EditConflict(
                "The crew was edited after these changes were applied, so they cannot be taken out one by one.",
                "Go back to an earlier version under Versions, or edit the crew.",
            )
        new = wanted if untouched else [at for at in wanted if at not in row.applied]
        crew = _apply(base.crew, stored.result, new)
        report, estimate = self._review(crew, base.objective)
        note = _note(stored.result, wanted, row.applied)
        with self._database().begin() as connection:
            saved = crews.save_version(connection, row.crew_id, crew, report, estimate, note, expected, base.objective)
            optimizations.set_applied(connection, optimization_id, wanted, saved.number)
        return saved

    def _prepare(self, crew: Crew, limits: Limits, objective: Objective | None) -> "Optimizer":
        """Return the crew ready for the solver."""
        from crewgen_core.optimization.optimizer import Optimizer

        models = limits.models if limits.models is not None else self._candidates(limits.providers)
        if objective is not None and objective.allowed_models is not None:
            models = tuple(name for name in models if name in objective.allowed_models)
        if objective is not None and objective.max_agents is not None and limits.max_agents is None:
            limits = limits.model_copy(update={"max_agents": objective.max_agents})
        allowed = limits.model_copy(update={"budget_usd": None, "deadline_minutes": None, "least_success": None})
        unknown = [key for key in limits.fixed_agents if crew.agent(key) is None]
        if unknown:
            raise CannotOptimize(
                f'There is no agent "{unknown[0][:60]}" to keep as it is.', "Name agents by their key in the crew file."
            )
        knowledge = self._knowledge()
        facts = "|".join(knowledge.profile_of(name).model_dump_json() for name in models)
        key = "\n".join(
            (crew.model_dump_json(), objective.model_dump_json() if objective else "", allowed.model_dump_json(), facts)
        )
        with self._lock:
            if key in self._ready:
                self._ready.move_to_end(key)
                return self._ready[key]
        made = Optimizer(crew, objective, models, allowed, knowledge)
        with self._lock:
            self._ready[key] = made
            while len(self._ready) > MOST_KEPT:
                self._ready.popitem(last=False)
        return made


def _apply(crew: Crew, made: Optimization, chosen: Sequence[int]) -> Crew:
    for at in sorted(set(chosen)):
        crew = apply_change(crew, made.changes[at])
    return crew


def _note(made: Optimization, wanted: Sequence[int], applied: Sequence[int]) -> str:
    """Return what the list of versions says."""
    added = [made.changes[at].title for at in wanted if at not in applied]
    undone = [made.changes[at].title for at in applied if at not in wanted]
    parts = ([f"Optimized for {made.goal}: {'; '.join(added)}"] if added else []) + (
        [f"Undone: {'; '.join(undone)}"] if undone else []
    )
    return ". ".join(parts)[:300] or f"Optimized for {made.goal}: nothing changed"
