import datetime

import pytest

from crewgen_core.estimation.endings import ending_of, warn_of_end
from crewgen_core.llm.prices import ModelPrice

TODAY = datetime.date(2026, 11, 26)


def price(ends: str | None) -> ModelPrice:
    return ModelPrice(model="m", provider="p", deprecation_date=ends)


@pytest.mark.parametrize(
    ("ends", "ending", "told"),
    [
        (None, "none", ""),
        ("in spring", "none", ""),
        ("2027-01-26", "none", ""),
        ("2027-01-25", "soon", "switches it off on 25 Jan 2027, in 60 days."),
        ("2026-11-27", "soon", "in 1 day."),
        ("2026-11-26", "past", "announced its end for 26 Nov 2026"),
        ("2025-01-01", "past", "will probably fail"),
    ],
)
def test_an_end_is_told_from_sixty_days_before(ends: str | None, ending: str, told: str):
    assert ending_of(price(ends), TODAY) == ending
    sentences = warn_of_end("m", price(ends), TODAY)
    assert told in (sentences[0] if sentences else "")


def test_without_a_price_or_a_day_nothing_is_told():
    assert warn_of_end("m", None, TODAY) == warn_of_end("m", price("2026-01-01"), None) == ()
