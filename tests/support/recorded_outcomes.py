"""Outcomes in the database of a front door, as if many runs had been recorded."""

import math
import random
from decimal import Decimal

from crewgen_core.app import Crewgen
from crewgen_core.estimation.success import sigmoid
from crewgen_core.models.outcome import OutsideRun
from crewgen_core.models.run import Prediction
from crewgen_core.models.stored import StoredCrew
from crewgen_core.storage import outcomes


def record_outcomes(
    crewgen: Crewgen,
    stored: StoredCrew,
    count: int,
    shift: float = -1.0,
    cost_factor: float = 2.0,
    duration_factor: float = 0.5,
    seed: int = 1,
) -> None:
    """Record runs whose predictions of success were too high by ``shift``, and those of cost and time by factors."""
    chance = random.Random(seed)
    rows: list[tuple[OutsideRun, int, Prediction, None]] = []
    for _ in range(count):
        logit = chance.gauss(0.5, 1.2)
        succeeded = chance.random() < sigmoid(logit + shift)
        run = OutsideRun(
            crew_id=stored.crew_id,
            succeeded=succeeded,
            cost_usd=round(Decimal(0.1 * cost_factor * math.exp(chance.gauss(0, 0.3))), 6),
            duration_s=200 * duration_factor * math.exp(chance.gauss(0, 0.3)),
        )
        predicted = Prediction(success=sigmoid(logit), cost_usd=Decimal("0.1"), duration_s=200, tokens=50_000)
        rows.append((run, stored.number, predicted, None))
    with crewgen.database.begin() as connection:
        outcomes.record_outside(connection, rows)
