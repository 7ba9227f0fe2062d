"""Sentences on a page: shown as typed, and what is to be typed on a terminal shown as such."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.plain_text import plain, plain_hint


def test_a_command_in_a_hint_is_shown_as_code_and_what_is_around_it_as_typed() -> None:
    hint = plain_hint("Run `python -m crewgen_core doctor`, or ask *your* admin.")
    assert hint == r"Run `python -m crewgen_core doctor`, or ask \*your\* admin\."


@pytest.mark.parametrize("text", ["`", "``", "a `b", "`:red[x]`", "`<b>`", "`$x$`", "`[a](javascript:b)`"])
def test_what_is_no_command_between_backticks_stays_as_typed(text: str) -> None:
    assert plain_hint(text) == plain(text)


@given(st.text(st.sampled_from("ab *:[]()<>$-_.\\@#\n"), max_size=30))
def test_a_hint_without_a_command_is_shown_as_typed(text: str) -> None:
    assert plain_hint(text) == plain(text)
