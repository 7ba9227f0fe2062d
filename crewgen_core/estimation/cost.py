"""What tokens cost, with the discount that providers give on the part of a prompt they have in their cache."""

import math
from decimal import Decimal

from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.tokens import TokenUse
from crewgen_core.llm.prices import MICRO_DOLLAR

LARGEST_USD = 1_000_000.0


def cost_of(use: TokenUse, profile: ModelProfile) -> float | None:
    """Return the expected cost in USD, unrounded; None when the price of the model is not known."""
    price = profile.price
    if price is None or price.input_usd is None or price.output_usd is None:
        return None
    p_in = float(price.input_usd)
    p_read = p_in if price.cache_read_usd is None else float(price.cache_read_usd)
    p_write = p_in if price.cache_write_usd is None else float(price.cache_write_usd)
    cached, written = cached_tokens(use, profile) * use.runs, written_tokens(use, profile) * use.runs
    fresh = use.tokens_in - cached - written
    return fresh * p_in + cached * p_read + written * p_write + use.tokens_out * float(price.output_usd)


def cached_tokens(use: TokenUse, profile: ModelProfile) -> float:
    """Return how many input tokens of one run the provider probably has in its cache.

    A provider that reuses any equal beginning has all of the prompt before; one that reuses what CrewAI marks has the
    first prompt. Prompts shorter than the provider's minimum are never cached.
    """
    if profile.caching == "breakpoints":
        return (use.calls - 1) * use.prompt if use.prompt >= profile.cache_min_tokens else 0.0
    if profile.caching == "prefix":
        return _long_enough_prompts(use, profile.cache_min_tokens)
    return 0.0


def written_tokens(use: TokenUse, profile: ModelProfile) -> float:
    """Return how many input tokens of one run are billed as written to the cache: the marked first prompt, once."""
    marked = profile.caching == "breakpoints" and use.prompt >= profile.cache_min_tokens
    return use.prompt if marked else 0.0


def round_usd(amount: float) -> Decimal:
    """Return the amount rounded to micro-dollars, at most what the models of a crew can hold (a million dollars)."""
    return Decimal(min(amount, LARGEST_USD)).quantize(MICRO_DOLLAR)


def first_cached(use: TokenUse, shortest: float) -> int:
    """Return which prompt (from 0) is the first that is long enough to be cached."""
    missing = shortest - use.prompt
    return 0 if missing <= 0 else math.ceil(missing / use.growth)


def _long_enough_prompts(use: TokenUse, shortest: float) -> float:
    """Sum the prompts of all calls but the last, as far as they are long enough.

    Prompt j (from 0) has prompt + j·growth tokens; the sum over j from ``first`` to ``calls`` - 2 in closed form.
    """
    first = first_cached(use, shortest)
    count = use.calls - 1 - first
    if count <= 0:
        return 0.0
    return count * use.prompt + use.growth * count * (2 * first + count - 1) / 2
