from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.estimation.cost import cached_tokens, cost_of, round_usd, written_tokens
from crewgen_core.estimation.tokens import TokenUse
from crewgen_core.llm.prices import ModelPrice
from tests.support.estimation import make_profile


def use(prompt: float, calls: float, runs: float = 1) -> TokenUse:
    return TokenUse(calls, prompt, 1_000, 100, 0, runs)


def test_an_equal_beginning_is_cached_once_it_is_long_enough() -> None:
    profile = make_profile(caching="prefix", cache_min_tokens=1_024)
    assert cached_tokens(use(2_000, 4), profile) == 2_000 + 3_000 + 4_000
    assert cached_tokens(use(500, 4), profile) == 1_500 + 2_500
    assert cached_tokens(use(500, 1), profile) == 0


def test_marked_prompts_are_cached_as_they_were_written_first() -> None:
    profile = make_profile(caching="breakpoints", cache_min_tokens=1_024)
    assert cached_tokens(use(2_000, 4), profile) == 3 * 2_000
    assert written_tokens(use(2_000, 4), profile) == 2_000
    assert cached_tokens(use(1_000, 4), profile) == written_tokens(use(1_000, 4), profile) == 0


@settings(deadline=None)
@given(st.floats(0, 10_000), st.floats(1, 100), st.sampled_from(["prefix", "breakpoints", "none"]))
def test_no_more_is_cached_than_was_read(prompt: float, calls: float, caching: str) -> None:
    profile = make_profile(caching=caching, cache_min_tokens=1_024)
    it = use(prompt, calls)
    assert 0 <= cached_tokens(it, profile) + written_tokens(it, profile) <= it.tokens_in * (1 + 1e-9)


def test_reading_writing_and_answering_have_their_own_prices() -> None:
    million = Decimal(1_000_000)
    price = ModelPrice(
        model="m",
        provider="p",
        input_usd=4 / million,
        output_usd=20 / million,
        cache_read_usd=Decimal("0.4") / million,
        cache_write_usd=5 / million,
    )
    profile = make_profile(caching="breakpoints", cache_min_tokens=1).model_copy(update={"price": price})
    expected = (1_000 * 4 + 2_000 * 0.4 + 2_000 * 5 + 100 * 20) / 1e6
    assert cost_of(use(2_000, 2), profile) == pytest.approx(expected)
    assert cost_of(use(2_000, 2, runs=3), profile) == pytest.approx(3 * expected)


def test_an_unknown_price_is_not_zero_and_a_free_model_is() -> None:
    assert cost_of(use(1_000, 2), make_profile(usd_in=None)) is None
    assert cost_of(use(1_000, 2), make_profile(usd_in="0")) == 0


def test_money_is_rounded_to_micro_dollars() -> None:
    assert round_usd(0.123456789) == Decimal("0.123457")
    assert round_usd(1e12) == Decimal(1_000_000)
