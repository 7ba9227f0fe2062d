from decimal import Decimal

import pytest

from crewgen_core.catalog.constants import Constants
from crewgen_core.catalog.model_facts import ModelFact, ModelTable
from crewgen_core.estimation.models import ModelProfile, facts_for, horizon_of, models_of, profiles_for
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.models.crew import Agent, Crew, Manager

TABLE = ModelTable(
    models=(
        ModelFact(name="scored", label="Scored", eci=156.4),
        ModelFact(name="plain", label="Plain", eci=156.4, reasons=False),
        ModelFact(name="timed", label="Timed", eci=150, metr_minutes=5_000),
        ModelFact(name="claude-x", label="Claude X", eci=150, cache_min_tokens=4_096),
    )
)


def priced(usd_out: str, cache_read: str | None = None) -> ModelPrice:
    return ModelPrice(
        model="m",
        provider="p",
        input_usd=Decimal(usd_out) / 4_000_000,
        output_usd=Decimal(usd_out) / 1_000_000,
        cache_read_usd=Decimal(cache_read) / 1_000_000 if cache_read else None,
    )


def profile(name: str, price: ModelPrice | None = None) -> ModelProfile:
    return facts_for(name, TABLE, lambda _: price)


def test_a_reasoning_model_is_taken_at_medium_effort(constants: Constants) -> None:
    assert profile("scored").horizon_minutes == pytest.approx(horizon_of(156.4 - 2.9, constants))
    assert profile("plain").horizon_minutes == pytest.approx(horizon_of(156.4, constants))


def test_a_model_that_does_not_reason_answers_at_once_and_hides_nothing() -> None:
    plain, scored = profile("plain"), profile("scored")
    assert plain.first_answer_s == 1
    assert plain.hidden_tokens == 0
    assert scored.hidden_tokens == pytest.approx((scored.first_answer_s - 1) * scored.tokens_per_s)


def test_a_measured_horizon_wins_and_none_exceeds_sixteen_hours() -> None:
    timed = profile("timed")
    assert timed.horizon_minutes == 960
    assert timed.horizon_sd == 0
    assert any("minutes" in item.unit for item in timed.basis)


def test_speed_and_missing_quality_follow_the_class_of_the_price(constants: Constants) -> None:
    small, middle, large = (profile("new", priced(usd)) for usd in ("1.99", "2", "10"))
    assert (small.tokens_per_s, middle.tokens_per_s, large.tokens_per_s) == (124, 107, 68)
    assert small.horizon_minutes < middle.horizon_minutes < large.horizon_minutes
    assert small.horizon_sd == pytest.approx(9 * 0.1855)
    assert "No published quality score for new" in small.unknowns[0]


def test_a_model_without_price_is_guessed_cautiously_and_says_so() -> None:
    found = profile("new")
    assert found.price is None
    assert found.horizon_minutes == profile("new", priced("1")).horizon_minutes
    assert any("price of new is not known" in sentence for sentence in found.unknowns)


def test_half_a_price_is_no_price() -> None:
    assert profile("scored", ModelPrice(model="m", provider="p", input_usd=Decimal(1))).price is None


def test_how_a_provider_caches_follows_from_name_and_price() -> None:
    assert profile("scored", priced("1")).caching == "none"
    assert profile("scored", priced("1", "0.1")).caching == "prefix"
    claude = profile("anthropic/claude-x", priced("1", "0.1"))
    assert claude.caching == "breakpoints"
    assert claude.cache_min_tokens == 4_096


def test_the_models_of_a_crew_are_named_once_with_the_default_first() -> None:
    crew = Crew(
        agents=(Agent(key="a", role="A", model="x"), Agent(key="b", role="B"), Agent(key="c", role="C", model="x")),
        manager=Manager(model="boss"),
    )
    assert models_of(crew, "usual") == ("usual", "x", "boss")
    assert set(profiles_for(models_of(crew, "usual"), TABLE, lambda _: None)) == {"usual", "x", "boss"}


def test_free_models_cost_nothing_but_are_known() -> None:
    assert profile("ollama/llama", priced("0")).price is not None
