from datetime import UTC, datetime

import pytest

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.speed import ModelSpeed, OwnSpeed, speed_of
from crewgen_core.models.known_model import MeasuredSpeed
from crewgen_core.models.model_correction import EnteredCorrection, ModelCorrection

DAY = datetime(2026, 11, 26, tzinfo=UTC)
MEASURED = MeasuredSpeed(model="m", calls=7, seconds_per_call=12, tokens_per_s=40, newest=DAY)


def entered(**figures: float) -> EnteredCorrection:
    correction = ModelCorrection.model_validate({"model": "m", "source": "Own tests", **figures})
    return EnteredCorrection(correction=correction, entered_at=DAY)


def speed(constants: Constants, own: OwnSpeed | None = None, reasons: bool = True) -> ModelSpeed:
    return speed_of("middle", reasons, constants, own)


def test_without_anything_own_the_median_of_the_price_class_is_assumed(constants: Constants):
    usual = speed(constants)
    assert (usual.tokens_per_s, usual.first_answer_s) == (107, 14.1)
    assert {usual.tokens_per_s_source.status, usual.first_answer_source.status} == {"assumption"}


def test_a_measurement_stands_above_the_median_and_says_how_many_calls(constants: Constants):
    measured = speed(constants, OwnSpeed(measured=MEASURED))
    assert measured.tokens_per_s == 40
    assert measured.tokens_per_s_source.status == "measured"
    assert measured.tokens_per_s_source.text.startswith("Measured from 7 own calls")


def test_a_person_stands_above_a_measurement(constants: Constants):
    own = speed(constants, OwnSpeed(entered(tokens_per_s=300), MEASURED))
    assert (own.tokens_per_s, own.tokens_per_s_source.status) == (300, "assumption")
    assert own.tokens_per_s_source.text == "Entered in Settings: Own tests (26 Nov 2026)"


def test_another_speed_changes_how_long_the_thinking_takes_and_not_how_much_is_thought(constants: Constants):
    usual, slow = speed(constants), speed(constants, OwnSpeed(measured=MEASURED))
    assert slow.hidden_tokens == usual.hidden_tokens
    assert slow.first_answer_s == pytest.approx(1 + usual.hidden_tokens / 40)
    assert slow.first_answer_source.status == "derived"


def test_the_time_of_a_measured_call_comes_out_again(constants: Constants):
    """A call of 1,600 tokens, hidden ones included, took 41 s: that is what the formula gives for it."""
    model = speed(constants, OwnSpeed(measured=MEASURED))
    visible = 1_600 - model.hidden_tokens
    assert model.first_answer_s + visible / model.tokens_per_s == pytest.approx(41)


def test_an_entered_first_answer_says_how_much_is_thought(constants: Constants):
    own = speed(constants, OwnSpeed(entered(first_answer_s=6), MEASURED))
    assert (own.first_answer_s, own.hidden_tokens) == (6, 200)


def test_a_model_that_does_not_reason_waits_and_hides_nothing_at_any_speed(constants: Constants):
    plain = speed(constants, OwnSpeed(measured=MEASURED), reasons=False)
    assert (plain.first_answer_s, plain.hidden_tokens) == (1, 0)
