"""The table of models that people look up: facts, prices, speeds and ends, joined as an estimate joins them."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.catalog.model_facts import ModelFact, ModelTable
from crewgen_core.estimation.corrected import MILLION, provider_in
from crewgen_core.estimation.endings import ending_of
from crewgen_core.estimation.models import PriceOf
from crewgen_core.estimation.speed import OwnSpeed, class_of, speed_of
from crewgen_core.llm.prices import ModelPrice, ends_on
from crewgen_core.models.known_model import KnownModel, Source


def describe_model(
    fact: ModelFact,
    price: ModelPrice | None,
    own: OwnSpeed,
    today: datetime.date,
    *,
    shipped: bool = True,
    constants: Constants | None = None,
) -> KnownModel:
    """Join what is known about one model, with the source of each figure."""
    speed = speed_of(class_of(price), fact.reasons, constants or load_constants(), own)
    return KnownModel(
        name=fact.name,
        label=fact.label,
        provider=price.provider if price else provider_in(fact.name),
        shipped=shipped,
        reasons=fact.reasons,
        eci=fact.eci,
        eci_low=fact.eci_low,
        eci_high=fact.eci_high,
        eci_source=Source(text=fact.eci_source, date=fact.eci_date, status=fact.eci_status) if fact.eci else None,
        horizon_minutes=fact.metr_minutes,
        horizon_source=_horizon_source(fact),
        context_tokens=price.max_input_tokens if price else None,
        tokens_per_s=speed.tokens_per_s,
        speed_source=speed.tokens_per_s_source,
        first_answer_s=speed.first_answer_s,
        first_answer_source=speed.first_answer_source,
        measured=own.measured,
        ends_on=ends_on(price) if price else None,
        ending=ending_of(price, today),
        note=fact.note,
        correction=own.entered.correction if own.entered else None,
        input_usd=_per_million(price.input_usd) if price else None,
        output_usd=_per_million(price.output_usd) if price else None,
        cache_read_usd=_per_million(price.cache_read_usd) if price else None,
        price_source=Source(text=price.source, status=price.status) if price else None,
    )


def _horizon_source(fact: ModelFact) -> Source | None:
    if fact.metr_minutes is None:
        return None
    return Source(text=fact.metr_source, date=fact.metr_date, status=fact.metr_status)


def _per_million(usd: Decimal | None) -> Decimal | None:
    return None if usd is None else usd * MILLION


def list_known_models(
    table: ModelTable,
    shipped: ModelTable,
    price_of: PriceOf,
    speeds: Mapping[str, OwnSpeed],
    today: datetime.date,
) -> tuple[KnownModel, ...]:
    """Return every model of the table, the strongest first and those without a score last; names break ties."""
    names = {fact.name for fact in shipped.models}
    models = (
        describe_model(
            fact,
            price_of(fact.name),
            speeds.get(fact.name, OwnSpeed()),
            today,
            shipped=fact.name in names,
        )
        for fact in table.models
    )
    return tuple(sorted(models, key=lambda model: (-(model.eci or 0), -(model.horizon_minutes or 0), model.name)))
