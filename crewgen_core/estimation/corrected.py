"""Shipped facts and listed prices with what people entered in their place."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from crewgen_core.catalog.model_facts import ModelFact, ModelTable
from crewgen_core.errors import UnusableCorrection
from crewgen_core.llm.prices import ModelPrice, price_of
from crewgen_core.models.model_correction import EnteredCorrection, ModelCorrection

MILLION = 1_000_000


def correct_facts(table: ModelTable, entered: Iterable[EnteredCorrection]) -> ModelTable:
    """Return the table with the figures that people entered in the place of shipped ones, and the models they added.

    Like any row of the table, a corrected one counts for all providers of the model that have no row of their own.
    """
    by_name = {fact.name: fact for fact in table.models}
    for one in entered:
        name = one.correction.model
        known = by_name.get(name) or table.find(name)
        by_name[name] = _correct_fact(name, known, one)
    return ModelTable(models=tuple(by_name.values()))


def correct_prices(prices: Mapping[str, ModelPrice], entered: Iterable[EnteredCorrection]) -> Mapping[str, ModelPrice]:
    """Return the price map with the prices that people entered; each counts for exactly its LiteLLM name.

    One that is no price any more, since a newer price map lacks the other half, is passed over.
    """
    changed: dict[str, ModelPrice] = {}
    for one in entered:
        name = one.correction.model
        if _prices_of(one.correction):
            with suppress(UnusableCorrection):
                changed[name] = correct_price(price_of(name, prices), one)
    return {**prices, **changed} if changed else prices


def correct_price(listed: ModelPrice | None, entered: EnteredCorrection) -> ModelPrice:
    """Return the listed price with the entered figures in their place.

    Raises UnusableCorrection where the two together are no price: one of prompt and answer is still not known, or what
    is cached costs more than what is not. A listed price for cached prompt that is now too high is left out.
    """
    correction = entered.correction
    price = listed or ModelPrice(model=correction.model, provider=provider_in(correction.model))
    price = price.model_copy(
        update={**_prices_of(correction), "source": entered.source, "status": "assumption", "model": correction.model}
    )
    if price.input_usd is None or price.output_usd is None:
        missing = "prompt" if price.input_usd is None else "answer"
        raise UnusableCorrection(f"The price of the {missing} is not known, so there would be no cost: enter it too.")
    if price.cache_read_usd is not None and price.cache_read_usd > price.input_usd:
        if correction.cache_read_usd is not None:
            raise UnusableCorrection("Price of cached prompt: it is above the price of the prompt.")
        return price.model_copy(update={"cache_read_usd": None, "cache_write_usd": None})
    return price


def provider_in(name: str) -> str:
    """Return the first part of a LiteLLM name ("openai" in "openai/gpt-5"), empty where there is none."""
    provider, slash, _ = name.partition("/")
    return provider if slash else ""


def _prices_of(correction: ModelCorrection) -> dict[str, Decimal]:
    """Return the entered prices for one token, by field of ``ModelPrice``."""
    fields = ("input_usd", "output_usd", "cache_read_usd")
    entered = {field: getattr(correction, field) for field in fields}
    return {field: price / MILLION for field, price in entered.items() if price is not None}


def _correct_fact(name: str, known: ModelFact | None, entered: EnteredCorrection) -> ModelFact:
    correction, day = entered.correction, entered.entered_at.date()
    update: dict[str, Any] = {"name": name}
    if correction.label:
        update["label"] = correction.label
    if correction.reasons is not None:
        update["reasons"] = correction.reasons
    if correction.eci is not None:  # a person's score stands above METR's horizon too
        update |= {"eci": correction.eci, "eci_low": None, "eci_high": None, "metr_minutes": None}
        update |= {"eci_source": entered.source, "eci_date": day, "eci_status": "assumption"}
    if correction.horizon_minutes is not None:
        update |= {"metr_minutes": correction.horizon_minutes, "metr_source": entered.source}
        update |= {"metr_date": day, "metr_status": "assumption"}
    return (known or ModelFact(name=name, label=name)).model_copy(update=update)
