"""Optimizes 40 generated crews for each goal and prints what it brings, and how long the solver takes by size.

Run from the project's folder: ``python -m benchmarks.optimize``
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.tables.measured import note
from crewgen_core.app import Crewgen
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import GOALS, Limits, Optimization
from crewgen_core.optimization.frontier import find_frontier
from crewgen_core.optimization.layout import find_layouts
from crewgen_core.optimization.optimize import optimize
from crewgen_core.optimization.optimizer import Optimizer
from crewgen_core.optimization.problem import Aim, Bounds, Choice, Weights, weigh
from crewgen_core.optimization.pruning import prune
from crewgen_core.optimization.solver import Solver
from crewgen_core.settings import Settings
from tests.support.problems import make_problem

OBJECTIVES = Path(__file__).parent / "objectives.txt"
CREWS = 40
MODELS = ("openai/gpt-5.6-luna", "claude-sonnet-5", "gpt-5", "gemini/gemini-2.5-pro")
"""What the crews think with before: the default, and models that people had when they made crews earlier."""

SIZES = ((4, 15), (6, 15), (10, 15), (20, 15))
SEEDS = 8


def main() -> None:
    """Print both tables."""
    crewgen = Crewgen(Settings(), {})
    lines = [line for line in OBJECTIVES.read_text(encoding="utf-8").splitlines() if line.strip()][:CREWS]
    candidates = crewgen.models.find_candidates()
    for model in MODELS:
        print(f"\n{CREWS} crews that think with {model}: medians (and lowest to highest) of what each goal brings")
        _print_gains(list(_optimize_all(crewgen, lines, candidates, model)))
    _print_speed(crewgen, lines, candidates)


def _optimize_all(
    crewgen: Crewgen, lines: list[str], candidates: tuple[str, ...], model: str
) -> Iterator[tuple[Optimization, Crew, float]]:
    for text in lines:
        objective = Objective(text=text)
        crew = CatalogComposer(crewgen.catalog).build(crewgen.analyze(objective))
        agents = tuple(agent.model_copy(update={"model": model}) for agent in crew.agents)
        tasks = tuple(task.model_copy(update={"async_execution": False}) for task in crew.tasks)
        label = "sequential" if crew.coordination == "parallel" else crew.coordination
        crew = crew.model_copy(update={"agents": agents, "tasks": tasks, "coordination": label})
        optimizer = Optimizer(crew, objective, candidates, Limits(), crewgen.knowledge)
        for goal in GOALS:
            started = time.perf_counter()
            made = optimize(optimizer, goal, Limits())
            yield made, crew, time.perf_counter() - started


def _print_gains(all_made: list[tuple[Optimization, Crew, float]]) -> None:
    print(f"{'goal':13}{'cost':>24}{'duration':>24}{'success, points':>24}{'changed':>9}{'proved':>8}{'ms':>7}")
    for goal in GOALS:
        made = [one for one, _, _ in all_made if one.goal == goal]
        seconds = [taken for one, _, taken in all_made if one.goal == goal]
        cost = [
            float(one.after.cost_usd.p50 / one.before.cost_usd.p50) - 1
            for one in made
            if one.after.cost_usd and one.before.cost_usd
        ]
        duration = [one.after.duration_s.p50 / one.before.duration_s.p50 - 1 for one in made]
        success = [100 * (one.after.success.p50 - one.before.success.p50) for one in made]
        print(
            f"{goal:13}{_spread(cost, 100, '%'):>24}{_spread(duration, 100, '%'):>24}{_spread(success, 1, ''):>24}"
            f"{sum(bool(one.changes) for one in made):>9}{sum(one.proof.optimal for one in made):>8}"
            f"{statistics.median(seconds) * 1000:>7.0f}"
        )
    _print_speed_goal([(one, crew) for one, crew, _ in all_made if one.goal == "speed"])
    _print_performance_goal([one for one, _, _ in all_made if one.goal == "performance"])


def _print_speed_goal(made: list[tuple[Optimization, Crew]]) -> None:
    """Print the speed goal for the crews whose graph lets at least two tasks run at once, and how far it lets them."""
    wide = [(one, shortest) for one, crew in made if (shortest := _shortest_share(crew)) < 1]
    if wide:
        shorter = [one.after.duration_s.p50 / one.before.duration_s.p50 - 1 for one, _ in wide]
        allowed = [shortest - 1 for _, shortest in wide]
        print(
            f"speed where the graph lets tasks run at once ({len(wide)} crews): duration {_spread(shorter, 100, '%')}; "
            f"by running at once alone, CrewAI allows {_spread(allowed, 100, '%')} of the human minutes"
        )


def _shortest_share(crew: Crew) -> float:
    """Return the shortest possible run in CrewAI as a share of one task after the other, in human minutes."""
    position = {task.key: at for at, task in enumerate(crew.tasks)}
    sources = [tuple(position[key] for key in task.depends_on) for task in crew.tasks]
    minutes = [task.human_minutes for task in crew.tasks]
    return min(layout.seconds(minutes) for layout in find_layouts(sources, minutes).choices) / sum(minutes)


def _print_performance_goal(made: list[Optimization]) -> None:
    gained = [100 * (one.after.success.p50 - one.before.success.p50) for one in made]
    bounded = sum(gain < 8 and one.proof.optimal for gain, one in zip(gained, made, strict=True))
    print(
        f"performance within today's cost: {sum(gain >= 8 for gain in gained)} of {len(made)} gain 8 points or more, "
        f"{bounded} are proved to be at their bound with less"
    )


def _print_speed(crewgen: Crewgen, lines: list[str], candidates: tuple[str, ...]) -> None:
    print("\nExact optimum of random crews (12 agents, 15 models, reviews), three goals with a limit each, CPU time")
    print(f"{'tasks':>6}{'median ms':>11}{'slowest ms':>12}{'proved':>9}")
    for tasks, models in SIZES:
        times: list[float] = []
        proved = 0
        for seed in range(SEEDS):
            problem = prune(make_problem(seed, tasks, 12, models, at_once=False))
            solver, today = Solver(problem), weigh(problem, Choice((0,) * tasks))
            for weights, bounds in (
                (Weights(1, 0.001, 0.001), Bounds(load=today.load)),
                (Weights(0.001, 1, 0.001), Bounds(cost=today.cost * 1.2, load=today.load)),
                (Weights(0.001, 0.001, 1), Bounds(cost=today.cost * 1.2)),
            ):
                started = time.process_time()
                proved += solver.solve(Aim(weights, today), bounds).optimal
                times.append(time.process_time() - started)
        note(f"Best crew of {tasks} tasks: proved", 100 * proved / len(times), "%", 100, at_least=True)
        note(f"Best crew of {tasks} tasks: CPU, median", statistics.median(times) * 1000, "ms")
        print(f"{tasks:>6}{statistics.median(times) * 1000:>11.0f}{max(times) * 1000:>12.0f}{proved:>6}/{len(times)}")
    print("\nFrontier of generated crews, wall time")
    print(f"{'tasks':>6}{'points':>8}{'first 3 ms':>12}{'all ms':>9}")
    for text in lines[:12]:
        objective = Objective(text=text)
        crew = CatalogComposer(crewgen.catalog).build(crewgen.analyze(objective))
        started = time.perf_counter()
        optimizer = Optimizer(crew, objective, candidates, Limits(), crewgen.knowledge)
        arrived = [time.perf_counter() - started for _ in find_frontier(optimizer)]
        print(f"{len(crew.tasks):>6}{len(arrived):>8}{arrived[2] * 1000:>12.0f}{arrived[-1] * 1000:>9.0f}")


def _spread(values: list[float], factor: float, unit: str) -> str:
    low, middle, high = (factor * value for value in (min(values), statistics.median(values), max(values)))
    return f"{middle:+.1f}{unit} ({low:+.0f} to {high:+.0f})"


if __name__ == "__main__":
    main()
