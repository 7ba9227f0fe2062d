"""One crew, read once in every way of working together, to be solved for any aim and limits."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

from crewgen_core.analysis.analyze import analyze
from crewgen_core.errors import CannotOptimize
from crewgen_core.estimation.success import kappa
from crewgen_core.models.change import Change, Effect, apply_changes
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits, Variant, VariantKind
from crewgen_core.optimization.changes import list_changes
from crewgen_core.optimization.problem import Aim, Bounds, Choice, Figures, Weights, least_value, weigh
from crewgen_core.optimization.pruning import keep_unbeaten
from crewgen_core.optimization.quality import demand_quality
from crewgen_core.optimization.reading import Reading, read_style
from crewgen_core.optimization.solver import TIME_LIMIT_S, Solution, Solver
from crewgen_core.optimization.styles import list_styles, merge_agents
from crewgen_core.pipeline import Knowledge, assess, price
from crewgen_core.validation.texts import shorten

MOST_CORRECTIONS = 3
"""Times that a limit is set anew because simulated runs differ from typical figures."""

NEAR_ENOUGH = 0.002
"""Share by which a corrected limit must differ to be worth another solve."""

LEAST_TIME_S = 0.5
"""Time that every way of working together gets, however long the others took."""

SLACK = 0.98
"""Share of a limit below which a figure is not held back by it."""


TOO_MANY_AGENTS = "CG321"
"""The error of a crew that is larger than its objective allows."""

NOTHING = Solution(None, None, math.inf, math.inf, True, 0.0)
"""What stands for a problem that was not solved."""


@dataclass(frozen=True)
class Found:
    """The best crew for an aim within limits."""

    crew: Crew
    changes: tuple[Change, ...]
    estimate: Estimate
    value: float
    """What was minimized, comparable between ways of working together."""
    style: str
    """The way of working together in which it was found."""


@dataclass(frozen=True)
class Search:
    """What a search over all ways of working together came to."""

    found: Found | None
    bound: float
    """What no crew within the limits can come below."""
    proved: bool
    seconds: float
    styles: tuple[str, ...]

    @property
    def gap(self) -> float:
        """How much better the optimum could be at most, as a share; 0 where nothing was found."""
        if self.found is None or self.found.value <= 0:
            return 0.0
        return max(0.0, (self.found.value - self.bound) / self.found.value)


class Optimizer:
    """A crew that is to be optimized; one search runs at a time.

    What may be changed at all (``limits`` but for budget, deadline and least success) is fixed when it is made.
    """

    def __init__(
        self, crew: Crew, objective: Objective | None, models: Sequence[str], limits: Limits, knowledge: Knowledge
    ) -> None:
        """Check the crew; ``models`` are those that agents may be given.

        Raises CannotOptimize for a crew with errors, without tasks, or with a model whose price is not known.
        """
        self.crew = crew
        self.limits = limits
        self.knowledge = knowledge
        self.analysis = analyze(objective, knowledge.catalog) if objective else None
        report, self.today = assess(crew, self.analysis, knowledge)
        if not crew.tasks:
            raise CannotOptimize("The crew has no tasks, so there is nothing to optimize.", "Add a task first.")
        in_the_way = [error for error in report.errors if error.code != TOO_MANY_AGENTS]  # that can be helped here
        if in_the_way:
            raise CannotOptimize(f"The crew has an error: {in_the_way[0].message}")
        if self.today.cost_usd is None:
            unpriced = next(part.model for part in self.today.by_agent if part.cost_usd is None)
            raise CannotOptimize(
                f"The price of {shorten(unpriced)} is not known, so variants cannot be compared by cost.",
                "Enter its price under Settings, or give the agent another model.",
            )
        profiles = [knowledge.profile_of(name) for name in models]
        self.models = tuple(profile.name for profile in keep_unbeaten(profiles))
        own = {share.model for share in self.today.by_agent}
        self.models_considered = self._count_models({*models, *own})
        self.models_left = self._count_models({*self.models, *own})
        self._lock = Lock()

    def _count_models(self, names: Collection[str]) -> int:
        """Count models, each once however its name is spelled."""
        return len({self.knowledge.profile_of(name).label for name in names})

    @property
    def domain(self) -> str | None:
        """Catalog key of the objective's domain; None without an objective."""
        return self.analysis.domain if self.analysis else None

    @property
    def template(self) -> str | None:
        """Key of the template that the crew was made from; None without one."""
        return self.analysis.objective.template if self.analysis else None

    @property
    def own_style(self) -> str:
        """The way in which today's crew works together."""
        return self.readings[0][0].style.name

    @cached_property
    def readings(self) -> tuple[tuple[Reading, Solver], ...]:
        """The crew in each way of working together that is possible, its own first."""
        return tuple((reading, Solver(reading.problem)) for reading in self._read())

    @cached_property
    def _checked_readings(self) -> tuple[tuple[Reading, Solver], ...]:
        """The same where every final result has to be checked."""
        demanding = (demand_quality(reading, self.knowledge.catalog) for reading, _ in self.readings)
        return tuple((reading, Solver(reading.problem)) for reading in demanding)

    @cached_property
    def figures(self) -> Figures:
        """Today's crew in figures of a typical run; the load is what it would be without a team's effect."""
        own, _ = self.readings[0]
        if own.today is None:
            raise CannotOptimize("The crew cannot be read as it is: a task has no agent that can do it.")
        figures = weigh(own.problem, own.today)
        return replace(figures, load=own.equivalent(figures.load))

    def search(self, weights: Weights, limits: Limits, *, checked: bool = False) -> Search:
        """Return the best crew within budget, deadline and least success of the limits.

        ``checked`` demands a check of every final result.
        """
        with self._lock:
            return self._search(weights, limits, self._checked_readings if checked else self.readings)

    def sketch(self, weights: Weights, limits: Limits, styles: Collection[str]) -> Found | None:
        """Return the best crew in some ways of working together, near the limits: one point of a curve.

        Limits are turned into typical figures by today's ratio only, so that simulated runs may miss them by a little.
        """
        with self._lock:
            readings = [pair for pair in self.readings if pair[0].style.name in styles]
            return self._search(weights, limits, readings, corrections=1).found

    def estimate(self, crew: Crew) -> Estimate:
        """Estimate one run of another crew for the same objective."""
        return price(crew, self.knowledge, self.domain, self.template)

    def make_variant(self, kind: VariantKind, crew: Crew, estimate: Estimate) -> Variant:
        """Return a crew with its figures, to be compared with others."""
        models = tuple(dict.fromkeys(share.model for share in estimate.by_agent))
        return Variant(kind=kind, effect=Effect.of(estimate), agents=len(crew.agents), models=models, crew=crew)

    def merge(self) -> Variant:
        """Return the baseline: the same tasks, done by one agent alone."""
        crew = merge_agents(self.crew)
        return self.make_variant("one agent", crew, self.estimate(crew))

    def _read(self) -> Iterator[Reading]:
        known: dict[tuple[str, str], Reading] = {}
        workers = {share.task: share.agent for share in self.today.by_task if share.agent}
        for style in list_styles(self.crew, self.limits, workers):
            kind = (style.crew.process, style.crew.oversight if style.crew.process == "hierarchical" else "")
            like = known.get(kind)
            reading = read_style(style, self.models, self.limits, self.knowledge, self.domain, like)
            known[kind] = reading
            if reading.problem.layouts:
                yield reading

    def _search(
        self,
        weights: Weights,
        limits: Limits,
        readings: Sequence[tuple[Reading, Solver]],
        corrections: int = MOST_CORRECTIONS,
    ) -> Search:
        best: Found | None = None
        lowest, seconds, proved = math.inf, 0.0, True
        aims = {reading.style.name: self._aim_for(reading, weights) for reading, _ in readings}
        least = {reading.style.name: least_value(reading.problem, aims[reading.style.name]) for reading, _ in readings}
        for reading, solver in sorted(readings, key=lambda pair: least[pair[0].style.name]):
            name = reading.style.name
            if best is not None and least[name] >= best.value:
                continue
            left = max(LEAST_TIME_S, TIME_LIMIT_S - seconds)
            found, last = self._solve(reading, solver, aims[name], limits, corrections, best, left)
            seconds += last.seconds
            proved = proved and last.optimal
            if found is not None:
                best = found
                lowest = min(lowest, found.value * (1 - last.gap))
            elif last.choice is None:
                lowest = min(lowest, last.bound)
        if weights_time(weights, limits):
            proved = proved and all(reading.problem.complete for reading, _ in readings)
        bound = min(lowest, best.value) if best else lowest
        return Search(best, bound, proved, seconds, tuple(least))

    def _aim_for(self, reading: Reading, weights: Weights) -> Aim:
        """Return the aim in units of today's crew; a team's effect makes a unit of load count less or more."""
        counts = math.exp(-reading.effect / kappa(reading.constants))
        return Aim(weights, replace(self.figures, load=self.figures.load / counts))

    def _solve(
        self,
        reading: Reading,
        solver: Solver,
        aim: Aim,
        limits: Limits,
        corrections: int,
        best: Found | None,
        seconds: float,
    ) -> tuple[Found | None, Solution]:
        """Solve in one way of working together; return what is better than the best so far, if anything is.

        The solver adds up typical figures, limits are for the median of simulated runs: the ratio of both, first
        today's, then that of the crew that was found, turns one into the other.
        """
        own = self.today
        cost_ratio = _ratio(float(own.cost_usd.p50) if own.cost_usd else 0.0, self.figures.cost)
        time_ratio = _ratio(own.duration_s.p50, self.figures.seconds)
        better: Found | None = None
        solution, spent = NOTHING, 0.0
        for _ in range(corrections):
            bounds = Bounds(
                cost=None if limits.budget_usd is None else float(limits.budget_usd) / cost_ratio,
                seconds=None if limits.deadline_minutes is None else limits.deadline_minutes * 60 / time_ratio,
                load=None if limits.least_success is None else reading.most_load(self._uncorrect(limits.least_success)),
            )
            solution = solver.solve(aim, bounds, reading.today, max(LEAST_TIME_S, seconds - spent))
            spent += solution.seconds
            if solution.choice is None or solution.figures is None:
                break
            value = self._value(reading, solution.figures, aim.weights)
            ahead = better or best
            if ahead is not None and value >= ahead.value - 1e-9:
                break
            found = self._build(reading, solution.choice, value)
            if corrections == 1 or keeps(found.estimate, limits):
                better = found
            cost = found.estimate.cost_usd
            new_cost_ratio = _ratio(float(cost.p50) if cost else 0.0, solution.figures.cost)
            new_time_ratio = _ratio(found.estimate.duration_s.p50, solution.figures.seconds)
            settled = not _matters(solution.figures.cost, bounds.cost, new_cost_ratio / cost_ratio) and not _matters(
                solution.figures.seconds, bounds.seconds, new_time_ratio / time_ratio
            )
            if settled and better is not None:
                break
            cost_ratio, time_ratio = new_cost_ratio, new_time_ratio
        return better, replace(solution, seconds=spent)

    def _value(self, reading: Reading, figures: Figures, weights: Weights) -> float:
        """Return what is minimized, with the load that would give the same success without a team's effect."""
        return Aim(weights, self.figures).value(replace(figures, load=reading.equivalent(figures.load)))

    def _uncorrect(self, chance: float) -> float:
        """Return the chance before own outcomes correct it, which is what a load stands for.

        Cost and duration need no such step: the ratio of simulated to typical figures has their correction in it.
        """
        learned = self.knowledge.calibration
        return learned.uncorrect_success(chance, self.template) if learned else chance

    def _build(self, reading: Reading, choice: Choice, value: float) -> Found:
        changes = list_changes(self.crew, reading, choice, self.knowledge.catalog)
        crew = apply_changes(self.crew, changes)
        return Found(crew, changes, self.estimate(crew), value, reading.style.name)


