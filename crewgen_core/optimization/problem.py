"""The choice to be made, in plain numbers: for each task one option, for each agent its models, one layout.

A *seat* is an agent thinking with a model. One agent may take several seats; it is then split. Everything a choice
costs is a sum over options (and over pairs of a reviewed task and one that reads the review), so that an exact solver
can find the best one. ``weigh`` computes the same figures for a given choice, which is how tests hold the solver to it.
"""

from dataclasses import dataclass

from crewgen_core.optimization.layout import Layout

CHANGE_WEIGHT = 0.01
"""What a change must be worth: a hundredth of today's figure, so that nothing is changed for nothing [choice]."""

TIE_WEIGHT = 0.001
"""What figures count that are not the goal, so that of two crews as good the one is taken that is better elsewhere."""


@dataclass(frozen=True)
class Seat:
    """An agent with a model."""

    agent: int
    model: int


@dataclass(frozen=True)
class Option:
    """One way to have a task done."""

    seat: int
    reviewed: bool
    """True when its result is checked by an added review."""
    cost: float
    """USD, the added review included."""
    seconds: float
    review_seconds: float
    """Of the added review, which nothing else runs beside."""
    load: float
    changes: int = 0
    """How many things would be otherwise than today: another agent, an added review."""
    reading: float = 0.0
    """USD more for each review that this task reads beside the result it checks."""


@dataclass(frozen=True)
class Problem:
    """All choices; figures are those of a typical run."""

    seats: tuple[Seat, ...]
    seat_changes: tuple[int, ...]
    """For each seat, 1 when the agent has another model today."""
    options: tuple[tuple[Option, ...], ...]
    """For each task in list order."""
    layouts: tuple[Layout, ...]
    sources: tuple[tuple[int, ...], ...]
    """For each task the positions that it works from."""
    most_seats: int
    least_agents: int = 1
    apart: tuple[tuple[int, int], ...] = ()
    """Pairs of tasks that two different agents must do: a review and what it reviews."""
    complete: bool = True
    """False when layouts were left out that might be faster."""


@dataclass(frozen=True)
class Weights:
    """What a goal minimizes: figures of the crew as shares of today's, each times its weight."""

    cost: float
    seconds: float
    load: float


@dataclass(frozen=True)
class Bounds:
    """The most that each figure may be; None sets no limit."""

    cost: float | None = None
    seconds: float | None = None
    load: float | None = None


@dataclass(frozen=True)
class Figures:
    """What a choice comes to in a typical run."""

    cost: float
    seconds: float
    load: float
    changes: int = 0

    def keep(self, bounds: Bounds, slack: float = 1e-6) -> bool:
        """Tell whether no bound is broken by more than a share of ``slack``."""
        pairs = ((self.cost, bounds.cost), (self.seconds, bounds.seconds), (self.load, bounds.load))
        return all(bound is None or figure <= bound * (1 + slack) + 1e-12 for figure, bound in pairs)


@dataclass(frozen=True)
class Choice:
    """One choice: for each task the number of its option, and the layout."""

    options: tuple[int, ...]
    layout: int = 0


@dataclass(frozen=True)
class Aim:
    """What is to be minimized, in units of the crew as it is today."""

    weights: Weights
    today: Figures
    change_weight: float = CHANGE_WEIGHT

    def value(self, figures: Figures) -> float:
        """Return what is minimized."""
        return (
            self.weights.cost * figures.cost * _inverse(self.today.cost)
            + self.weights.seconds * figures.seconds * _inverse(self.today.seconds)
            + self.weights.load * figures.load * _inverse(self.today.load)
            + self.change_weight * figures.changes
        )

    def coefficients(self) -> tuple[float, float, float, float]:
        """Return what one USD, one second, one unit of load and one change count."""
        return (
            self.weights.cost * _inverse(self.today.cost),
            self.weights.seconds * _inverse(self.today.seconds),
            self.weights.load * _inverse(self.today.load),
            self.change_weight,
        )


def weigh(problem: Problem, choice: Choice) -> Figures:
    """Return the figures of a choice."""
    taken = [options[at] for options, at in zip(problem.options, choice.options, strict=True)]
    cost = sum(option.cost for option in taken)
    for at, option in enumerate(taken):
        cost += option.reading * sum(taken[source].reviewed for source in problem.sources[at])
    seats = {option.seat for option in taken}
    return Figures(
        cost=cost,
        seconds=problem.layouts[choice.layout].seconds([option.seconds for option in taken])
        + sum(option.review_seconds for option in taken),
        load=sum(option.load for option in taken),
        changes=sum(option.changes for option in taken) + sum(problem.seat_changes[seat] for seat in seats),
    )


def is_allowed(problem: Problem, choice: Choice) -> bool:
    """Tell whether a choice keeps the rules that are no figures: number of agents, reviews by others."""
    taken = [options[at] for options, at in zip(problem.options, choice.options, strict=True)]
    seats = {option.seat for option in taken}
    agents = [problem.seats[option.seat].agent for option in taken]
    return problem.least_agents <= len(seats) <= problem.most_seats and all(
        agents[one] != agents[other] for one, other in problem.apart
    )


def least_value(problem: Problem, aim: Aim) -> float:
    """Return a figure that no choice can come below, whatever the bounds: the best option of each task by itself."""
    of_cost, of_seconds, of_load, of_change = aim.coefficients()
    separate = sum(
        min(
            of_cost * o.cost + of_load * o.load + of_seconds * o.review_seconds + of_change * o.changes for o in options
        )
        for options in problem.options
    )
    fastest = [min(option.seconds for option in options) for options in problem.options]
    return separate + of_seconds * min(layout.seconds(fastest) for layout in problem.layouts)


def _inverse(figure: float) -> float:
    """Return 1 / figure; 0 where today's figure is 0, for a share of nothing says nothing."""
    return 1 / figure if figure else 0.0
