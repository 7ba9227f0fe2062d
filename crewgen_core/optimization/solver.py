"""Finds the best choice exactly: the problem as a mixed-integer program, solved by HiGHS (highs.dev).

A weighted set cover with assignment and scheduling, in the line of team formation (Lappas, Liu, Terzi, KDD 2009). The
success bound stays linear because success falls with the sum of the loads. Imports highspy (0.2 s), so that nothing
imports this module before something is to be optimized.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter

import highspy
import numpy as np

from crewgen_core.optimization.layout import Block
from crewgen_core.optimization.problem import Aim, Bounds, Choice, Figures, Problem, weigh

TIME_LIMIT_S = 10.0
"""Longest that one question is worked on; what is then not proved is told with its gap."""

RELATIVE_GAP = 1e-3
"""Within this share of the optimum a solution counts as proved."""

INFINITY = highspy.kHighsInf


@dataclass(frozen=True)
class Solution:
    """What the solver found."""

    choice: Choice | None
    """None when nothing keeps the bounds (``optimal`` then says whether that is proved)."""
    figures: Figures | None
    value: float
    """What was minimized; infinite without a choice."""
    bound: float
    """What no choice can come below."""
    optimal: bool
    seconds: float

    @property
    def gap(self) -> float:
        """How much better the optimum could be at most, as a share of the value; 0 where nothing was found."""
        return max(0.0, (self.value - self.bound) / self.value) if self.choice is not None and self.value > 0 else 0.0


class Solver:
    """One problem in HiGHS, to be solved for any number of aims and bounds."""

    def __init__(self, problem: Problem, gap: float = RELATIVE_GAP) -> None:
        """Build the program; it is passed to HiGHS once. ``gap`` is the share within which an optimum is proved."""
        self._problem = problem
        self._columns = _Columns(problem)
        self._highs = highspy.Highs()
        for name, value in (("output_flag", False), ("mip_rel_gap", gap), ("threads", 1)):
            self._highs.setOptionValue(name, value)
        self._highs.passModel(_write_program(problem, self._columns))

    def solve(self, aim: Aim, bounds: Bounds, start: Choice | None = None, limit_s: float = TIME_LIMIT_S) -> Solution:
        """Return the best choice within the bounds; ``start`` is one to begin with, if it keeps them."""
        started = perf_counter()
        highs, columns = self._highs, self._columns
        costs = np.zeros(columns.count)
        costs[[columns.cost, columns.seconds, columns.load, columns.changes]] = aim.coefficients()
        highs.changeColsCost(columns.count, np.arange(columns.count, dtype=np.int32), costs)
        for column, most in (
            (columns.cost, bounds.cost),
            (columns.seconds, bounds.seconds),
            (columns.load, bounds.load),
        ):
            highs.changeColBounds(column, 0.0, INFINITY if most is None else most)
        highs.setOptionValue("time_limit", highs.getRunTime() + limit_s)  # HiGHS counts over all runs
        if start is not None and weigh(self._problem, start).keep(bounds):
            solution = highspy.HighsSolution()
            solution.col_value = columns.write(start)
            highs.setSolution(solution)
        highs.run()
        return self._read(aim, perf_counter() - started)

    def _read(self, aim: Aim, seconds: float) -> Solution:
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        proved = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            bound = INFINITY if proved else info.mip_dual_bound
            return Solution(None, None, math.inf, bound, proved, seconds)
        values = self._highs.getSolution().col_value
        choice = self._columns.read(values)
        figures = weigh(self._problem, choice)
        value = aim.value(figures)
        return Solution(choice, figures, value, min(info.mip_dual_bound, value), proved, seconds)


class _Columns:
    """Where each variable of the program stands."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.cost, self.seconds, self.load, self.changes = range(4)
        place = 4
        self.options: list[list[int]] = []
        for options in problem.options:
            self.options.append(list(range(place, place + len(options))))
            place += len(options)
        self.seats = list(range(place, place + len(problem.seats)))
        place += len(problem.seats)
        self.layouts = list(range(place, place + len(problem.layouts)))
        place += len(problem.layouts)
        self.whole = place
        """Number of columns that are 0 or 1 (but for the four figures)."""
        blocks = dict.fromkeys(block for layout in problem.layouts for block in layout.blocks if len(block) > 1)
        self.blocks: Mapping[Block, int] = {block: place + at for at, block in enumerate(blocks)}
        place += len(blocks)
        self.readings: dict[tuple[int, int, int], int] = {}
        for reader, sources in enumerate(problem.sources):
            seats = sorted({option.seat for option in problem.options[reader] if option.reading})
            for source in sources:
                if any(option.reviewed for option in problem.options[source]):
                    for seat in seats:
                        self.readings[source, reader, seat] = place
                        place += 1
        self.count = place

    def write(self, choice: Choice) -> list[float]:
        """Return the values that a choice gives to the columns."""
        values = [0.0] * self.count
        taken = [options[at] for options, at in zip(self._problem.options, choice.options, strict=True)]
        for columns, at, option in zip(self.options, choice.options, taken, strict=True):
            values[columns[at]] = values[self.seats[option.seat]] = 1.0
        values[self.layouts[choice.layout]] = 1.0
        for block, column in self.blocks.items():
            values[column] = max(taken[at].seconds for at in block)
        for (source, reader, seat), column in self.readings.items():
            values[column] = float(taken[source].reviewed and taken[reader].seat == seat)
        figures = weigh(self._problem, choice)
        values[self.cost], values[self.seconds] = figures.cost, figures.seconds
        values[self.load], values[self.changes] = figures.load, float(figures.changes)
        return values

    def read(self, values: list[float]) -> Choice:
        """Return the choice that the values stand for."""
        taken = tuple(max(range(len(columns)), key=lambda at: values[columns[at]]) for columns in self.options)
        return Choice(taken, max(range(len(self.layouts)), key=lambda at: values[self.layouts[at]]))


