"""Prints whether learning from outcomes finds the truth, in simulated worlds whose truth is known. Takes 30 s.

Run from the project's folder: ``python -m benchmarks.calibration``
"""

import math
import statistics
from collections.abc import Sequence

from crewgen_core.catalog.constants import LearningConstants, load_constants
from crewgen_core.estimation.success import sigmoid
from crewgen_core.learning.measures import Z95
from crewgen_core.learning.ratios import learn_ratio, log_ratios
from crewgen_core.learning.recalibration import Recalibration, recalibrate
from crewgen_core.learning.track_record import score_in_turn
from tests.support.simulated_outcomes import OPTIMISTIC, RIGHT, VERY_WRONG, Run, simulate_costs, simulate_runs

PRIOR = load_constants().learning
REPETITIONS = 200
NEW_RUNS = 200
"""Runs of each repetition from which nothing was learned: forecasts of them are held against their true chance."""

WORLDS = {"optimistic": OPTIMISTIC, "very wrong": VERY_WRONG, "already right": RIGHT}

EXPECTED = {
    ("optimistic", 5): (0.254, 0.347, 0.237, 0.202, 0.13),
    ("optimistic", 20): (0.254, 0.239, 0.222, 0.201, 0.09),
    ("optimistic", 100): (0.254, 0.214, 0.210, 0.201, 0.05),
    ("optimistic", 500): (0.254, 0.212, 0.205, 0.202, 0.02),
    ("very wrong", 20): (0.331, 0.256, 0.195, 0.154, 0.13),
    ("very wrong", 100): (0.331, 0.182, 0.165, 0.154, 0.04),
    ("already right", 5): (0.188, 0.308, 0.194, 0.188, 0.06),
    ("already right", 100): (0.188, 0.191, 0.193, 0.188, 0.04),
}
"""By world and number of outcomes, what another program found when this method was chosen: Brier scores uncorrected,
without priors, corrected, and of the truth itself; and the calibration error of the corrected forecasts."""

COST_WORLDS = {"as assumed": (0.0, 0.66), "cheaper, wider": (-0.7, 1.0), "dearer, narrower": (0.5, 0.4)}
"""Mean and standard deviation of ln(actual / predicted)."""


def without_priors() -> LearningConstants:
    """Return priors so wide that only outcomes count, and no templates: Platt's method."""
    sds = {"shift_sd": 20.0, "slope_sd": 20.0, "template_sd": 0.001}
    return PRIOR.model_copy(
        update={name: getattr(PRIOR, name).model_copy(update={"value": sd}) for name, sd in sds.items()}
    )


def forecast(learned: Recalibration, runs: Sequence[Run]) -> list[float]:
    """Return the corrected chance of each run."""
    outcomes = (run.outcome for run in runs)
    return [sigmoid(learned.logit_of(it.predicted_success, it.template)[0]) for it in outcomes]


def expected_brier(forecasts: Sequence[float], runs: Sequence[Run]) -> float:
    """Return the Brier score that forecasts of these runs have on average, by their true chances."""
    pairs = zip(forecasts, runs, strict=True)
    return statistics.fmean((chance - run.chance) ** 2 + run.chance * (1 - run.chance) for chance, run in pairs)


def distance_from_truth(forecasts: Sequence[float], runs: Sequence[Run]) -> float:
    """Return the calibration error over ten bins of equal size, by the true chances of the runs."""
    pairs = sorted(zip(forecasts, (run.chance for run in runs), strict=True))
    size = len(pairs) // 10
    bins = [zip(*pairs[at : at + size], strict=True) for at in range(0, len(pairs), size)]
    return statistics.fmean(abs(statistics.fmean(said) - statistics.fmean(true)) for said, true in bins)


