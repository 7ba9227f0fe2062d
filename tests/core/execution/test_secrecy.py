"""No key stands in what is kept of a run."""

from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.execution.secrecy import clean, find_secrets


@given(st.text(), st.text(alphabet="abcXYZ0189-_", min_size=6, max_size=40), st.text())
def test_a_secret_is_in_no_cleaned_text(before: str, secret: str, after: str):
    cleaned = clean(f"{before}{secret}{after}", frozenset({secret}))
    assert secret not in cleaned.replace("[hidden]", "")
    cleaned.encode()


def test_keys_of_known_providers_are_hidden_also_when_nobody_gave_them():
    assert clean("Incorrect API key provided: sk-abcd1234****wxyz.", frozenset()).count("sk-") == 0


def test_a_value_too_short_to_be_a_key_hides_nothing():
    assert find_secrets(("A", "B", "C"), {"A": "on", "B": "long-enough"}) == {"long-enough"}
