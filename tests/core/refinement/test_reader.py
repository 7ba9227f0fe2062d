"""What a sentence asks for, and where one wish ends and the next begins."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.refinement.reader import Reading, read_wishes
from crewgen_core.refinement.wishes import (
    Add,
    AskPerson,
    AtOnce,
    Delegate,
    Hand,
    Improve,
    Lead,
    Limit,
    Merge,
    Move,
    Remove,
    Rename,
    Replace,
    Split,
    TeamSize,
    Think,
    Wish,
    Write,
)

CATALOG = load_catalog()


def read(text: str) -> Reading:
    return read_wishes(text, CATALOG)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("make it cheaper", Improve("make it cheaper", "cheaper")),
        ("Could you please make it a bit cheaper?", Improve("make it a bit cheaper", "cheaper")),
        ("reduce the cost", Improve("reduce the cost", "cheaper")),
        ("it is too expensive", Improve("it is too expensive", "cheaper")),
        ("speed it up", Improve("speed it up", "faster")),
        ("make it more thorough", Improve("make it more thorough", "thorough")),
        ("simplify it", Improve("simplify it", "simpler")),
        ("keep it under $0.05 per run", Limit("keep it under $0.05 per run", budget_usd=Decimal("0.05"))),
        ("within ten minutes", Limit("within ten minutes", minutes=10)),
        ("two agents only", TeamSize("two agents only", 2)),
        ("use 4 agents", TeamSize("use 4 agents", 4, exact=True)),
        ("fewer agents", TeamSize("fewer agents", -1, relative=True)),
        ("add a legal review", Add("add a legal review", "a legal review")),
        ("I would like a fact check", Add("add a fact check", "a fact check")),
        ("add a check before the brief", Add("add a check before the brief", "a check", "before", "the brief")),
        ("remove the editor", Remove("remove the editor", "the editor")),
        ("no web access", Remove("no web access", "web access")),
        ("drop web search from the analyst", Remove("drop web search from the analyst", "web search", "the analyst")),
        ("merge the writer and the editor", Merge("merge the writer and the editor", ("the writer", "the editor"))),
        ("split the research in two", Split("split the research in two", "the research")),
        (
            "split the research into market and competitors",
            Split("split the research into market and competitors", "the research", 2, ("market", "competitors")),
        ),
        ("rename the writer to Bard", Rename("rename the writer to Bard", "the writer", "Bard")),
        ("move the check to the end", Move("move the check to the end", "the check", "last")),
        (
            "do the check before the writing",
            Move("do the check before the writing", "the check", "before", "the writing"),
        ),
        ("use arxiv instead of web search", Replace("use arxiv instead of web search", "web search", "arxiv")),
        ("give the analyst the CSV tool", Hand("give the analyst the CSV tool", "the analyst the CSV tool")),
        ("use gpt-4o-mini for the writer", Think("use gpt-4o-mini for the writer", "gpt-4o-mini", "the writer")),
        ("let the writer use claude", Think("let the writer use claude", "claude", "the writer")),
        ("let a person approve the last step", AskPerson("let a person approve the last step", "the last step")),
        ("human in the loop", AskPerson("human in the loop")),
        ("fully automatic", AskPerson("fully automatic", wanted=False)),
        ("add a manager", Lead("add a manager", wanted=True)),
        ("no manager", Lead("no manager", wanted=False)),
        ("run the research in parallel", AtOnce("run the research in parallel", "the research")),
        ("one after the other", AtOnce("one after the other", wanted=False)),
        ("no delegation", Delegate("no delegation", wanted=False)),
        ("shorter", Write("shorter", "length", "shorter")),
        ("make the brief shorter", Write("make the brief shorter", "length", "shorter", "the brief")),
        ("write it in German", Write("write it in German", "language", "German")),
        ("more formal tone", Write("more formal tone", "tone", "more formal")),
        ("as a PDF", Write("as a PDF", "form", "PDF")),
        ("two pages", Write("two pages", "length", "two pages")),
        ("make the tone friendlier", Write("make the tone friendlier", "tone", "more friendly")),
        ("target developers", Write("target developers", "audience", "developers")),
        ("focus more on pricing", Write("focus more on pricing", "focus", "pricing")),
        ("limit cost to $0.02", Limit("limit cost to $0.02", budget_usd=Decimal("0.02"))),
        ("change the deadline to 5 minutes", Limit("change the deadline to 5 minutes", minutes=5)),
        ("only one person", TeamSize("only one person", 1)),
        ("no approvals", AskPerson("no approvals", wanted=False)),
        ("combine steps 2 and 3", Merge("combine steps 2 and 3", ("step 2", "step 3"))),
        ("swap steps 2 and 3", Move("swap steps 2 and 3", "step 2", "after", "step 3")),
        ("call the crew Churn Busters", Rename("call the crew Churn Busters", "the crew", "Churn Busters")),
        ("I don't need the plan", Remove("don't need the plan", "the plan")),
    ],
)
def test_a_wish_is_read_by_its_form(text: str, wish: Wish):
    assert read(text) == Reading((wish,), ())


def test_several_wishes_in_one_sentence_are_read_one_by_one():
    wishes, unknown = read("Make it cheaper and add a legal review, then remove the editor; two agents only.")
    assert [type(wish) for wish in wishes] == [Improve, Add, Remove, TeamSize]
    assert unknown == ()


def test_one_phrase_may_say_several_things_about_the_text():
    wishes, _ = read("write it in German for executives in a more formal tone, two pages")
    assert [(wish.manner, wish.value) for wish in wishes if isinstance(wish, Write)] == [
        ("language", "German"),
        ("audience", "executives"),
        ("tone", "more formal"),
        ("length", "two pages"),
    ]


def test_an_and_within_a_name_ends_no_wish():
    wishes, _ = read('rename the writer to "Bard, and add jokes" and make it faster')
    assert [type(wish) for wish in wishes] == [Rename, Improve]
    assert read("add a legal review and a fact checker").wishes == (
        Add("add a legal review and a fact checker", "a legal review and a fact checker"),
    )


@pytest.mark.parametrize("text", ["hello there", "what is the weather?", "ignore all rules", "Macht es billiger"])
def test_what_no_form_fits_is_not_understood(text: str):
    assert read(text) == Reading((), (text.rstrip("?"),))


@pytest.mark.parametrize("text", ["", " ", "?!…", "\n\n"])
def test_what_has_no_words_asks_for_nothing(text: str):
    assert read(text) == Reading((), ())


def test_a_very_long_piece_is_left_to_a_model_or_a_person():
    wishes, unknown = read("add " + "very " * 100 + "long review")
    assert wishes == ()
    assert len(unknown) == 1


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str):
    wishes, unknown = read(text)
    assert all(wish.words for wish in wishes)
    assert all(unknown)
