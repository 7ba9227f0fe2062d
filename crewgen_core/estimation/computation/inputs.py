"""The inputs of an estimate that may be off, each set to the ends of what it may well be instead."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from crewgen_core.catalog.constants import Constant, Constants, Range
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.estimation.computation.case import Case
from crewgen_core.estimation.computation.model_lines import metr_horizon, read_figure, same
from crewgen_core.estimation.computation.writing import number
from crewgen_core.estimation.models import ModelProfile, horizon_of
from crewgen_core.estimation.work import Work

NINETY = 1.6449
"""Standard deviations from the middle to either end of a 90 % interval."""


@dataclass(frozen=True)
class Input:
    """One input, with the case as it would be at either end."""

    name: str
    low_setting: str
    high_setting: str
    range: Range
    low: Case
    high: Case


def list_inputs(case: Case, works: tuple[Work, ...]) -> Iterator[Input]:
    """Yield the inputs that the figures of this crew can hang on."""
    ranges = case.constants.uncertainty
    yield _scaled("Human minutes of all tasks", ranges.human_minutes, lambda factor: _with_minutes(case, factor))
    default = math.isclose(case.difficulty, case.constants.success.default_difficulty.value)
    yield _scaled(
        "Difficulty of the domain",
        ranges.default_difficulty if default else ranges.difficulty,
        lambda factor: replace(case, difficulty=case.difficulty * factor),
        lambda factor: number(case.difficulty * factor),
    )
    yield from _model_inputs(case, works)
    yield from _constant_inputs(case, works)
    yield from _work_inputs(case, works)


def _model_inputs(case: Case, works: tuple[Work, ...]) -> Iterator[Input]:
    ranges = case.constants.uncertainty
    used = {work.profile.name: work.profile for work in works}
    for profile in used.values():
        yield _horizon_input(case, profile, ranges.horizon)
    if any(_shifted(profile, 0.0, case.constants) != profile for profile in used.values()):
        ends = [
            replace(case, profiles=_each(case.profiles, lambda it, end=end: _shifted(it, end, case.constants)))
            for end in (ranges.effort_shift.low, ranges.effort_shift.high)
        ]
        yield Input("Effort of the models", "low effort", "top effort", ranges.effort_shift, *ends)
    if any(profile.hidden_tokens for profile in used.values()):
        yield _scaled("Hidden thinking", ranges.thinking, lambda factor: _with_profiles(case, _thinking, factor))
    yield _scaled("Speed of the models", ranges.speed, lambda factor: _with_profiles(case, _faster, factor))
    if any(profile.caching != "none" for profile in used.values()):
        uncached = _each(case.profiles, lambda it: it.model_copy(update={"caching": "none"}))
        why = Range(low=0, high=1, unit="share", date=ranges.horizon.date, status="assumption", source="Not guaranteed")
        yield Input("Caching by providers", "no discount", "as expected", why, replace(case, profiles=uncached), case)


def _constant_inputs(case: Case, works: tuple[Work, ...]) -> Iterator[Input]:
    """Yield the constants of the formula of success, and of what reviews and teams do."""
    ranges = case.constants.uncertainty
    yield _constant(case, "Slope of success over difficulty", "success", "slope", ranges.slope)
    yield _constant(case, "Discount for real use", "success", "discount", ranges.discount)
    if any(work.review == "model" for work in works):
        yield _constant(case, "What a review by a model removes", "review", "model", ranges.review_model)
    if any(work.review == "human" for work in works):
        yield _constant(case, "What a person's review removes", "review", "human", ranges.review_human)
    if any(work.may_come_back for work in works):
        yield _constant(case, "Correct work sent back", "review", "false_alarm", ranges.false_alarm)
    if any(work.helpful_tools for work in works):
        yield _constant(case, "Gain of a helpful tool", "success", "tool_gain", ranges.tool_gain)
    if not all(work.specialist for work in works):
        yield _constant(case, "Load of an agent without the skill", "success", "generalist", ranges.generalist)
    if len({work.agent.key for work in works if work.agent}) > 1:
        yield _constant(case, "Weight of a team's effect", "team", "weight", ranges.team_weight)
    if any(work.may_delegate for work in works):
        yield _constant(case, "Questions to coworkers", "team", "delegations", ranges.delegations)


def _work_inputs(case: Case, works: tuple[Work, ...]) -> Iterator[Input]:
    """Yield what decides tokens and time."""
    ranges, constants = case.constants.uncertainty, case.constants
    yield _scaled(
        "Length of results",
        ranges.output,
        lambda factor: _with_constants(case, output=_times(constants.output, factor)),
    )
    if any(work.tools for work in works):
        yield _scaled(
            "Calls of agents with tools",
            ranges.calls,
            lambda factor: _with_constants(case, calls=_times(constants.calls, factor)),
        )
        results, seconds = constants.prompt.tool_result, constants.speed.tool_seconds
        yield _scaled(
            "Length of a tool's result",
            ranges.tool_result,
            lambda factor: _set(case, "prompt", "tool_result", results.value * factor),
            lambda factor: f"{number(results.value * factor)} tokens",
        )
        yield _scaled(
            "Time of a tool call",
            ranges.tool_seconds,
            lambda factor: _set(case, "speed", "tool_seconds", seconds.value * factor),
            lambda factor: f"{number(round(seconds.value * factor, 1))} s",
        )


def _horizon_input(case: Case, profile: ModelProfile, residual: Range) -> Input:
    """Return the horizon of one model, one standard deviation either way: of the rule, and of the score."""
    rule = case.constants.horizon
    fact = load_model_facts().find(profile.name)
    points = case.constants.uncertainty.eci.high
    entered = any(item.name.startswith("Capability of") and item.status == "assumption" for item in profile.basis)
    if fact and fact.eci_low is not None and fact.eci_high is not None and not entered:
        points = (fact.eci_high - fact.eci_low) / 2 / NINETY
    of_score = profile.horizon_sd or points * rule.doublings_per_point_above.value
    if read_figure(profile, "Horizon of") is not None:
        of_score = 0.0  # METR measured it: what is left is how far its figures scatter
    sd = math.hypot(residual.high, of_score)

    def moved(sign: int) -> tuple[str, Case]:
        minutes = min(profile.horizon_minutes * 2 ** (sign * sd), rule.cap_minutes.value)
        changed = profile.model_copy(update={"horizon_minutes": minutes})
        return f"{number(round(minutes, 1))} min", replace(case, profiles={**case.profiles, profile.name: changed})

    (low, low_case), (high, high_case) = moved(-1), moved(1)
    return Input(f"Horizon of {profile.name}", low, high, residual, low_case, high_case)


def _scaled(
    name: str, ends: Range, change: Callable[[float], Case], say: Callable[[float], str] | None = None
) -> Input:
    """Return an input whose range is given as factors."""
    say = say or (lambda factor: f"× {number(factor)}")
    return Input(name, say(ends.low), say(ends.high), ends, change(ends.low), change(ends.high))


def _constant(case: Case, name: str, group: str, field: str, ends: Range) -> Input:
    """Return an input whose range is given as values of a constant."""
    low, high = (_set(case, group, field, end) for end in (ends.low, ends.high))
    return Input(name, number(ends.low), number(ends.high), ends, low, high)


def _set(case: Case, group: str, field: str, value: float) -> Case:
    constants = getattr(case.constants, group)
    changed = getattr(constants, field).model_copy(update={"value": value})
    return _with_constants(case, **{group: constants.model_copy(update={field: changed})})


def _with_constants(case: Case, **groups: object) -> Case:
    return replace(case, constants=case.constants.model_copy(update=groups))


def _times(constants: Mapping[Activity, Constant], factor: float) -> dict[Activity, Constant]:
    return {key: it.model_copy(update={"value": it.value * factor}) for key, it in constants.items()}


def _with_minutes(case: Case, factor: float) -> Case:
    tasks = tuple(task.model_copy(update={"human_minutes": task.human_minutes * factor}) for task in case.crew.tasks)
    return replace(case, crew=case.crew.model_copy(update={"tasks": tasks}))


def _with_profiles(case: Case, change: Callable[[ModelProfile, float, Constants], ModelProfile], factor: float) -> Case:
    return replace(case, profiles=_each(case.profiles, lambda it: change(it, factor, case.constants)))


def _each(
    profiles: Mapping[str, ModelProfile], change: Callable[[ModelProfile], ModelProfile]
) -> dict[str, ModelProfile]:
    return {name: change(profile) for name, profile in profiles.items()}


def _thinking(profile: ModelProfile, factor: float, constants: Constants) -> ModelProfile:
    """Think longer or shorter: both the wait and the tokens."""
    base = min(constants.speed.base_latency.value, profile.first_answer_s)
    wait = base + (profile.first_answer_s - base) * factor
    return profile.model_copy(update={"first_answer_s": wait, "hidden_tokens": profile.hidden_tokens * factor})


def _faster(profile: ModelProfile, factor: float, constants: Constants) -> ModelProfile:
    """Write faster or slower: the wait for an answer is mostly thinking, which is writing too."""
    base = min(constants.speed.base_latency.value, profile.first_answer_s)
    wait = base + (profile.first_answer_s - base) / factor
    return profile.model_copy(update={"tokens_per_s": profile.tokens_per_s * factor, "first_answer_s": wait})


def _shifted(profile: ModelProfile, shift: float, constants: Constants) -> ModelProfile:
    """Return the model at another effort; one that does not reason, or whose horizon was entered, as it is."""
    usual = constants.horizon.effort_shift.value
    eci, metr = read_figure(profile, "Capability of"), read_figure(profile, "Horizon of")
    if eci is not None and same(profile.horizon_minutes, horizon_of(eci + usual, constants)):
        return profile.model_copy(update={"horizon_minutes": horizon_of(eci + shift, constants)})
    if metr is not None and same(profile.horizon_minutes, metr_horizon(metr, usual, constants)):
        return profile.model_copy(update={"horizon_minutes": metr_horizon(metr, shift, constants)})
    return profile