def covered(learned: Recalibration, runs: Sequence[Run]) -> float:
    """Return the share of runs whose true chance lies within the 90 % interval."""
    inside = 0
    for run in runs:
        logit, sd = learned.logit_of(run.outcome.predicted_success, run.outcome.template)
        inside += abs(logit - math.log(run.chance / (1 - run.chance))) <= Z95 * sd
    return inside / len(runs)


def print_success() -> None:
    """Print how near corrected forecasts come to the truth."""
    print("Success: Brier scores (lower is better) and calibration error; in brackets what was expected.\n")
    names = ("uncorrected", "without priors", "corrected", "the truth", "error")
    heads = "  ".join(f"{name:<14}" for name in names)
    print(f"{'predictions':<13}  {'n':>3}  {heads}  in 90 %      a      b")
    for (name, count), expected in EXPECTED.items():
        rows: list[tuple[float, ...]] = []
        for seed in range(REPETITIONS):
            old, new = simulate_runs(WORLDS[name], (count, NEW_RUNS), seed)
            outcomes = [run.outcome for run in old]
            learned = recalibrate(outcomes, PRIOR)
            corrected = forecast(learned, new)
            briers = (
                expected_brier([run.outcome.predicted_success for run in new], new),
                expected_brier(forecast(recalibrate(outcomes, without_priors()), new), new),
                expected_brier(corrected, new),
                expected_brier([run.chance for run in new], new),
            )
            rows.append((*briers, distance_from_truth(corrected, new), covered(learned, new), learned.a, learned.b))
        *found, inside, a, b = (statistics.fmean(column) for column in zip(*rows, strict=True))
        figures = "  ".join(f"{one:.3f} ({other:.3f}) " for one, other in zip(found, expected, strict=True))
        print(f"{name:<13}  {count:>3}  {figures}  {inside:>7.3f}  {a:>5.2f}  {b:>5.2f}")


def print_in_turn() -> None:
    """Print what forecasts made before each update score, as a calibration page would show it."""
    print("\nSuccess, each run forecast from those before it: Brier score and skill, uncorrected and corrected.\n")
    print(f"{'predictions':<13}  {'n':>3}  {'Brier':>13}  {'skill':>13}")
    for name, world in WORLDS.items():
        for count in (20, 100):
            records = [
                record
                for seed in range(REPETITIONS // 4)
                if (record := score_in_turn([run.outcome for run in simulate_runs(world, (count,), seed)[0]]))
            ]
            raw, corrected = (
                statistics.fmean(getattr(it, side).brier for it in records) for side in ("raw", "corrected")
            )
            skills = [statistics.fmean(getattr(it, side).skill or 0 for it in records) for side in ("raw", "corrected")]
            print(f"{name:<13}  {count:>3}  {raw:>6.3f} {corrected:.3f}   {skills[0]:>6.2f} {skills[1]:>6.2f}")


def print_costs() -> None:
    """Print how many of the next runs fall between P10 and P90 of the corrected cost: four of five should."""
    print("\nCost and duration: share of next runs between P10 and P90, which is to be 0.80, by number of outcomes.\n")
    counts = (0, 3, 5, 10, 20, 100)
    print(f"{'ln(actual / predicted)':<36}" + "".join(f"{count:>7}" for count in counts))
    for name, (bias, sd) in COST_WORLDS.items():
        shares: list[float] = []
        for count in counts:
            inside = 0
            for seed in range(REPETITIONS * 5):
                *old, new = log_ratios(
                    (it.predicted_cost_usd, it.actual_cost_usd) for it in simulate_costs(bias, sd, count + 1, seed)
                )
                factors = learn_ratio(old, PRIOR).factors()
                inside += factors.p10 <= math.exp(new) <= factors.p90
            shares.append(inside / (REPETITIONS * 5))
        print(f"{name + f', mean {bias}, sd {sd}':<36}" + "".join(f"{share:>7.3f}" for share in shares))


def main() -> None:
    """Print all three."""
    print_success()
    print_in_turn()
    print_costs()


if __name__ == "__main__":
    main()
