"""What models cost: LiteLLM's bundled price map, read without importing LiteLLM (which takes seconds)."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import Field
from pydantic_core import from_json

from crewgen_core.errors import ModelFault
from crewgen_core.models.estimate import BasisStatus
from crewgen_core.models.value import Value

PRICE_FILE = "model_prices_and_context_window_backup.json"
"""Inside the litellm package, whose version requirements.txt pins; a test reads it."""

TEXT_MODES = frozenset({"chat", "responses"})
"""Kinds of models that can be agents; the map also lists embeddings, images, speech ..."""

LOCAL_PROVIDERS = frozenset({"ollama", "ollama_chat"})
"""Providers on the person's own machine: a token costs nothing, whatever the model."""

MICRO_DOLLAR = Decimal("0.000001")


class ModelPrice(Value):
    """What is known about a model. None means not known; 0 means free."""

    model: str
    provider: str
    """LiteLLM name of who serves it ("openai")."""
    input_usd: Decimal | None = Field(default=None, ge=0)
    """USD for one token of the prompt."""
    output_usd: Decimal | None = Field(default=None, ge=0)
    """USD for one token of the answer."""
    cache_read_usd: Decimal | None = Field(default=None, ge=0)
    """USD for one token of the prompt that the provider had in its cache."""
    cache_write_usd: Decimal | None = Field(default=None, ge=0)
    """USD for one token of the prompt that the provider puts into its cache."""
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    supports_function_calling: bool = False
    """True when it can use tools."""
    deprecation_date: str | None = None
    """Day on which the provider switches it off (YYYY-MM-DD)."""
    source: str = "Price map of LiteLLM"
    status: BasisStatus = "published"

    def cost(self, tokens_in: int, tokens_out: int, cached: int = 0) -> Decimal | None:
        """Return the cost in USD, rounded to micro-dollars; None when a price that counts is not known.

        ``cached`` is the part of ``tokens_in`` that came from the provider's cache.
        """
        if self.input_usd is None or self.output_usd is None:
            return None
        cached_usd = self.input_usd if self.cache_read_usd is None else self.cache_read_usd
        cached = min(cached, tokens_in)
        cost = (tokens_in - cached) * self.input_usd + cached * cached_usd + tokens_out * self.output_usd
        return cost.quantize(MICRO_DOLLAR)


@cache
def load_prices() -> Mapping[str, ModelPrice]:
    """Return every text model of the price map by its LiteLLM name; read once per process.

    Raises ModelFault when the file is missing or cannot be read.
    """
    entries = _read_price_file()
    return MappingProxyType(
        {name: _price(name, entry) for name, entry in entries.items() if entry.get("mode") in TEXT_MODES}
    )


def price_of(name: str, prices: Mapping[str, ModelPrice] | None = None) -> ModelPrice | None:
    """Return what is known about a model, named with or without its provider ("openai/gpt-5", "gpt-5"); else None.

    ``prices`` are those of the price map unless others are given.
    """
    prices = load_prices() if prices is None else prices
    provider, _, bare = name.partition("/")
    if name in prices:
        return prices[name]
    if provider in LOCAL_PROVIDERS and bare:
        return ModelPrice(model=name, provider=provider, input_usd=Decimal(0), output_usd=Decimal(0))
    found = prices.get(bare)
    return found if found is not None and serves(provider, found.provider) else None


def ends_on(price: ModelPrice) -> datetime.date | None:
    """Return the day on which the provider switches the model off; None when none is announced or it is no date."""
    try:
        return datetime.date.fromisoformat(price.deprecation_date or "")
    except ValueError:
        return None


def serves(provider: str, listed: str) -> bool:
    """Tell whether a prefix means the listed provider; one may be listed under several names ("bedrock_converse")."""
    return listed == provider or listed.startswith((f"{provider}_", f"{provider}-"))


def _read_price_file() -> dict[str, dict[str, Any]]:
    package = find_spec("litellm")  # finds it without running it
    places = package.submodule_search_locations if package else None
    if not places:
        raise ModelFault("LiteLLM is not installed, so the prices of models are not known.", "Run `make run` again.")
    try:
        return from_json((Path(places[0]) / PRICE_FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise ModelFault("The price list of LiteLLM cannot be read.", "Run `make clean run`.") from error


def _price(name: str, entry: dict[str, Any]) -> ModelPrice:
    """Build the value unchecked: 3,000 of them must be there in milliseconds, and a test checks them all."""
    return ModelPrice.model_construct(
        model=name,
        provider=entry.get("litellm_provider", ""),
        input_usd=_usd(entry.get("input_cost_per_token")),
        output_usd=_usd(entry.get("output_cost_per_token")),
        cache_read_usd=_usd(entry.get("cache_read_input_token_cost")),
        cache_write_usd=_usd(entry.get("cache_creation_input_token_cost")),
        max_input_tokens=_count(entry.get("max_input_tokens")),
        max_output_tokens=_count(entry.get("max_output_tokens")),
        supports_function_calling=entry.get("supports_function_calling") is True,
        deprecation_date=entry.get("deprecation_date"),
    )


def _usd(price: float | None) -> Decimal | None:
    return None if price is None else Decimal(repr(price))


def _count(tokens: object) -> int | None:
    return int(tokens) if isinstance(tokens, int | float) else None
