import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.composition.short_names import name_shortly


@pytest.mark.parametrize(
    ("phrase", "short"),
    [
        ("an Instagram advert for a product we sell", "the Instagram advert"),
        ("our subscription exports", "our subscription exports"),
        ("fan demographics and tour venues", "fan demographics"),
        ("at least 15 successful videos on the topic", "the successful videos"),
        ("the top three competitors", "the competitors"),
        ("churn in Q3", "churn"),
        ("the cost of living crisis in Leeds", "the cost of living crisis"),
        ('the question "who pays for it"', "the question"),
        ('the question "why the Android app crashes on login"', "the Android app"),
        ('the question "why did our organic traffic drop after the redesign"', "our organic traffic drop"),
        ('the question "which of our SaaS customers', "our SaaS customers"),
        ("our new oat milk brand in Germany", "the new oat milk brand"),
        ("retail media advertising for an artist's concert tour", "retail media advertising"),
        ("moving to another cloud", "moving to another cloud"),
        ("switching to electric delivery vans by 2030", "switching to electric delivery vans"),
        ("a wedding for 80 guests", "the wedding"),
        ("18 months of helpdesk tickets", "the helpdesk tickets"),
        ("", ""),
    ],
)
def test_a_noun_phrase_has_a_short_name(phrase: str, short: str) -> None:
    assert name_shortly(phrase) == short


@given(st.text(max_size=200))
def test_a_short_name_is_never_much_longer_than_its_phrase_and_never_empty_for_words(phrase: str) -> None:
    short = name_shortly(phrase)
    assert len(short) <= len(phrase.strip()) + len("the ")
    assert bool(short) == bool(phrase.strip())
