"""Which models an agent could think with instead: priced, scored, still on offer, and from an allowed provider."""

import datetime
from collections.abc import Collection, Iterator, Mapping

from crewgen_core.catalog.model_facts import ModelFact, ModelTable, is_dated
from crewgen_core.llm.prices import ModelPrice, ends_on, serves


def find_candidates(
    table: ModelTable,
    prices: Mapping[str, ModelPrice],
    providers: Collection[str] | None,
    today: datetime.date,
) -> tuple[str, ...]:
    """Return LiteLLM names of the models to choose from, the strongest first, each model once.

    A candidate has a price for prompt and answer, a capability score or horizon, and is not switched off on ``today``
    or before. ``providers`` are first parts of LiteLLM names ("openai"); None allows all. A model goes by the name it
    has in the table where that provider is allowed, else by the cheapest one that an allowed provider has for it.
    """
    scored = [fact for fact in table.models if fact.eci is not None or fact.metr_minutes is not None]
    strongest_first = sorted(scored, key=lambda fact: (-(fact.eci or 0), -(fact.metr_minutes or 0), fact.name))
    others = {} if providers is None else _names_by_model(table, prices, providers, today)
    names = (_choose_name(fact, prices, providers, today, others) for fact in strongest_first)
    return tuple(name for name in names if name)


def _choose_name(
    fact: ModelFact,
    prices: Mapping[str, ModelPrice],
    providers: Collection[str] | None,
    today: datetime.date,
    others: Mapping[str, list[ModelPrice]],
) -> str | None:
    own = prices.get(fact.name)
    if own and _is_on_offer(own, today) and (providers is None or _is_allowed(own, providers)):
        return own.model
    return min(others[fact.name], key=_rank).model if fact.name in others else None


def _names_by_model(
    table: ModelTable, prices: Mapping[str, ModelPrice], providers: Collection[str], today: datetime.date
) -> dict[str, list[ModelPrice]]:
    """Return everything that the allowed providers list for each model of the table, by its name in the table."""
    found: dict[str, list[ModelPrice]] = {}
    for price in _list_allowed(prices, providers, today):
        fact = table.find(price.model)
        if fact is not None:
            found.setdefault(fact.name, []).append(price)
    return found


def _list_allowed(
    prices: Mapping[str, ModelPrice], providers: Collection[str], today: datetime.date
) -> Iterator[ModelPrice]:
    return (price for price in prices.values() if _is_allowed(price, providers) and _is_on_offer(price, today))


def _is_allowed(price: ModelPrice, providers: Collection[str]) -> bool:
    """Tell whether one of the providers serves it; a name without a prefix may be listed under a longer provider."""
    prefix, slash, _ = price.model.partition("/")
    if slash and prefix in providers:
        return True
    return any(price.provider == one or (not slash and serves(one, price.provider)) for one in providers)


def _is_on_offer(price: ModelPrice, today: datetime.date) -> bool:
    end = ends_on(price)
    return price.input_usd is not None and price.output_usd is not None and (end is None or end > today)


def _rank(price: ModelPrice) -> tuple[object, ...]:
    """Order the names of one model: the cheapest, then one without date, then the plainest."""
    return (price.output_usd, price.input_usd, is_dated(price.model), price.model.count("/"), price.model)
