import math
import random
from itertools import product

import pytest

from crewgen_core.optimization.problem import Aim, Bounds, Choice, Figures, Problem, Weights, is_allowed, weigh
from crewgen_core.optimization.pruning import prune
from crewgen_core.optimization.solver import Solver
from tests.support.problems import make_problem

WEIGHTS = (Weights(1, 0.001, 0.001), Weights(0.001, 1, 0.001), Weights(0.001, 0.001, 1), Weights(1, 1, 1))


def every_crew(problem: Problem) -> list[Figures]:
    return [
        weigh(problem, choice)
        for options in product(*(range(len(own)) for own in problem.options))
        for layout in range(len(problem.layouts))
        if is_allowed(problem, choice := Choice(options, layout))
    ]


def random_bounds(crews: list[Figures], rng: random.Random) -> Bounds:
    def limit(figure: str) -> float | None:
        if rng.random() < 0.5:
            return None
        return sorted(getattr(crew, figure) for crew in crews)[int(len(crews) * rng.uniform(0.02, 0.6))]

    return Bounds(cost=limit("cost"), seconds=limit("seconds"), load=limit("load"))


@pytest.mark.parametrize("seed", range(60))
def test_the_solver_finds_what_trying_everything_finds(seed: int) -> None:
    rng = random.Random(seed)
    tasks = rng.choice((2, 3, 4))
    problem = make_problem(seed, tasks, agents=2 if tasks == 4 else 3, models=2 if tasks == 4 else 3)
    crews = every_crew(problem)
    aim, bounds = Aim(WEIGHTS[seed % 4], crews[0]), random_bounds(crews, rng)
    best = min((aim.value(crew) for crew in crews if crew.keep(bounds)), default=math.inf)
    for solved in (problem, prune(problem)):
        solution = Solver(solved, gap=0).solve(aim, bounds)
        assert solution.optimal
        if math.isinf(best):
            assert solution.choice is None
        else:
            assert solution.figures is not None
            assert solution.figures.keep(bounds)
            assert solution.value == pytest.approx(best, rel=1e-6)


def test_one_program_can_be_solved_again_with_other_limits() -> None:
    problem = make_problem(3, 5, 4, 4)
    solver = Solver(problem)
    today = weigh(problem, Choice((0,) * 5))
    aim = Aim(WEIGHTS[0], today)
    free = solver.solve(aim, Bounds())
    held = solver.solve(aim, Bounds(load=today.load * 0.6))
    again = solver.solve(aim, Bounds())
    assert free.figures is not None
    assert held.figures is not None
    assert held.figures.load <= today.load * 0.6 * (1 + 1e-6)
    assert held.figures.cost >= free.figures.cost
    assert again.value == pytest.approx(free.value)


def test_no_crew_that_keeps_the_limits_is_said_to_be_none() -> None:
    problem = make_problem(1, 3, 3, 3)
    solution = Solver(problem).solve(Aim(WEIGHTS[0], weigh(problem, Choice((0, 0, 0)))), Bounds(cost=1e-9))
    assert solution.choice is None
    assert solution.optimal


@pytest.mark.parametrize("seed", range(8))
def test_dropping_beaten_models_changes_no_optimum(seed: int) -> None:
    problem = make_problem(seed, 6, 4, 8)
    smaller = prune(problem)
    today = weigh(problem, Choice((0,) * 6))
    assert sum(map(len, smaller.options)) <= sum(map(len, problem.options))
    for weights in WEIGHTS:
        aim, bounds = Aim(weights, today), Bounds(cost=today.cost * 1.5)
        full, pruned = Solver(problem, gap=1e-6).solve(aim, bounds), Solver(smaller, gap=1e-6).solve(aim, bounds)
        assert pruned.value == pytest.approx(full.value, rel=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_a_start_changes_nothing_but_is_kept_where_time_is_up(seed: int) -> None:
    problem = make_problem(seed, 6, 4, 5)
    start = Choice((0,) * 6)
    today = weigh(problem, start)
    aim, bounds = Aim(WEIGHTS[seed % 4], today), Bounds(load=today.load)
    free, begun = Solver(problem, gap=0).solve(aim, bounds), Solver(problem, gap=0).solve(aim, bounds, start)
    assert begun.value == pytest.approx(free.value, rel=1e-6)
    hasty = Solver(problem).solve(aim, bounds, start, limit_s=0)
    assert hasty.figures is not None
    assert hasty.figures.keep(bounds)
    assert hasty.value <= aim.value(today) + 1e-9
    assert hasty.bound <= free.value + 1e-9
