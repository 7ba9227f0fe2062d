"""What models cost."""

import subprocess
import sys
from decimal import Decimal

import pytest

from crewgen_core.llm.prices import ModelPrice, load_prices, price_of


def test_thousands_of_models_have_both_prices():
    priced = [price for price in load_prices().values() if price.input_usd and price.output_usd]
    assert len(priced) > 2_000


def test_every_entry_of_the_bundled_map_is_a_true_value():
    for price in load_prices().values():
        assert ModelPrice.model_validate(price.model_dump()) == price


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("gpt-5", "gpt-5"),
        ("openai/gpt-5", "gpt-5"),
        ("claude-haiku-4-5", "claude-haiku-4-5"),
        ("anthropic/claude-haiku-4-5", "claude-haiku-4-5"),
        ("gemini/gemini-2.5-flash", "gemini/gemini-2.5-flash"),
        ("bedrock/amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("cohere/command-r7b-12-2024", "command-r7b-12-2024"),
    ],
)
def test_a_model_is_found_with_and_without_its_provider(name: str, listed: str):
    price = price_of(name)
    assert price is not None
    assert price.model == listed


@pytest.mark.parametrize(
    "name", ["", "/", "openai/", "openai/test", "anthropic/gpt-5", "openrouter/openai/gpt-5", "🤖/x"]
)
def test_a_model_that_is_not_listed_has_no_price(name: str):
    assert price_of(name) is None


@pytest.mark.parametrize("name", ["ollama/llama3", "ollama/a-model-of-my-own"])
def test_a_model_on_this_machine_is_free_and_not_unknown(name: str):
    price = price_of(name)
    assert price is not None
    assert price.cost(1_000_000, 1_000_000) == Decimal(0)


def test_prices_are_exact_and_cached_tokens_are_cheaper():
    price = price_of("openai/gpt-5")
    assert price is not None
    assert price.input_usd == Decimal("0.00000125")
    assert price.cost(1_000, 100) == Decimal("0.002250")
    assert price.cost(1_000, 100, cached=1_000) == Decimal("0.001125")


def test_a_model_with_half_a_price_costs_nobody_knows_what():
    assert ModelPrice(model="m", provider="p", input_usd=Decimal(1)).cost(1, 1) is None


def test_prices_are_read_without_importing_litellm():
    code = "import sys, crewgen_core.llm.prices as p; p.load_prices(); sys.exit('litellm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
