from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crewgen_core.catalog.model_facts import ModelFact, ModelTable
from crewgen_core.errors import UnusableCorrection
from crewgen_core.estimation.corrected import correct_facts, correct_price, correct_prices
from crewgen_core.estimation.models import facts_for
from crewgen_core.llm.prices import ModelPrice, price_of
from crewgen_core.models.model_correction import EnteredCorrection, ModelCorrection

TABLE = ModelTable(
    models=(
        ModelFact(name="gpt-x", label="GPT X", eci=150, eci_low=149, metr_minutes=200, metr_source="METR"),
        ModelFact(name="groq/open-y", label="Y", eci=140, eci_source="Epoch", eci_date=date(2026, 10, 8)),
    )
)
LISTED = ModelPrice(
    model="gpt-x",
    provider="openai",
    input_usd=Decimal("0.000002"),
    output_usd=Decimal("0.00001"),
    cache_read_usd=Decimal("0.0000005"),
    cache_write_usd=Decimal("0.0000025"),
)


def entered(model: str = "gpt-x", **figures: object) -> EnteredCorrection:
    correction = ModelCorrection.model_validate({"model": model, "source": "Own tests.", **figures})
    return EnteredCorrection(correction=correction, entered_at=datetime(2026, 11, 26, tzinfo=UTC))


def test_a_persons_score_stands_above_both_published_figures():
    fact = correct_facts(TABLE, [entered(eci=120)]).find("openai/gpt-x")
    assert fact and (fact.eci, fact.eci_low, fact.metr_minutes, fact.eci_status) == (120, None, None, "assumption")


def test_an_entered_horizon_stands_beside_the_published_score():
    fact = correct_facts(TABLE, [entered(horizon_minutes=60)]).find("gpt-x")
    assert fact and (fact.eci, fact.metr_minutes, fact.metr_status) == (150, 60, "assumption")


def test_a_correction_counts_for_other_providers_but_not_for_a_model_with_its_own():
    table = correct_facts(TABLE, [entered("azure/open-y", eci=100)])
    assert [fact.name for fact in table.models] == ["gpt-x", "groq/open-y", "azure/open-y"]
    assert (found := table.find("azure/open-y")) and (found.eci, found.label) == (100, "Y")
    assert (found := table.find("elsewhere/open-y")) and found.eci == 140


def test_a_model_that_nobody_knew_is_added():
    table = correct_facts(TABLE, [entered("my/model", label="Mine", reasons=False)])
    assert table.find("my/model") == ModelFact(name="my/model", label="Mine", reasons=False)


def test_the_basis_names_the_person_s_source_and_calls_it_an_assumption():
    one = entered(eci=120, input_usd=1, output_usd=2)
    table, prices = correct_facts(TABLE, [one]), correct_prices({"gpt-x": LISTED}, [one])
    profile = facts_for("openai/gpt-x", table, lambda name: price_of(name, prices))
    capability, price, *_ = profile.basis
    assert capability.source == price.source == "Entered in Settings: Own tests (26 Nov 2026)"
    assert (capability.value, price.value) == ("120", "1 in, 2 out")
    assert {capability.status, price.status} == {"assumption"}
    assert profile.horizon_sd == 0


def test_an_entered_price_is_exact_and_keeps_what_was_not_entered():
    price = correct_price(LISTED, entered(output_usd="0.3"))
    assert (price.input_usd, price.output_usd) == (LISTED.input_usd, Decimal("0.0000003"))
    assert price.cache_read_usd == LISTED.cache_read_usd


def test_a_listed_discount_above_the_entered_price_is_left_out():
    price = correct_price(LISTED, entered(input_usd="0.1"))
    assert (price.cache_read_usd, price.cache_write_usd) == (None, None)


def test_prices_that_are_none_are_refused():
    with pytest.raises(UnusableCorrection, match="price of the prompt is not known"):
        correct_price(None, entered(output_usd=1))
    with pytest.raises(UnusableCorrection, match="price of the answer is not known"):
        correct_price(None, entered(input_usd=1))
    with pytest.raises(UnusableCorrection, match="above the price of the prompt"):
        correct_price(LISTED, entered(cache_read_usd=3))


def test_half_a_price_that_a_new_price_map_left_behind_is_passed_over():
    assert correct_prices({}, [entered(output_usd=1)]) == {}
