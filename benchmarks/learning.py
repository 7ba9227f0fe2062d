"""Prints how far forecasts are off before and after so many outcomes, in simulated worlds whose truth is known, and how
long it takes to see that nothing new was recorded. Takes half a minute.

Run from the project's folder: ``python -m benchmarks.learning``
"""

import math
import random
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tables.measured import note
from crewgen_core.app import Crewgen
from crewgen_core.catalog.constants import load_constants
from crewgen_core.estimation.success import sigmoid
from crewgen_core.learning.calibration import calibrate
from crewgen_core.learning.ratios import learn_ratio
from crewgen_core.models.outcome import Outcome
from crewgen_core.settings import Settings
from tests.support.crews import sequential_crew
from tests.support.recorded_outcomes import record_outcomes

WORLDS = {"mildly optimistic": (-0.4, 0.9), "strongly optimistic": (-0.8, 0.7), "already right": (0.0, 1.0)}
"""By name a and b of the truth: logit P = a + b · logit p, p the predicted chance."""

COST_BIAS, COST_SD = math.log(2.2), 0.45
"""A typical run costs 2.2 times what is predicted for it."""

COUNTS = (0, 20, 50, 100, 200)
REPETITIONS = 40
NEW_RUNS = 1_000
"""Runs from which nothing was learned; ten bins of equal size."""

STORED, LOOKS = 2_000, 200


def simulate_logits(count: int, chance: random.Random) -> list[float]:
    """Return logits of predicted chances: half of them between 42 and 79 %."""
    return [chance.gauss(0.5, 1.2) for _ in range(count)]


def measure_success(a: float, b: float, count: int, seed: int) -> float:
    """Return the calibration error of corrected forecasts, by true chances: the luck of new runs adds nothing."""
    chance = random.Random(seed)
    outcomes = [
        Outcome(predicted_success=sigmoid(it), succeeded=chance.random() < sigmoid(a + b * it))
        for it in simulate_logits(count, chance)
    ]
    learned = calibrate(outcomes).success
    new = sorted(simulate_logits(NEW_RUNS, chance))  # forecasts rise with them
    forecasts = [sigmoid(learned.logit_of(sigmoid(it))[0]) if count else sigmoid(it) for it in new]
    gaps = [forecast - sigmoid(a + b * it) for forecast, it in zip(forecasts, new, strict=True)]
    size = NEW_RUNS // 10
    return statistics.fmean(abs(statistics.fmean(gaps[at : at + size])) for at in range(0, NEW_RUNS, size))


def measure_cost(count: int, seed: int) -> float:
    """Return by what factor, up or down, a typical new run misses its corrected cost, less 1."""
    chance = random.Random(seed)
    learned = learn_ratio([chance.gauss(COST_BIAS, COST_SD) for _ in range(count)], load_constants().learning)
    typical = math.log(learned.factors().p50) if count else 0.0
    return math.exp(statistics.median(abs(chance.gauss(COST_BIAS, COST_SD) - typical) for _ in range(NEW_RUNS))) - 1


def print_errors() -> None:
    """Print the median error by number of outcomes."""
    print(f"{'':<34}" + "".join(f"{f'n = {count}':>9}" for count in COUNTS))
    for name, (a, b) in WORLDS.items():
        errors = [
            statistics.median(measure_success(a, b, count, seed) for seed in range(REPETITIONS)) for count in COUNTS
        ]
        if 50 in COUNTS:
            note(f"Error of success after 50 outcomes, {name}", errors[COUNTS.index(50)], "of 1")
        print(f"{f'success, {name}':<34}" + "".join(f"{it:>9.3f}" for it in errors))
    costs = [statistics.median(measure_cost(count, seed) for seed in range(REPETITIONS)) for count in COUNTS]
    print(f"{'cost: a typical run is off by':<34}" + "".join(f"{it:>9.0%}" for it in costs))


def print_look() -> None:
    """Print how long it takes to see that what was learned is still current."""
    with TemporaryDirectory() as folder:
        crewgen = Crewgen(Settings(database_url=f"sqlite:///{Path(folder) / 'crewgen.db'}"), {})
        record_outcomes(crewgen, crewgen.crews.save(sequential_crew()), STORED)
        started = time.perf_counter()
        first = crewgen.outcomes.calibration()
        learning = time.perf_counter() - started
        looks: list[float] = []
        for _ in range(LOOKS):
            started = time.perf_counter()
            if crewgen.outcomes.calibration() is not first:
                raise RuntimeError("What was learned was not kept.")
            looks.append(time.perf_counter() - started)
        crewgen.database.close()
    note("Seeing that nothing new is to be learned", statistics.median(looks) * 1_000, "ms", 5)
    print(f"\nWith {STORED:,} outcomes: learning from all takes {learning * 1_000:.0f} ms,")
    print(f"seeing that nothing new is there {statistics.median(looks) * 1_000:.2f} ms (5 are meant at most).")


def main() -> None:
    """Print both."""
    print_errors()
    print_look()


if __name__ == "__main__":
    main()
