"""What the words of a crew give away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.validation.texts import (
    find_stems,
    join_names,
    measure_overlap,
    names_measure,
    normalize_role,
    shorten,
)


@pytest.mark.parametrize(
    "text",
    ["A brief of two pages", "A JSON file", "At least five sources with links", "Top 10 issues", "A table per plan"],
)
def test_a_result_with_a_form_or_a_number_is_measurable(text: str) -> None:
    assert names_measure(text)


@pytest.mark.parametrize("text", ["Something good that everybody likes", "High quality insights", ""])
def test_a_result_with_nothing_to_look_for_is_not(text: str) -> None:
    assert not names_measure(text)


def test_rank_and_number_of_nouns_do_not_make_another_role() -> None:
    assert normalize_role("Senior Data Analyst") == normalize_role("data analysts")
    assert normalize_role("Data Analyst") != normalize_role("Data Engineer")


def test_stems_bring_inflections_together_and_leave_empty_words_out() -> None:
    assert find_stems("the analyses of churning customers") == find_stems("analyze customer churn")


def test_many_names_are_cut_with_a_count() -> None:
    assert join_names(["a", "b"]) == '"a" and "b"'
    assert join_names(list("abcdefg")) == '"a", "b", "c", "d", "e" and 2 more'


@given(st.text(), st.integers(2, 80))
def test_a_shortened_text_fits_in_one_line(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most
    assert "\n" not in short


@given(st.text(), st.text())
def test_overlap_is_a_share_and_symmetric(one: str, other: str) -> None:
    first, second = find_stems(one), find_stems(other)
    assert 0 <= measure_overlap(first, second) == measure_overlap(second, first) <= 1