class _Rows:
    """Rows of the program, as they are written down."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.starts: list[int] = []
        self.index: list[int] = []
        self.value: list[float] = []

    def add(self, terms: Iterable[tuple[int, float]], lower: float = -INFINITY, upper: float = INFINITY) -> None:
        """Add lower ≤ Σ coefficient · column ≤ upper."""
        self.starts.append(len(self.index))
        for column, coefficient in terms:
            if coefficient:
                self.index.append(column)
                self.value.append(coefficient)
        self.lower.append(lower)
        self.upper.append(upper)


def _write_program(problem: Problem, columns: _Columns) -> highspy.HighsLp:
    rows = _Rows()
    _add_figures(problem, columns, rows)
    _add_seats(problem, columns, rows)
    _add_times(problem, columns, rows)
    _add_readings(problem, columns, rows)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns.count, len(rows.lower)
    program.col_cost_ = np.zeros(columns.count)
    program.col_lower_ = np.zeros(columns.count)
    upper = np.full(columns.count, INFINITY)
    upper[4 : columns.whole] = 1.0
    program.col_upper_ = upper
    program.row_lower_, program.row_upper_ = np.array(rows.lower), np.array(rows.upper)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.num_col_, program.a_matrix_.num_row_ = columns.count, len(rows.lower)
    program.a_matrix_.start_ = np.array([*rows.starts, len(rows.index)])
    program.a_matrix_.index_, program.a_matrix_.value_ = np.array(rows.index), np.array(rows.value)
    continuous, integer = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    program.integrality_ = [integer if 4 <= at < columns.whole else continuous for at in range(columns.count)]
    return program


def _add_figures(problem: Problem, columns: _Columns, rows: _Rows) -> None:
    """Cost, load and changes are sums over what is chosen."""
    pairs = [
        (column, option)
        for places, options in zip(columns.options, problem.options, strict=True)
        for column, option in zip(places, options, strict=True)
    ]
    reading = {
        (reader, option.seat): option.reading for reader, options in enumerate(problem.options) for option in options
    }
    rows.add(
        [
            (columns.cost, -1.0),
            *((column, option.cost) for column, option in pairs),
            *((column, reading[reader, seat]) for (_, reader, seat), column in columns.readings.items()),
        ],
        0.0,
        0.0,
    )
    rows.add([(columns.load, -1.0), *((column, option.load) for column, option in pairs)], 0.0, 0.0)
    rows.add(
        [
            (columns.changes, -1.0),
            *((column, float(option.changes)) for column, option in pairs),
            *zip(columns.seats, map(float, problem.seat_changes), strict=True),
        ],
        0.0,
        0.0,
    )


def _add_seats(problem: Problem, columns: _Columns, rows: _Rows) -> None:
    """Each task has one option; its seat is taken; there are not too many; reviews are done by others."""
    for places, options in zip(columns.options, problem.options, strict=True):
        rows.add([(column, 1.0) for column in places], 1.0, 1.0)
        by_seat: dict[int, list[int]] = defaultdict(list)
        for column, option in zip(places, options, strict=True):
            by_seat[option.seat].append(column)
        for seat, own in by_seat.items():
            rows.add([*((column, 1.0) for column in own), (columns.seats[seat], -1.0)], upper=0.0)
    rows.add([(column, 1.0) for column in columns.seats], float(problem.least_agents), float(problem.most_seats))
    for seat, column in enumerate(columns.seats):  # a seat is taken by somebody: it cannot count for nothing
        users = [
            place
            for places, options in zip(columns.options, problem.options, strict=True)
            for place, option in zip(places, options, strict=True)
            if option.seat == seat
        ]
        rows.add([(column, 1.0), *((place, -1.0) for place in users)], upper=0.0)
    for one, other in problem.apart:
        for agent in {seat.agent for seat in problem.seats}:
            terms = [
                (column, 1.0)
                for at in (one, other)
                for column, option in zip(columns.options[at], problem.options[at], strict=True)
                if problem.seats[option.seat].agent == agent
            ]
            rows.add(terms, upper=1.0)


def _add_times(problem: Problem, columns: _Columns, rows: _Rows) -> None:
    """The run takes the sum over the blocks of the layout that is chosen, and the added reviews."""

    def duration(at: int) -> list[tuple[int, float]]:
        return [
            (column, option.seconds) for column, option in zip(columns.options[at], problem.options[at], strict=True)
        ]

    rows.add([(column, 1.0) for column in columns.layouts], 1.0, 1.0)
    for block, column in columns.blocks.items():
        for at in block:
            rows.add([(column, -1.0), *duration(at)], upper=0.0)
    reviews = [
        (column, option.review_seconds)
        for places, options in zip(columns.options, problem.options, strict=True)
        for column, option in zip(places, options, strict=True)
    ]
    longest = sum(max(option.seconds for option in options) for options in problem.options)
    only = len(problem.layouts) == 1
    for layout, chosen in zip(problem.layouts, columns.layouts, strict=True):
        taken: list[tuple[int, float]] = [(columns.seconds, -1.0)]
        singles: dict[int, float] = defaultdict(float)
        for column, seconds in reviews:
            singles[column] += seconds
        for block in layout.blocks:
            if len(block) > 1:
                taken.append((columns.blocks[block], 1.0))
            else:
                for column, seconds in duration(next(iter(block))):
                    singles[column] += seconds
        taken += singles.items()
        if only:
            rows.add(taken, upper=0.0)
        else:
            rows.add([*taken, (chosen, longest)], upper=longest)


def _add_readings(problem: Problem, columns: _Columns, rows: _Rows) -> None:
    """Who works from a reviewed result reads the review as well."""
    by_pair: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for (source, reader, seat), column in columns.readings.items():
        by_pair[source, reader].append((seat, column))
    for (source, reader), readings in by_pair.items():
        reviewed = [
            (column, 1.0)
            for column, option in zip(columns.options[source], problem.options[source], strict=True)
            if option.reviewed
        ]
        rows.add([*((column, 1.0) for _, column in readings), *((column, -1.0) for column, _ in reviewed)], lower=0.0)
        for seat, column in readings:
            taken = [
                (place, -1.0)
                for place, option in zip(columns.options[reader], problem.options[reader], strict=True)
                if option.seat == seat
            ]
            rows.add([(column, 1.0), *taken], upper=0.0)
