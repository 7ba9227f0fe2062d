"""Blanks: what fills them, what does not, and what comes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.errors import UnusableTemplate
from crewgen_core.models.template import Blank
from crewgen_core.templates.checking import find_faults
from crewgen_core.templates.filling import fill_crew, fill_text
from crewgen_core.templates.values import complete_values, read_value, read_values
from tests.support.templates import market_template


def test_defaults_alone_fill_a_template():
    template = market_template()
    crew = fill_crew(template, read_values(template, {}))
    assert crew.objective == (
        "Size the market for electric cargo bikes in Germany and Austria and write a 2-page brief for the board by "
        "31 March 2027."
    )
    assert crew.tasks[0].name == "Size the market for electric cargo bikes"
    assert "[[" not in crew.model_dump_json()


def test_a_value_is_never_searched_for_blanks():
    assert fill_text("[[a]] and [[b]]", {"a": "[[b]]", "b": "x"}) == "[[b]] and x"


def test_placeholders_of_crewai_are_no_blanks():
    assert fill_text("{product} {{product}} [[product]]", {"product": "x"}) == "{product} {{product}} x"


def test_a_blank_at_the_start_begins_with_a_capital():
    assert fill_text("[[product]] in brief", {"product": "cargo bikes"}) == "Cargo bikes in brief"


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(["a", "b"]), st.text(max_size=50)))
def test_filling_any_text_with_anything_never_fails(text: str, values: dict[str, str]):
    fill_text(f"{text} [[a]] {text}", values)


@pytest.mark.parametrize(
    ("type", "typed", "stands"),
    [
        ("text", "  two\n words ", "two words"),
        ("number", "1,200.5", "1,200.5"),
        ("choice", "BOARD", "board"),
        ("list", "a; b, b, and c", "a, b and c"),
        ("date", "2027-03-31", "31 March 2027"),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_by_the_type_of_the_blank(type: str, typed: str, stands: str):
    blank = Blank.model_validate({"name": "x", "type": type, "choices": ("board", "team")})
    assert read_value(blank, typed) == stands


@pytest.mark.parametrize(
    ("type", "typed", "said"),
    [
        ("number", "many", "“X” needs a number such as 12 or 2.5, and “many” is none."),
        ("number", "nan", "needs a number"),
        ("choice", "boss", "“X” is one of: board, team; “boss” is none of them."),
        ("date", "31.3.2027", "needs a date such as 2027-03-31"),
        ("list", " , ;", "needs at least one entry"),
        ("text", "", "“X” is not filled, and it has no default."),
        ("text", "x" * 501, "has 501 characters"),
    ],
)
def test_what_does_not_fit_is_said(type: str, typed: str, said: str):
    blank = Blank.model_validate({"name": "x", "type": type, "choices": ("board", "team")})
    with pytest.raises(UnusableTemplate, match=said.replace("(", r"\(")):
        read_value(blank, typed)


def test_every_blank_that_cannot_be_filled_is_named_at_once():
    with pytest.raises(UnusableTemplate) as caught:
        read_values(market_template(), {"pages": "few", "reader": "boss", "color": "red"})
    for name in ("“Pages”", "“Reader”", "no blank “color”"):
        assert name in str(caught.value)


def test_completed_values_are_as_typed_and_are_read_again_to_the_same():
    template = market_template()
    typed = complete_values(template, {"places": "Norway, Sweden"})
    assert typed["places"] == "Norway, Sweden"
    assert read_values(template, typed) == read_values(template, {"places": "Norway, Sweden"})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"objective": "About [[nothing]]"}, "A text has [[nothing]], and there is no blank of this name"),
        ({"objective": ""}, "The template has no objective."),
        ({"optional": ("dance",)}, "The task “dance” is said to be optional"),
        ({"blanks": (Blank(name="a", type="choice"),)}, "it needs at least two choices"),
        ({"blanks": (Blank(name="a", type="number", default="x"),)}, "The default does not fit"),
        ({"blanks": (Blank(name="a"), Blank(name="a"))}, "There are 2 blanks called “a”"),
    ],
)
def test_what_is_wrong_with_a_template_is_said(changes: dict[str, object], said: str):
    assert any(said in fault for fault in find_faults(market_template(**changes)))


def test_a_sound_template_has_no_faults():
    assert list(find_faults(market_template())) == []
