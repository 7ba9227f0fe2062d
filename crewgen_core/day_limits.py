"""The limits of a day: as they are set, and in words that people read."""

from datetime import datetime
from typing import Literal

from crewgen_core.errors import LimitReached
from crewgen_core.models.limit import DayLimits, LimitStanding
from crewgen_core.numbers import format_seconds, format_usd
from crewgen_core.settings import Settings

SHORTEST_WAIT_S = 1.0

Whom = Literal["you", "owner"]
"""Whom a sentence is said to: who asked, or anybody who looks at somebody's job or run."""


def read_day_limits(settings: Settings) -> DayLimits:
    """Return the limits of a day that are set."""
    return DayLimits(
        generations=settings.generations_per_day or None,
        spend_usd=settings.spend_per_day_usd or None,
        provider_usd=settings.provider_budget_per_day_usd or None,
        token_share=settings.token_share,
    )


def refuse(full: LimitStanding, now: datetime) -> LimitReached:
    """Return the answer to somebody whose limit is used up."""
    wait_s = max(SHORTEST_WAIT_S, (full.resets_at - now).total_seconds())
    what = "The next can be made" if full.kind == "generations" else "Models can be asked again"
    return LimitReached(f"{explain(full)} {what} in {format_seconds(wait_s)}.", wait_s)


def explain(full: LimitStanding, whom: Whom = "you") -> str:
    """Say how much of a limit is used, in a sentence."""
    limit = full.limit or 0
    if full.kind == "generations":
        crews = "crew" if limit == 1 else "crews"
        return f"{_name(full, whom)} generated {full.used:,f} of {limit:,f} {crews} today (UTC)."
    spent = f"{format_usd(full.used)} of {format_usd(limit)} today (UTC)"
    if full.kind == "provider":
        return f"Calls of {full.whose} for everybody have used {spent}, and the next could cost more than is left."
    return f"{_name(full, whom)} used {spent} for models, and the next call could cost more than is left."


def name_standing(standing: LimitStanding) -> str:
    """Return what is limited, as a label: "Crews generated today"."""
    what = {
        "requests": "Requests of programs within a minute",
        "generations": "Crews generated today",
        "spend": "Money for models today",
        "provider": f"Calls of {standing.whose} today, of everybody",
    }[standing.kind]
    return f"{what}, by this token" if standing.whose == "token" else what


def measure_standing(standing: LimitStanding) -> str:
    """Return how much is used of how much: "12 of 50", "$0.20, no limit"."""
    money = standing.kind in ("spend", "provider")
    used = format_usd(standing.used) if money else f"{standing.used:,f}"
    if standing.limit is None:
        return f"{used}, no limit"
    return f"{used} of {format_usd(standing.limit) if money else f'{standing.limit:,f}'}"


def _name(full: LimitStanding, whom: Whom) -> str:
    if full.whose == "token":
        return "This token has" if whom == "you" else "The token that it was started with has"
    return "You have" if whom == "you" else "Its owner has"
