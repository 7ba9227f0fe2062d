"""Drops what can never be part of a best choice: a model that another one beats, for the same agent, in every task."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from crewgen_core.estimation.models import ModelProfile
from crewgen_core.optimization.problem import Option, Problem

Slot = tuple[int, bool]
"""A task, and whether its result is reviewed."""


def keep_unbeaten(profiles: Iterable[ModelProfile]) -> tuple[ModelProfile, ...]:
    """Return the models that no other one equals or beats in quality, every price and speed at once.

    Safe for any task: cost and time rise with each of these figures, and load falls with the horizon. Models without
    a price are dropped: what they cost cannot be told.
    """
    kept: list[ModelProfile] = []
    for profile in profiles:
        if profile.price is None or any(_is_better(other, profile) for other in kept):
            continue
        kept = [other for other in kept if not _is_better(profile, other)] + [profile]
    return tuple(kept)


def _is_better(one: ModelProfile, other: ModelProfile) -> bool:
    """Tell whether the first model is at least as good in everything an estimate looks at."""
    return (
        one.caching == other.caching
        and one.cache_min_tokens <= other.cache_min_tokens
        and one.horizon_minutes >= other.horizon_minutes
        and one.horizon_sd <= other.horizon_sd
        and one.tokens_per_s >= other.tokens_per_s
        and one.first_answer_s <= other.first_answer_s
        and one.hidden_tokens <= other.hidden_tokens
        and all(mine <= its for mine, its in zip(_prices(one), _prices(other), strict=True))
    )


def _prices(profile: ModelProfile) -> tuple[float, ...]:
    """Return what a token costs: read, read from the cache, written to it, answered."""
    price = profile.price
    if price is None or price.input_usd is None or price.output_usd is None:
        return (float("inf"),) * 4
    read = price.input_usd if price.cache_read_usd is None else price.cache_read_usd
    write = price.input_usd if price.cache_write_usd is None else price.cache_write_usd
    return float(price.input_usd), float(read), float(write), float(price.output_usd)


def prune(problem: Problem) -> Problem:
    """Return the problem without seats that are no better than another seat of the same agent, whatever the aim.

    Safe because an agent may change its model freely: whoever takes the dropped seat can take the other one instead,
    with every task at most as dear, as slow and as hard, and no change more than before.
    """
    by_seat: dict[int, dict[Slot, Option]] = defaultdict(dict)
    for task, options in enumerate(problem.options):
        for option in options:
            by_seat[option.seat][task, option.reviewed] = option
    by_agent: dict[int, list[int]] = defaultdict(list)
    for seat in by_seat:
        by_agent[problem.seats[seat].agent].append(seat)
    kept: set[int] = set()
    for seats in by_agent.values():
        own: list[int] = []
        for seat in sorted(seats, key=lambda at: (problem.seat_changes[at], at)):
            if any(_beats(problem, by_seat, other, seat) for other in own):
                continue
            own = [other for other in own if not _beats(problem, by_seat, seat, other)] + [seat]
        kept.update(own)
    options = tuple(tuple(option for option in own if option.seat in kept) for own in problem.options)
    return replace(problem, options=options)


def _beats(problem: Problem, by_seat: Mapping[int, Mapping[Slot, Option]], one: int, other: int) -> bool:
    """Tell whether the first seat can stand for the other in everything."""
    own = by_seat[one]
    return problem.seat_changes[one] <= problem.seat_changes[other] and all(
        (mine := own.get(slot)) is not None
        and mine.cost <= option.cost
        and mine.seconds <= option.seconds
        and mine.review_seconds <= option.review_seconds
        and mine.load <= option.load
        and mine.reading <= option.reading
        and mine.changes <= option.changes
        for slot, option in by_seat[other].items()
    )
