import datetime

from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.estimation.known_models import list_known_models
from crewgen_core.llm.prices import price_of
from crewgen_core.models.known_model import KnownModel

TODAY = datetime.date(2026, 11, 26)


def shipped() -> dict[str, KnownModel]:
    facts = load_model_facts()
    return {model.name: model for model in list_known_models(facts, facts, price_of, {}, TODAY)}


def test_every_shipped_model_is_listed_the_strongest_first_and_those_without_score_last():
    scores = [model.eci for model in shipped().values()]
    known = [score for score in scores if score is not None]
    assert len(scores) == len(load_model_facts().models)
    assert known == sorted(known, reverse=True)
    assert all(score is None for score in scores[len(known) :])


def test_each_figure_has_its_source():
    for model in shipped().values():
        assert (model.eci is None) == (model.eci_source is None)
        assert (model.horizon_minutes is None) == (model.horizon_source is None)
        assert (model.input_usd is None) or model.price_source
        assert model.speed_source.status == "assumption"


def test_prices_are_per_million_tokens_and_ends_are_marked():
    model = shipped()["gpt-5"]
    assert (str(model.input_usd), model.context_tokens, model.provider) == ("1.25000000", 272_000, "openai")
    assert shipped()["together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo"].ending == "past"
    assert shipped()["gpt-6.1-terra"].input_usd is None
