from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.catalog.words import is_one_word, split_words, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("analyse", "analyze"),
        ("analysis", "analyzing"),
        ("organisation", "organization"),
        ("rose", "rising"),
        ("written", "writes"),
        ("colour", "color"),
        ("company's", "company"),
        ("reviews", "reviewed"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("analyst", "analyze"), ("policy", "police")])
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_hyphens_and_slashes_separate_words_but_c_sharp_stays_whole() -> None:
    assert [word.text for word in split_words("two-page C#/C++ brief, 1,200 words")] == [
        "two", "page", "C#", "C++", "brief", "1,200", "words",
    ]  # fmt: skip


@given(st.text())
def test_every_word_stands_where_it_says(text: str) -> None:
    for word in split_words(text):
        assert text[word.start : word.end] == word.text


def test_one_word_is_what_splitting_leaves_whole() -> None:
    assert is_one_word("c++")
    assert not is_one_word("e-mail")
    assert not is_one_word("")


def test_threads_stem_the_same_words_alike() -> None:
    words = [
        f"{beginning}{ending}" for beginning in ("organiz", "relat", "communic") for ending in ("ation", "ing", "es")
    ]
    alone = [stem(word) for word in words]
    stem.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda word: stem.__wrapped__(word), words * 200))
    assert together == alone * 200
