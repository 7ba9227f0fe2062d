"""The front door's part for optimizing: any crew for a goal, stored ones with history, changes applied and undone.

A crew is read for the solver once and kept, since the page asks again for every move of a slider.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING

from crewgen_core.errors import CannotOptimize, ChangeDoesNotFit, EditConflict, NotFound
from crewgen_core.estimation.models import models_of
from crewgen_core.front.model_choice import Candidates, choose_models
from crewgen_core.logs import get_log
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.change import apply_changes
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits, Optimization, Variant
from crewgen_core.models.report import Report
from crewgen_core.models.stored import OptimizationRow, StoredCrew, StoredOptimization
from crewgen_core.numbers import format_count
from crewgen_core.pipeline import Knowledge
from crewgen_core.storage import audit, crews, optimizations, requests
from crewgen_core.storage.database import Database

if TYPE_CHECKING:
    from crewgen_core.optimization.optimizer import Optimizer

LONGEST_DEADLINE_MINUTES, MOST_AGENTS = 525_600, 200
"""The most that ``Limits`` take; what an objective states beyond them limits nothing."""

MOST_KEPT = 8
"""Crews that are kept ready for the solver in one process; the one asked for longest ago goes first."""

Understand = Callable[[Objective | None], Analysis | None]
"""Says what is understood of an objective; None where there is none that can be used."""

Review = Callable[[Crew, Objective | None], tuple[Report, Estimate]]


class Optimizing:
    """Everything that can be asked about optimizing."""

    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        candidates: Candidates,
        understand: Understand,
        review: Review,
        database: Callable[[], Database],
    ) -> None:
        """Take what the front door knows; nothing is opened before it is needed."""
        self._knowledge = knowledge
        self._candidates = candidates
        self._understand = understand
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

        Budget and deadline that the objective states count where the limits set none; the verdict says so.
        ``spent_usd`` is what designing the crew cost. Raises CannotOptimize: an unknown goal, a crew with errors, a
        model or provider that cannot be compared.
        """
        # late: the solver and numpy take a third of a second that those who do not optimize need not wait
        from crewgen_core.optimization.goals import check_goal
        from crewgen_core.optimization.optimize import optimize

        known, limits = check_goal(goal), limits or Limits()
        limits, stated = add_stated(limits, self._understand(objective))
        made = optimize(self._prepare(crew, limits, objective), known, limits, spent_usd)
        return tell_stated(made, stated)

    def find_frontier(
        self, crew: Crew, limits: Limits | None = None, objective: Objective | None = None
    ) -> Iterator[Variant]:
        """Yield crews that no other one beats in cost, duration and success at once, as they are found.

        Of the limits, what may be changed counts, not budget, deadline and least success. Raises CannotOptimize.
        """
        from crewgen_core.optimization.frontier import find_frontier

        yield from find_frontier(self._prepare(crew, limits or Limits(), objective))

    def read_stated(self, objective: Objective | None) -> Limits:
        """Return the limits that an objective states, in its text or beside it: what counts where none are given."""
        limits, _ = add_stated(Limits(), self._understand(objective))
        return limits

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

    def apply(self, optimization_id: int, chosen: Sequence[int], expected: int) -> StoredCrew:
        """Store a new version of the crew with exactly these changes of the optimization applied, none for undo.

        ``expected`` is the newest version as the person sees it; it is returned where nothing would be otherwise.
        Where the crew was edited otherwise since, changes can be added but not taken out again: the edit would be lost.
        Raises EditConflict, NotFound, ChangeDoesNotFit.
        """
        with self._database().read() as connection:
            stored = optimizations.get(connection, optimization_id)
            row = stored.row
            origin = crews.get(connection, row.crew_id, row.number)
            newest = crews.get(connection, row.crew_id, expected)
        wanted = _check_positions(stored, chosen)
        crew = _change(newest.crew, origin.crew, stored, wanted)
        report, estimate = self._review(crew, newest.objective)
        _refuse_new_errors(newest.report, report)
        note = _note(stored.result, wanted, row.applied)
        with self._database().begin() as connection:
            saved = newest
            crews.check_change(connection, row.crew_id)
            if crew != newest.crew or newest.number != newest.newest:
                saved = crews.save_version(
                    connection, row.crew_id, crew, report, estimate, note, expected, newest.objective
                )
            if saved != newest or wanted != row.applied:
                optimizations.set_applied(connection, optimization_id, wanted, saved.number)
                audit.record(connection, "applied", "optimization", optimization_id, note)
        return saved

    def _prepare(self, crew: Crew, limits: Limits, objective: Objective | None) -> "Optimizer":
        """Return the crew ready for the solver."""
        from crewgen_core.optimization.optimizer import Optimizer

        knowledge, analysis = self._knowledge(), self._understand(objective)
        objective = objective if analysis else None  # what cannot be understood asks for nothing
        models = choose_models(
            limits, objective.allowed_models if objective else None, self._candidates, knowledge.profile_of
        )
        limits = _add_most_agents(limits, analysis)
        of_runs = {"budget_usd": None, "deadline_minutes": None, "least_success": None, "beyond_objective": False}
        allowed = limits.model_copy(update=of_runs)
        unknown = [key for key in limits.fixed_agents if crew.agent(key) is None]
        if unknown:
            raise CannotOptimize(
                f'There is no agent "{unknown[0][:60]}" to keep as it is.', "Name agents by their key in the crew file."
            )
        named = dict.fromkeys((*models, *models_of(crew, knowledge.run_model)))
        facts = "|".join(knowledge.profile_of(name).model_dump_json() for name in named)
        key = "\n".join(
            (
                crew.model_dump_json(),
                objective.model_dump_json() if objective else "",
                allowed.model_dump_json(),
                facts,
                repr(knowledge.calibration),
            )
        )
        with self._lock:
            if key in self._ready:
                self._ready.move_to_end(key)
                return self._ready[key]
        made = Optimizer(crew, objective, models, allowed, knowledge)
        with self._lock:
            made = self._ready.setdefault(key, made)  # whoever asked at the same time waits for one reading
            while len(self._ready) > MOST_KEPT:
                self._ready.popitem(last=False)
        return made


