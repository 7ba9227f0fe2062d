"""The chance of success, worked out: from human minutes, over load and factors, to a probability with its interval."""

import math
from collections.abc import Iterator, Sequence

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.computation.writing import bracketed, line, number, told, total
from crewgen_core.estimation.success import (
    Z90,
    coordination_of,
    crew_load,
    effective_load,
    kappa,
    load_of,
    logit_of,
    review_factor,
    sigmoid,
    spread_of,
    team_effect,
    tool_factor,
    with_team,
)
from crewgen_core.estimation.work import Work
from crewgen_core.models.computation import Line
from crewgen_core.models.crew import Coordination, Crew

REVIEWED = {"model": "reviewed by a model", "human": "confirmed by a person"}


def work_out_factors(works: Sequence[Work], constants: Constants) -> Iterator[Line]:
    """Return what several tasks use: the slope, and the factors of reviews, tools and agents without the skill."""
    slope = kappa(constants)
    formula = f"{number(constants.success.slope.value)} / ln(2)"
    yield line("Slope κ", formula, slope, "", "logit per doubling of the load, per natural logarithm")
    removed = {"model": constants.review.model.value, "human": constants.review.human.value}
    for kind in ("model", "human"):
        if any(work.review == kind for work in works):
            formula = f"(1 − {number(removed[kind])})^(1 / {number(slope)})"
            why = "share of failures removed, as a factor on the load"
            yield line(f"Factor of a result {REVIEWED[kind]}", formula, review_factor(kind, constants), "", why)
    for count in sorted({_counted(work, constants) for work in works} - {0}):
        formula = f"e^(−{number(constants.success.tool_gain.value)} × {count} / {number(slope)})"
        name = f"Factor of {count} helpful tool{'' if count == 1 else 's'}"
        yield line(name, formula, tool_factor(count, constants), "", "logit gained by a tool, as a factor on the load")


def work_out_task_success(work: Work, difficulty: float, constants: Constants) -> Iterator[Line]:
    """Return the lines of one task alone."""
    minutes = max(work.task.human_minutes, constants.success.least_minutes.value)
    load = load_of(work, difficulty, constants)
    formula = f"{number(minutes)} min × {number(difficulty)} / {number(work.profile.horizon_minutes)} min"
    yield line("Load", formula, load, "", f"human minutes × difficulty of the domain / horizon of {work.profile.name}")
    left = effective_load(work, difficulty, constants)
    factors = list(_factors(work, constants))
    if factors:
        formula = " × ".join([number(load), *(number(factor) for factor, _ in factors)])
        yield line("Load that is left", formula, left, "", "load × " + " × ".join(why for _, why in factors))
    yield from _chance(left, constants, "Chance of this task alone")
    if work.is_review:
        yield told("In the crew", "adds no load: what a review is worth is counted at what it reviews")


def work_out_crew_success(crew: Crew, works: Sequence[Work], difficulty: float, constants: Constants) -> Iterator[Line]:
    """Return the lines of the whole crew, which has at least one task."""
    loads = [effective_load(work, difficulty, constants) for work in works if not work.is_review]
    load = crew_load(works, difficulty, constants)
    yield line("Load of the crew", total(loads), load, "", "loads that are left, of all tasks but reviews")
    logit = logit_of(load, constants)
    yield _logit_line(load, logit, constants)
    coordination = coordination_of(crew)
    after = with_team(logit, works, coordination, constants)
    yield _team_line(works, coordination, logit, after, constants)
    yield line("Chance of success (P50)", f"1 / (1 + e^(−{bracketed(after)}))", sigmoid(after))
    yield from _interval(works, difficulty, after, constants)


def _factors(work: Work, constants: Constants) -> Iterator[tuple[float, str]]:
    if work.review != "none":
        yield review_factor(work.review, constants), REVIEWED[work.review]
    counted = _counted(work, constants)
    if counted:
        yield tool_factor(counted, constants), f"{counted} helpful tool{'' if counted == 1 else 's'}"
    if not work.specialist:
        yield constants.success.generalist.value, "its agent is good at none of its skills"


def _counted(work: Work, constants: Constants) -> int:
    return int(min(work.helpful_tools, constants.success.tools_counted.value))


def _chance(load: float, constants: Constants, name: str) -> Iterator[Line]:
    logit = logit_of(load, constants)
    yield _logit_line(load, logit, constants)
    yield line(name, f"1 / (1 + e^(−{bracketed(logit)}))", sigmoid(logit))


def _logit_line(load: float, logit: float, constants: Constants) -> Line:
    formula = f"{number(constants.success.discount.value)} − {number(kappa(constants))} × ln({number(load)})"
    return line("Logit", formula, logit, "", "discount for real use − slope κ × ln(load)")


def _team_line(
    works: Sequence[Work], coordination: Coordination, logit: float, after: float, constants: Constants
) -> Line:
    measured = team_effect(works, coordination, constants)
    if measured is None or measured.value == 0:
        return told("Effect of the team", "none: one agent, or no figure for this way of working and kind of work")
    weight, ceiling = constants.team.weight.value, constants.team.saturation.value
    effect = f"{number(logit)} + {number(weight)} × {bracketed(measured.value)}"
    source = f"logit + weight × effect of a {coordination} team ({measured.source})"
    if measured.value < 0:
        return line("Logit with the team", effect, after, "", source)
    top = f"ln({number(ceiling)} / (1 − {number(ceiling)}))"
    formula = f"max({number(logit)}, min({effect}, {top}))"
    return line("Logit with the team", formula, after, "", f"{source}, at most up to where teams stop helping")


def _interval(works: Sequence[Work], difficulty: float, logit: float, constants: Constants) -> Iterator[Line]:
    sd, sigma = spread_of(works, difficulty, constants), constants.success.sigma.value
    if math.isclose(sd, sigma):
        yield told("Standard deviation of the logit", number(sd), "horizon 0.26, human minutes 0.58, and the rest")
    else:
        slope = constants.success.slope.value
        extra = math.sqrt(max(0.0, sd**2 - sigma**2)) / slope
        formula = f"√({number(sigma)}^2 + ({number(slope)} × {number(extra)})^2)"
        why = "usual sd, and doublings by which models without a score may be off, by their share of the load"
        yield line("Standard deviation of the logit", formula, sd, "", why)
    for name, sign in (("P10", "−"), ("P90", "+")):
        value = sigmoid(logit + (Z90 if sign == "+" else -Z90) * sd)
        formula = f"1 / (1 + e^(−({number(logit)} {sign} {number(Z90)} × {number(sd)})))"
        yield line(f"Chance of success ({name})", formula, value)
