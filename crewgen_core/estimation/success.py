"""How likely a crew is to succeed: from human minutes, over load, to a probability.

The load of a task is its human minutes in units of the model's horizon; at load 1 a model succeeds half the time. The
loads of a crew add up, so that cutting the same work into more tasks changes nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from crewgen_core.catalog.constants import Constant, Constants
from crewgen_core.estimation.work import Work
from crewgen_core.models.crew import Coordination, Crew
from crewgen_core.models.value import Quantiles

Z90 = 1.2815515655446004
"""90 % point of the standard normal distribution."""


def kappa(constants: Constants) -> float:
    """Return the slope per natural logarithm of the load (the constant is per doubling)."""
    return constants.success.slope.value / math.log(2)


def load_of(work: Work, difficulty: float, constants: Constants) -> float:
    """Return human minutes times the domain's multiplier over the model's horizon."""
    minutes = max(work.task.human_minutes, constants.success.least_minutes.value)
    return minutes * difficulty / work.profile.horizon_minutes


def effective_load(work: Work, difficulty: float, constants: Constants) -> float:
    """Return the load that is left: less by review and helpful tools, more for an agent without the skill."""
    generalist = 1.0 if work.specialist else constants.success.generalist.value
    factor = review_factor(work.review, constants) * tool_factor(work.helpful_tools, constants) * generalist
    return load_of(work, difficulty, constants) * factor


def review_factor(review: str, constants: Constants) -> float:
    """Return the factor on the load of a result that is reviewed ("none", "model", "human"): (1 - rho)^(1/kappa)."""
    removed = {"none": 0.0, "model": constants.review.model.value, "human": constants.review.human.value}
    return (1 - removed[review]) ** (1 / kappa(constants))


def tool_factor(helpful_tools: int, constants: Constants) -> float:
    """Return the factor on the load that stands for the logit gained by helpful tools: exp(-gain·n/kappa)."""
    counted = min(helpful_tools, constants.success.tools_counted.value)
    return math.exp(-constants.success.tool_gain.value * counted / kappa(constants))


def crew_load(works: Sequence[Work], difficulty: float, constants: Constants) -> float:
    """Return the load of the crew: the sum over its tasks. A review adds nothing, what it is worth is counted there."""
    return sum(effective_load(work, difficulty, constants) for work in works if not work.is_review)


def logit_of(load: float, constants: Constants) -> float:
    """Return the logit of success at a positive load, the discount for real use included."""
    return constants.success.discount.value - kappa(constants) * math.log(load)


def coordination_of(crew: Crew) -> Coordination:
    """Return how the crew really works together: a manager makes it hierarchical, whatever it is called."""
    return "hierarchical" if crew.process == "hierarchical" else crew.coordination


def team_effect(works: Sequence[Work], coordination: Coordination, constants: Constants) -> Constant | None:
    """Return the measured effect of this coordination on the kind of work that most tasks are; None without a team."""
    agents = {work.agent.key for work in works if work.agent}
    if len(agents) < 2:
        return None
    return constants.find_team_effect((work.activity for work in works if not work.is_review), coordination)


def with_team(logit: float, works: Sequence[Work], coordination: Coordination, constants: Constants) -> float:
    """Return the logit after the effect of working as a team, as measured for the kind of work most tasks are.

    A loss counts in full; a gain lifts at most to the point from which teams no longer help. That keeps a better model
    from ever lowering the result.
    """
    measured = team_effect(works, coordination, constants)
    return add_effect(logit, weigh_effect(measured, constants), constants)


def weigh_effect(measured: Constant | None, constants: Constants) -> float:
    """Return what a measured effect of a team counts for here, in logit; 0 where nothing was measured."""
    return constants.team.weight.value * measured.value if measured else 0.0


def add_effect(logit: float, effect: float, constants: Constants) -> float:
    """Return the logit after a team's effect: a loss in full, a gain at most to where teams no longer help."""
    if effect <= 0:
        return logit + effect
    return max(logit, min(logit + effect, to_logit(constants.team.saturation.value)))


def take_effect(logit: float, effect: float, constants: Constants) -> float:
    """Return the least logit that a team's effect raises to this one: the inverse of ``add_effect``."""
    gains = effect > 0 and logit <= to_logit(constants.team.saturation.value)
    return logit - effect if gains or effect <= 0 else logit


def load_at(logit: float, constants: Constants) -> float:
    """Return the load at which success has this logit, the discount for real use included."""
    return math.exp((constants.success.discount.value - logit) / kappa(constants))


def to_logit(success: float) -> float:
    """Return the logit of a probability that is neither 0 nor 1."""
    return math.log(success / (1 - success))


def spread_of(works: Sequence[Work], difficulty: float, constants: Constants) -> float:
    """Return the standard deviation of the logit: the usual one, wider by the share of models without a score.

    Reviews have no share of a crew's load, but where they are all there is, as for the interval of one task.
    """
    counted = [work for work in works if not work.is_review] or works
    loads = [(effective_load(work, difficulty, constants), work) for work in counted]
    total = sum(load for load, _ in loads)
    unknown = sum(load / total * work.profile.horizon_sd for load, work in loads) if total else 0.0
    return math.hypot(constants.success.sigma.value, constants.success.slope.value * unknown)


def probability(logit: float, sd: float) -> Quantiles:
    """Return the probability with its interval, from a logit that is normally distributed."""
    return Quantiles(p10=sigmoid(logit - Z90 * sd), p50=sigmoid(logit), p90=sigmoid(logit + Z90 * sd))


def sigmoid(logit: float) -> float:
    """Return the probability of a logit; no logit is too large."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))


def success_before_review(work: Work, difficulty: float, constants: Constants) -> float:
    """Return how likely the result of a task is right when its review begins, 0 to 1."""
    load = effective_load(replace(work, review="none"), difficulty, constants)
    return sigmoid(logit_of(load, constants))


def rework_probability(success: float, constants: Constants) -> float:
    """Return how likely a review sends a result back: a right one by false alarm, a wrong one when it is detected."""
    return success * constants.review.false_alarm.value + (1 - success) * constants.review.detection.value
