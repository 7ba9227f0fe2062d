"""What an estimate needs to know about a model: quality, price and speed, joined in one place."""

import datetime
from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import Field

from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.catalog.model_facts import ModelFact, ModelTable
from crewgen_core.estimation.endings import warn_of_end
from crewgen_core.estimation.speed import RATE_UNIT, ModelSpeed, OwnSpeed, PriceClass, class_of, speed_of
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import BasisItem, BasisStatus
from crewgen_core.models.value import Value

PriceOf = Callable[[str], ModelPrice | None]
"""Looks a price up by the model's name; ``crewgen_core.llm.prices.price_of`` is one."""

Caching = Literal["prefix", "breakpoints", "none"]


class ModelProfile(Value):
    """One model as the estimate sees it."""

    name: str
    label: str
    horizon_minutes: float = Field(gt=0)
    """Minutes of human work that it gets right half the time."""
    horizon_sd: float = Field(default=0, ge=0)
    """How uncertain that is beyond the usual, in doublings; 0 for a model with a published score."""
    price: ModelPrice | None
    """None when input or output price is not known."""
    tokens_per_s: float = Field(gt=0)
    first_answer_s: float = Field(ge=0)
    """Seconds until the answer starts, thinking included."""
    hidden_tokens: float = Field(default=0, ge=0)
    """Tokens thought per call and billed as output, but not seen."""
    caching: Caching = "none"
    """What the provider reuses of a prompt: any equal beginning, what CrewAI marks (Anthropic), or nothing."""
    cache_min_tokens: float = Field(default=0, ge=0)
    basis: tuple[BasisItem, ...] = ()
    unknowns: tuple[str, ...] = ()


def facts_for(
    name: str,
    table: ModelTable,
    price_of: PriceOf,
    constants: Constants | None = None,
    *,
    own_speed: OwnSpeed | None = None,
    today: datetime.date | None = None,
) -> ModelProfile:
    """Join what is known about a model; what is not known is taken from its price class, and said so.

    ``own_speed`` is what a person entered or own calls measured. With ``today``, a model that its provider switches
    off soon, or has switched off, is told among the unknowns.
    """
    constants = constants or load_constants()
    fact = table.find(name)
    listed = price_of(name)
    price = listed if listed and listed.input_usd is not None and listed.output_usd is not None else None
    price_class = class_of(price)
    reasons = fact is None or fact.reasons
    minutes, quality, quality_unknown = _horizon(name, fact, price_class, reasons, constants)
    speed = speed_of(price_class, reasons, constants, own_speed)
    caching = _caching(name, price)
    cache_min, cache_basis = _cache_min(name, fact, constants)
    return ModelProfile(
        name=name,
        label=fact.label if fact else name,
        horizon_minutes=minutes,
        horizon_sd=_prior_sd_in_doublings(constants) if quality_unknown else 0,
        price=price,
        tokens_per_s=speed.tokens_per_s,
        first_answer_s=speed.first_answer_s,
        hidden_tokens=speed.hidden_tokens,
        caching=caching,
        cache_min_tokens=cache_min,
        basis=(
            *quality,
            *_price_basis(name, price),
            *(() if caching == "none" else (cache_basis,)),
            *_speed_basis(name, speed),
        ),
        unknowns=(*quality_unknown, *_price_unknown(name, price), *warn_of_end(name, listed, today)),
    )


def profiles_for(names: Iterable[str], table: ModelTable, price_of: PriceOf) -> dict[str, ModelProfile]:
    """Return the profile of each named model, ready for ``estimate``."""
    return {name: facts_for(name, table, price_of) for name in dict.fromkeys(names)}


def models_of(crew: Crew, default_model: str) -> tuple[str, ...]:
    """Return the models that the crew thinks with, the default first, each once."""
    named = [agent.model for agent in crew.agents] + [crew.manager.model if crew.manager else None]
    return tuple(dict.fromkeys([default_model, *(model for model in named if model)]))


