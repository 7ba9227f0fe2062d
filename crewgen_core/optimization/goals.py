"""What each goal minimizes, and which limits it brings along where a person set none."""

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches

from crewgen_core.errors import CannotOptimize
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.optimization import GOALS, Goal, Limits
from crewgen_core.optimization.problem import TIE_WEIGHT, Weights

WEIGHTS: Mapping[Goal, Weights] = {
    "cost": Weights(cost=1, seconds=TIE_WEIGHT, load=TIE_WEIGHT),
    "speed": Weights(cost=TIE_WEIGHT, seconds=1, load=TIE_WEIGHT),
    "performance": Weights(cost=TIE_WEIGHT, seconds=TIE_WEIGHT, load=1),
    "quality": Weights(cost=TIE_WEIGHT, seconds=TIE_WEIGHT, load=1),
    "balanced": Weights(cost=1, seconds=1, load=1),
}
"""Success is maximized by minimizing the load, from which it falls steadily."""

SUCCESS_GIVEN_UP = 0.02
"""Success that a goal other than success may cost where no least success is set: two points [choice]."""

MORE_BUDGET = 2
"""Times today's cost that the goals "quality" and "speed" may spend where no budget is set [choice]."""


def check_goal(name: str) -> Goal:
    """Return the goal of this name. Raises CannotOptimize for a name that is none."""
    for goal in GOALS:
        if name.strip().lower() == goal:
            return goal
    near = get_close_matches(name.lower(), GOALS, n=1, cutoff=0.5)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    raise CannotOptimize(f'There is no goal "{name[:50]}".', f"{hint}Goals are {', '.join(GOALS)}.")


def complete_limits(goal: Goal, limits: Limits, today: Estimate) -> Limits:
    """Return the limits with those that the goal brings along: only where the person set none of that kind."""
    found: dict[str, object] = {}
    if goal in ("cost", "speed", "balanced") and limits.least_success is None:
        found["least_success"] = max(0.0, today.success.p50 - SUCCESS_GIVEN_UP)
    if limits.budget_usd is None and today.cost_usd is not None:
        if goal == "performance":
            found["budget_usd"] = today.cost_usd.p50
        if goal in ("quality", "speed"):
            found["budget_usd"] = min(today.cost_usd.p50 * MORE_BUDGET, Decimal(1_000_000))
    return limits.model_copy(update=found)
