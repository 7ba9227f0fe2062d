import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.catalog.phrases import PhraseIndex, find_fault
from crewgen_core.catalog.words import split_words

GROUPS = {"find": ("find", "search"), "write": ("write", "draft")}


def owners(phrases: dict[str, list[str]], text: str) -> list[str]:
    return [match.owner for match in PhraseIndex(phrases, GROUPS).find(split_words(text))]


def test_a_phrase_is_found_in_any_order_and_inflection() -> None:
    assert owners({"churn": ["churn analysis"]}, "Analyzing our churn") == ["churn"]


def test_an_owner_stands_in_front_of_what_is_owned() -> None:
    assert owners({"crm": ["our crm"]}, "Clean up our old CRM") == ["crm"]
    assert owners({"crm": ["our crm"]}, "Compare five CRM vendors for our sales team") == []


def test_a_phrase_needs_all_its_words_close_together() -> None:
    assert owners({"churn": ["churn analysis"]}, "Look at churn") == []
    assert owners({"churn": ["churn analysis"]}, "Churn went up and so we would like some kind of analysis") == []


def test_a_verb_group_stands_for_each_of_its_verbs() -> None:
    phrases = {"suppliers": ["@find supplier"]}
    assert owners(phrases, "search for cheap suppliers") == ["suppliers"]
    assert owners(phrases, "pay suppliers") == []


def test_an_exact_word_is_not_found_in_another_form() -> None:
    assert owners({"tests": ["=tests"]}, "write tests") == ["tests"]
    assert owners({"tests": ["=tests"]}, "write a test") == []


def test_one_word_does_not_count_for_two_words_of_a_phrase() -> None:
    assert owners({"review": ["review reviews"]}, "our reviews") == []
    assert owners({"review": ["review reviews"]}, "review the reviews") == ["review"]


def test_the_match_with_more_words_comes_first_and_names_its_words() -> None:
    found = PhraseIndex({"one": ["proposal"], "two": ["grant proposal"]}, GROUPS).find(split_words("a Grant Proposal"))
    assert [(match.owner, match.evidence) for match in found] == [("two", "Grant Proposal"), ("one", "Proposal")]


def test_a_common_phrase_is_marked_as_weak() -> None:
    found = PhraseIndex({"tests": ["~tests"]}, GROUPS).find(split_words("the tests"))
    assert [match.weak for match in found] == [True]


@pytest.mark.parametrize("text", ["@find", "@find @write", "@nosuch churn", "~@find", "&", "=e-mail list", "= list"])
def test_a_phrase_that_could_never_be_found_has_a_fault(text: str) -> None:
    assert find_fault(text, GROUPS)


@given(st.lists(st.sampled_from(["@find", "@no", "churn", "=x", "=", "~", "a-b", "&", "c++", "=a-b"]), min_size=1))
def test_a_phrase_without_a_fault_can_be_indexed(tokens: list[str]) -> None:
    text = " ".join(tokens)
    if not find_fault(text, GROUPS):
        PhraseIndex({"entry": [text]}, GROUPS)