def horizon_of(eci: float, constants: Constants) -> float:
    """Return the minutes of human work that a model of this ECI gets right half the time, at most METR's 16 hours."""
    rule = constants.horizon
    points = eci - rule.reference_eci.value
    slope = rule.doublings_per_point_above if points > 0 else rule.doublings_per_point_below
    return min(rule.reference_minutes.value * 2 ** (slope.value * points), rule.cap_minutes.value)


def _horizon(
    name: str, fact: ModelFact | None, price_class: PriceClass, reasons: bool, constants: Constants
) -> tuple[float, tuple[BasisItem, ...], tuple[str, ...]]:
    """Return horizon, basis and what is unknown: METR's figure, else from the ECI, else from the price class."""
    rule = constants.horizon
    shift = rule.effort_shift.value if reasons else 0.0
    if fact and fact.metr_minutes is not None:
        minutes = fact.metr_minutes * 2 ** (rule.doublings_per_point_above.value * shift)
        item = _item(f"Horizon of {name}", f"{fact.metr_minutes:.0f}", "minutes", fact.metr_source, fact.metr_status)
        return min(minutes, rule.cap_minutes.value), (item,), ()
    if fact and fact.eci is not None:
        source = f"{fact.eci_source}, {fact.eci_date}" if fact.eci_status == "published" else fact.eci_source
        item = _item(f"Capability of {name}", f"{fact.eci:g}", "ECI points", source, fact.eci_status)
        return horizon_of(fact.eci + shift, constants), (item,), ()
    priors = {"large": rule.prior_eci_large, "middle": rule.prior_eci_middle, "small": rule.prior_eci_small}
    prior = priors[price_class]
    item = _item(f"Capability of {name}", f"{prior.value:g}", prior.unit, prior.source, "assumption")
    unknown = (
        f"No published quality score for {name}: a typical {price_class} model is assumed, "
        "so the interval of success is wider."
    )
    return horizon_of(prior.value + shift, constants), (item,), (unknown,)


def _prior_sd_in_doublings(constants: Constants) -> float:
    return constants.horizon.prior_sd.value * constants.horizon.doublings_per_point_above.value


def _speed_basis(name: str, speed: ModelSpeed) -> tuple[BasisItem, ...]:
    rate, wait = speed.tokens_per_s_source, speed.first_answer_source
    return (
        _item(f"Speed of {name}", f"{speed.tokens_per_s:.4g}", RATE_UNIT, rate.text, rate.status),
        _item(f"First answer of {name}", f"{speed.first_answer_s:.3g}", "seconds", wait.text, wait.status),
    )


def _caching(name: str, price: ModelPrice | None) -> Caching:
    if price is None or price.cache_read_usd is None:
        return "none"
    return "breakpoints" if "claude" in name.lower() else "prefix"


def _cache_min(name: str, fact: ModelFact | None, constants: Constants) -> tuple[float, BasisItem]:
    """Return the tokens of the shortest prompt that the model's provider caches, and where that is from."""
    usual = constants.prompt.cache_min
    known = fact.cache_min_tokens if fact else None
    least, source = (known, "Price map of LiteLLM") if known else (usual.value, usual.source)
    return least, _item(f"Shortest cached prompt of {name}", f"{least:g}", usual.unit, source, usual.status)


def _price_basis(name: str, price: ModelPrice | None) -> tuple[BasisItem, ...]:
    if price is None or price.input_usd is None or price.output_usd is None:
        return ()
    value = f"{float(price.input_usd) * 1e6:g} in, {float(price.output_usd) * 1e6:g} out"
    return (_item(f"Price of {name}", value, "USD per million tokens", price.source, price.status),)


def _price_unknown(name: str, price: ModelPrice | None) -> tuple[str, ...]:
    return () if price else (f"The price of {name} is not known, so no cost can be given.",)


def _item(name: str, value: str, unit: str, source: str, status: BasisStatus) -> BasisItem:
    return BasisItem(name=name, value=value, unit=unit, source=source, status=status)
