"""Random problems of a size, for tests of the solver and benchmarks."""

import random

from crewgen_core.optimization.layout import find_layouts
from crewgen_core.optimization.problem import Option, Problem, Seat


def make_problem(
    seed: int, tasks: int, agents: int, models: int, reviews: bool = True, at_once: bool = True
) -> Problem:
    """A graph of tasks, agents that can do some of them, models between cheap and good."""
    rng = random.Random(seed)
    sources = tuple(tuple(sorted(rng.sample(range(at), k=min(at, rng.choice((0, 1, 1, 2)))))) for at in range(tasks))
    quality = sorted(rng.uniform(1, 20) for _ in range(models))
    prices = [value * rng.uniform(0.5, 1.5) for value in quality]
    speeds = [rng.uniform(0.5, 2) for _ in range(models)]
    seats = tuple(Seat(agent, model) for agent in range(agents) for model in range(models))
    options: list[tuple[Option, ...]] = []
    for _ in range(tasks):
        able = rng.sample(range(agents), k=min(agents, rng.choice((2, 2, 3))))
        today = rng.choice(able)
        minutes, tokens = rng.uniform(10, 90), rng.uniform(1, 9)
        fit = {agent: rng.choice((1.0, 1.15)) for agent in able}
        own = [
            Option(
                seat=agent * models + model,
                reviewed=reviewed,
                cost=tokens * prices[model] * (1.3 if reviewed else 1) / 1000,
                seconds=minutes * speeds[model],
                review_seconds=8 * speeds[model] if reviewed else 0.0,
                load=minutes / quality[model] / 60 * fit[agent] * (0.735 if reviewed else 1),
                changes=(agent != today) + reviewed,
                reading=prices[model] / 10_000 if reviews else 0.0,
            )
            for agent in able
            for model in range(models)
            for reviewed in ((False, True) if reviews else (False,))
        ]
        options.append(tuple(own))
    found = find_layouts(sources, [rng.uniform(10, 90) for _ in range(tasks)])
    return Problem(
        seats=seats,
        seat_changes=tuple(int(seat.model != 0) for seat in seats),
        options=tuple(options),
        layouts=found.choices if at_once else found.choices[:1],
        sources=sources,
        most_seats=min(tasks, 8),
        complete=found.complete,
    )
