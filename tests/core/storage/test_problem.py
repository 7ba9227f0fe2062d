import pytest

from crewgen_core.storage.problem import LONGEST, name_problem


@pytest.mark.parametrize(
    ("reason", "named"),
    [
        ("openai/gpt-5-mini did not answer within 30 seconds.", "The model did not answer within … seconds."),
        ("The objective has 20,001 characters.", "The objective has … characters."),
        ('The server address "http://x:8" is no web address.', "The server address … is no web address."),
        ("The answer of openai/gpt-5-mini was cut.\nAsk again.", "The answer of the model was cut. Ask again."),
        ("", ""),
    ],
)
def test_what_differs_between_equal_reasons_is_left_out(reason: str, named: str):
    assert name_problem(reason, "openai/gpt-5-mini") == named


def test_numbers_within_names_stay():
    assert name_problem("gpt-5-mini and Q3 of 2026") == "gpt-5-mini and Q3 of …"


def test_a_long_reason_is_cut():
    assert len(name_problem("a" * 1_000)) == LONGEST