def add_stated(limits: Limits, analysis: Analysis | None) -> tuple[Limits, tuple[str, ...]]:
    """Return the limits with what the objective states where they set none, and the names of what was added."""
    added: dict[str, object] = {}
    if analysis and not limits.beyond_objective:
        budget, minutes = analysis.constraints.budget_usd, analysis.constraints.deadline_minutes
        if limits.budget_usd is None and budget:
            added["budget_usd"] = budget
        if limits.deadline_minutes is None and minutes and minutes <= LONGEST_DEADLINE_MINUTES:
            added["deadline_minutes"] = minutes
    most = _add_most_agents(limits, analysis)
    names = (*added, *(("max_agents",) if most != limits else ()))
    return most.model_copy(update=added), names


def _add_most_agents(limits: Limits, analysis: Analysis | None) -> Limits:
    """Return the limits with the most agents that the objective allows, unless they set it."""
    most = analysis.constraints.max_agents if analysis else None
    if limits.max_agents is not None or most is None or not 1 <= most <= MOST_AGENTS:
        return limits
    return limits.model_copy(update={"max_agents": most})


def tell_stated(made: Optimization, stated: Sequence[str]) -> Optimization:
    """Return the optimization with a sentence about the limits that it has from the objective."""
    if not stated:
        return made
    from crewgen_core.optimization.verdict import describe_limits

    limits = Limits(**{name: getattr(made.limits, name) for name in stated if name != "max_agents"})
    parts = [described] if (described := describe_limits(limits)) else []
    if made.limits.max_agents is not None and "max_agents" in stated:
        parts.append(f"a team of at most {format_count(made.limits.max_agents, 'agent')}")
    verdict = f"{made.verdict} The objective itself asks for {' and '.join(parts)}."
    return made.model_copy(update={"verdict": verdict, "stated": tuple(stated)})


def _check_positions(stored: StoredOptimization, chosen: Sequence[int]) -> tuple[int, ...]:
    """Return the positions of changes in order, each once. Raises NotFound for one where there is no change."""
    count = len(stored.result.changes)
    for at in chosen:
        if not 0 <= at < count:
            raise NotFound(
                f"Optimization {stored.row.id} has no change {at + 1}.",
                f"Its changes are 1 to {count}." if count else "It found nothing to change.",
            )
    return tuple(sorted(set(chosen)))


def _change(newest: Crew, origin: Crew, stored: StoredOptimization, wanted: Sequence[int]) -> Crew:
    """Return the newest crew with exactly the wanted changes. Raises EditConflict, ChangeDoesNotFit."""
    applied = stored.row.applied
    if newest in (origin, _try(origin, stored, applied)):  # nothing else was edited, or it was taken back
        return _apply(origin, stored.result, wanted)
    if not set(wanted) >= set(applied):
        raise EditConflict(
            "The crew was edited after these changes were applied, so they cannot be taken out one by one.",
            "Go back to an earlier version under Versions, or edit the crew.",
        )
    new = [at for at in wanted if at not in applied]
    if wanted and not new:
        raise EditConflict(
            "These changes were applied before, and the crew was edited since.",
            "Optimize the crew as it is now to see what would still make it better.",
        )
    return _apply(newest, stored.result, new)


def _try(origin: Crew, stored: StoredOptimization, applied: Sequence[int]) -> Crew | None:
    try:
        return _apply(origin, stored.result, _check_positions(stored, applied))
    except (NotFound, ChangeDoesNotFit):
        return None


def _refuse_new_errors(before: Report, after: Report) -> None:
    """Raise ChangeDoesNotFit where changes would bring an error that was not there: they were made for another crew."""
    known = {(finding.code, finding.message) for finding in before.errors}
    for finding in after.errors:
        if (finding.code, finding.message) not in known:
            raise ChangeDoesNotFit(
                f"With these changes the crew would have an error: {finding.message}",
                "Apply all changes, or optimize the crew as it is now.",
            )


def _apply(crew: Crew, made: Optimization, chosen: Sequence[int]) -> Crew:
    return apply_changes(crew, (made.changes[at] for at in sorted(set(chosen))))


def _note(made: Optimization, wanted: Sequence[int], applied: Sequence[int]) -> str:
    """Return what the list of versions says."""
    added = [made.changes[at].title for at in wanted if at not in applied]
    undone = [made.changes[at].title for at in applied if at not in wanted]
    parts = ([f"Optimized for {made.goal}: {'; '.join(added)}"] if added else []) + (
        [f"Undone: {'; '.join(undone)}"] if undone else []
    )
    return ". ".join(parts)[:300] or f"Optimized for {made.goal}: nothing changed"
