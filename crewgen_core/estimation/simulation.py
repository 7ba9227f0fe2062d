"""How much runs of the same crew differ: 10,000 of them, simulated at once with fixed random numbers.

Every figure of a task is its typical value times a lognormal factor; part of it is common to all tasks of a run (a day
on which everything takes longer). The same crew always gets the same numbers, and a task keeps its own when others are
added after it. numpy is imported with this module, which is therefore imported only when an estimate is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from crewgen_core.catalog.constants import SpreadConstants
from crewgen_core.estimation.duration import replay
from crewgen_core.models.value import Quantiles

RUNS = 10_000
SEED = 20_261_122
RANKS = (RUNS // 10 - 1, RUNS // 2 - 1, RUNS * 9 // 10 - 1)
"""Positions of P10, P50 and P90 among the sorted runs."""

FEWEST_ROWS = 8

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Factors:
    """Lognormal factors, one row for each task and one column for each run, with each row's P10, P50 and P90."""

    of_tokens: Array
    of_time: Array
    token_ranks: Array
    time_ranks: Array


def draw_factors(tasks: int, spread: SpreadConstants) -> Factors:
    """Return the factors of that many tasks, always the same ones."""
    rows = FEWEST_ROWS
    while rows < tasks:
        rows *= 2
    return _draw(rows, spread.task.value, spread.common.value, spread.calls.value)


@lru_cache(maxsize=6)
def _draw(rows: int, own_sd: float, common_sd: float, calls_sd: float) -> Factors:
    generator = np.random.default_rng(SEED)
    common = generator.standard_normal(RUNS)
    own = generator.standard_normal((rows, RUNS))
    logs = common_sd * common + own_sd * own
    total_sd = float(np.hypot(own_sd, common_sd))
    of_tokens = np.exp(logs)
    of_time = np.exp(logs * (calls_sd / total_sd if total_sd else 0.0))
    return Factors(of_tokens, of_time, _ranks(of_tokens), _ranks(of_time))


def _ranks(runs: Array) -> Array:
    """Return P10, P50 and P90 of each row. Sorting beats selecting three ranks, because numpy vectorises it."""
    return np.sort(runs, axis=-1)[..., RANKS]


def simulate_sums(weights: Sequence[Sequence[float]], factors: Array, ranks: Array) -> list[Quantiles]:
    """Return the quantiles of sums of task figures: one row of typical figures, by task, for each sum."""
    table = np.asarray(weights, dtype=np.float64)
    tasks = table.shape[1]
    found = table @ ranks[:tasks]  # exact where at most one figure of the row is not 0
    mixed = np.count_nonzero(table, axis=1) > 1
    if mixed.any():
        found[mixed] = _ranks(np.stack([_add_up(row, factors) for row in table[mixed]]))
    return [Quantiles(p10=low, p50=middle, p90=high) for low, middle, high in found.tolist()]


def single(typical: float, ranks: Array) -> Quantiles:
    """Return the quantiles of one task's figure."""
    low, middle, high = ranks.tolist()
    return Quantiles(p10=typical * low, p50=typical * middle, p90=typical * high)


def simulate_duration(asynchronous: Sequence[bool], seconds: Sequence[float], factors: Factors) -> Quantiles:
    """Return the quantiles of the run's duration: CrewAI's rule, replayed for at least one task in every run."""
    if not any(asynchronous):
        return simulate_sums([seconds], factors.of_time, factors.time_ranks)[0]
    low, middle, high = _ranks(run_durations(asynchronous, seconds, factors)).tolist()
    return Quantiles(p10=low, p50=middle, p90=high)


def run_durations(asynchronous: Sequence[bool], seconds: Sequence[float], factors: Factors) -> Array:
    """Return the seconds of every simulated run, by CrewAI's rule."""
    durations = [factors.of_time[at] * typical for at, typical in enumerate(seconds)]
    total: Array = np.maximum.reduce([end for _, end in replay(asynchronous, durations, np.maximum)])
    return total


def run_sums(typical: Sequence[float], factors: Array) -> Array:
    """Return the sum of task figures of every simulated run."""
    return _add_up(np.asarray(typical, dtype=np.float64), factors)


def _add_up(typical: Array, factors: Array) -> Array:
    """Return the sum of every run, over the tasks that have a figure.

    Not with ``@``: that wakes a thread on each core for a millisecond of work, and where other programs want the cores
    the threads wait for each other, five times as long as the work takes.
    """
    (own,) = np.nonzero(typical)
    taken = factors[: len(own)] if len(own) == len(typical) else factors[own]  # a slice is no copy
    total: Array = np.einsum("t,tr->r", typical[own], taken)
    return total
