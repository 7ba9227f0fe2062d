"""Who serves models, and what each needs."""

from crewgen_core.llm.prices import price_of
from crewgen_core.llm.providers import PROVIDERS, configured_providers, provider_of


def test_every_suggested_model_is_priced_and_leads_back_to_its_provider():
    for provider in PROVIDERS:
        for model in provider.suggested:
            assert price_of(model) is not None, model
            assert provider_of(model) == provider


def test_no_suggested_model_has_an_end_announced_before_the_pinned_map_was_made():
    for provider in PROVIDERS:
        for model in provider.suggested:
            price = price_of(model)
            assert price is not None
            assert (price.deprecation_date or "9") > "2026-12", model


def test_without_any_variable_only_the_local_provider_is_configured():
    assert [provider.prefix for provider in configured_providers({})] == ["ollama"]


def test_one_key_of_a_group_is_enough():
    gemini = provider_of("gemini/gemini-2.5-flash")
    assert gemini is not None
    assert gemini.missing({}) == ("GEMINI_API_KEY",)
    assert gemini.missing({"GOOGLE_API_KEY": "secret"}) == ()
    assert gemini.found({"GOOGLE_API_KEY": "secret"}) == ("GOOGLE_API_KEY",)


def test_an_empty_variable_counts_as_missing():
    openai = provider_of("openai/gpt-5")
    assert openai is not None
    assert openai.missing({"OPENAI_API_KEY": ""}) == ("OPENAI_API_KEY",)


def test_all_variables_of_azure_are_needed():
    azure = provider_of("azure/gpt-5")
    assert azure is not None
    assert azure.missing({"AZURE_API_KEY": "secret"}) == ("AZURE_API_BASE", "AZURE_API_VERSION")


def test_a_name_without_a_provider_belongs_to_none():
    assert provider_of("gpt-5") is None
