import datetime
from decimal import Decimal

from crewgen_core.catalog.model_facts import ModelFact, ModelTable, load_model_facts
from crewgen_core.estimation.candidates import find_candidates
from crewgen_core.llm.prices import ModelPrice, load_prices, price_of

TODAY = datetime.date(2026, 11, 26)
TABLE = ModelTable(
    models=(
        ModelFact(name="middling", label="Middling", eci=140),
        ModelFact(name="strong", label="Strong", eci=160),
        ModelFact(name="timed", label="Timed", metr_minutes=60),
        ModelFact(name="unscored", label="Unscored"),
    )
)


def offer(model: str, provider: str, usd_out: str | None = "1", ends: str | None = None) -> ModelPrice:
    price = None if usd_out is None else Decimal(usd_out) / 1_000_000
    return ModelPrice(model=model, provider=provider, input_usd=price, output_usd=price, deprecation_date=ends)


def find(*offers: ModelPrice, providers: tuple[str, ...] | None = None) -> tuple[str, ...]:
    return find_candidates(TABLE, {offer.model: offer for offer in offers}, providers, TODAY)


def test_the_strongest_model_comes_first_and_one_with_a_horizon_alone_counts():
    offers = [offer(name, "p") for name in ("middling", "strong", "timed")]
    assert find(*offers) == ("strong", "middling", "timed")


def test_a_model_without_score_or_price_is_no_candidate():
    assert find(offer("unscored", "p"), offer("strong", "p", usd_out=None)) == ()


def test_a_model_is_no_candidate_from_the_day_it_is_switched_off():
    assert find(offer("strong", "p", ends="2026-11-26")) == ()
    assert find(offer("strong", "p", ends="2026-11-27")) == ("strong",)
    assert find(offer("strong", "p", ends="soon")) == ("strong",)


def test_another_provider_serves_a_model_by_its_cheapest_and_plainest_name():
    offers = (
        offer("strong", "p"),
        offer("azure/eu/strong", "azure", "2"),
        offer("azure/strong-2026-01-01", "azure"),
        offer("azure/strong", "azure"),
        offer("azure_ai/strong", "azure_ai", "0.1"),
    )
    assert find(*offers, providers=("azure",)) == ("azure/strong",)
    assert find(*offers, providers=("azure", "p")) == ("strong",)
    assert find(*offers, providers=("elsewhere",)) == ()


def test_a_name_without_prefix_belongs_to_the_provider_that_lists_it():
    assert find(offer("strong", "vertex_ai-language-models"), providers=("vertex_ai",)) == ("strong",)


def test_every_shipped_candidate_has_a_price_and_each_model_is_there_once():
    names = find_candidates(load_model_facts(), load_prices(), None, TODAY)
    assert len(names) > 40
    assert len({(fact := load_model_facts().find(name)) and fact.name for name in names}) == len(names)
    assert all((price := price_of(name)) and price.output_usd is not None for name in names)


def test_a_provider_with_several_offers_of_a_model_gives_it_once():
    names = find_candidates(load_model_facts(), load_prices(), ("azure", "bedrock", "groq"), TODAY)
    assert "azure/gpt-5" in names
    assert "groq/openai/gpt-oss-120b" in names
    assert all(name.partition("/")[0] in ("azure", "bedrock", "groq") for name in names)