def is_small_enough(crew: Crew, limits: Limits) -> bool:
    """Tell whether the crew has no more agents than allowed."""
    return limits.max_agents is None or len(crew.agents) <= limits.max_agents


def keeps(estimate: Estimate, limits: Limits) -> bool:
    """Tell whether a typical run keeps budget, deadline and least success."""
    cost, deadline = estimate.cost_usd, limits.deadline_minutes
    return (
        (limits.budget_usd is None or (cost is not None and cost.p50 <= limits.budget_usd))
        and (deadline is None or estimate.duration_s.p50 <= deadline * 60 * (1 + 1e-9))
        and (limits.least_success is None or estimate.success.p50 >= limits.least_success - 1e-9)
    )


def weights_time(weights: Weights, limits: Limits) -> bool:
    """Tell whether it matters how long the run takes."""
    return limits.deadline_minutes is not None or weights.seconds >= max(weights.cost, weights.load)


def _matters(figure: float, bound: float | None, correction: float) -> bool:
    """Tell whether a limit holds the figure back and would stand elsewhere after the correction."""
    return bound is not None and figure > bound * SLACK and abs(correction - 1) > NEAR_ENOUGH


def _ratio(simulated: float, typical: float) -> float:
    return simulated / typical if simulated > 0 and typical > 0 else 1.0
