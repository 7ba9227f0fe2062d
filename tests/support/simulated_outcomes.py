"""Outcomes of runs in worlds whose truth is known, for tests and benchmarks of learning."""

import math
import random
from dataclasses import dataclass
from decimal import Decimal

from crewgen_core.estimation.success import sigmoid
from crewgen_core.models.outcome import Outcome

TEMPLATES = tuple(f"template {at}" for at in range(8))

TYPICAL_LOGIT, LOGIT_SD = 0.5, 1.2
"""Predicted chances: half of them between 42 and 79 %."""


@dataclass(frozen=True)
class World:
    """How far predictions of success are from the truth: logit P = a + b · logit p + u, u ~ N(0, template_sd²)."""

    a: float
    b: float
    template_sd: float


OPTIMISTIC = World(-0.8, 0.7, 0.5)
VERY_WRONG = World(-1.6, 0.4, 0.8)
RIGHT = World(0, 1, 0)


@dataclass(frozen=True)
class Run:
    """One run with its true chance of success."""

    outcome: Outcome
    chance: float


def simulate_runs(world: World, counts: tuple[int, ...], seed: int) -> list[list[Run]]:
    """Return as many lists of runs as there are counts, all with the same templates, drawn anew for each seed."""
    chance = random.Random(seed)
    effects = {template: chance.gauss(0, world.template_sd) for template in TEMPLATES}

    def run() -> Run:
        template = chance.choice(TEMPLATES)
        logit = chance.gauss(TYPICAL_LOGIT, LOGIT_SD)
        truth = sigmoid(world.a + world.b * logit + effects[template])
        outcome = Outcome(predicted_success=sigmoid(logit), succeeded=chance.random() < truth, template=template)
        return Run(outcome, truth)

    return [[run() for _ in range(count)] for count in counts]


def simulate_costs(bias: float, sd: float, count: int, seed: int) -> list[Outcome]:
    """Return outcomes whose ln(actual / predicted), of cost and of duration, is normal with this mean and sd."""
    chance = random.Random(seed)
    return [
        Outcome(
            predicted_success=0.5,
            succeeded=True,
            predicted_cost_usd=Decimal("0.05"),
            actual_cost_usd=Decimal(0.05 * math.exp(chance.gauss(bias, sd))),
            predicted_duration_s=240,
            actual_duration_s=240 * math.exp(chance.gauss(bias, sd)),
        )
        for _ in range(count)
    ]
