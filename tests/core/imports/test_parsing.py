"""JSON with comments and YAML without aliases."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.parsing import parse, without_comments

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def test_comments_and_trailing_commas_are_left_out() -> None:
    text = '// a crew\n{"url": "http://x, // no comment", /* why\n so */ "list": [1, 2, // two\n ], }\n'
    assert parse("crew.jsonc", text.encode()) == {"url": "http://x, // no comment", "list": [1, 2]}


@given(VALUES)
def test_plain_json_stays_as_it_is(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert json.loads(without_comments(text)) == value


@given(st.text(st.sampled_from('"\\/*, \n]}[{a'), max_size=30))
def test_any_text_is_parsed_or_refused_in_plain_words(text: str) -> None:
    for name in ("crew.jsonc", "crew.yaml", "pasted"):
        try:
            parse(name, text.encode())
        except UnreadableCrew as error:
            assert name in str(error)


def test_a_fault_is_reported_with_its_line() -> None:
    with pytest.raises(UnreadableCrew, match=r"crew\.jsonc is not valid JSON in line 3"):
        parse("crew.jsonc", b'{\n// comment\n"a" 1}')
    with pytest.raises(UnreadableCrew, match=r"agents\.yaml is not valid YAML in line 2"):
        parse("agents.yaml", b"a: 1\nb: ]\n")


def test_yaml_aliases_are_refused() -> None:
    bomb = b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    with pytest.raises(UnreadableCrew, match=r"uses a YAML alias \(\*a\)"):
        parse("crew.yaml", bomb)


def test_yaml_tags_construct_nothing() -> None:
    with pytest.raises(UnreadableCrew, match="not valid YAML in line 1"):
        parse("crew.yaml", b"a: !!python/object/apply:os.system ['id']")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "/*" * 100_000, '"' + '\\"' * 100_000, "9" * 10_000]
)
def test_texts_that_are_meant_to_exhaust_a_parser_are_refused(text: str) -> None:
    with pytest.raises(UnreadableCrew):
        parse("crew.json", text.encode())


def test_text_in_another_encoding_is_refused() -> None:
    with pytest.raises(UnreadableCrew, match="not text in UTF-8"):
        parse("crew.json", "é".encode("latin-1"))
