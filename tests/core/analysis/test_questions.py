"""Briefs as people say them: a situation, then questions and things in a list."""

import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.analysis.clauses import split_clauses
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import Objective

CATALOG = load_catalog()


def read(text: str) -> Analysis:
    return analyze(Objective(text=text), CATALOG)


def orders(text: str) -> list[str]:
    return [c.text for c in split_clauses(text, CATALOG)[0] if c.request and not c.heading]


LAUNCH = (
    "We're launching a cold-brew tea in Norway in June. Put together the launch: who we talk to, what we say, "
    "three concept routes and a month of TikTok posts. Budget 30k NOK, no influencers."
)
INTERVIEWS = (
    "I've got 600 exit interviews in a spreadsheet and HR wants to know why nurses leave. "
    "Group the reasons, show me which wards are worst, one page with two charts."
)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            LAUNCH,
            ["recommend who we talk to and what we say", "draft three concept routes", "draft a month of TikTok posts"],
        ),
        (
            INTERVIEWS,
            [
                "determine why nurses leave",
                "Group the reasons",
                "determine which wards are worst",
                "write a one-page report with two charts",
            ],
        ),
        (
            "Need a sanity check on this lease before I sign: what's unusual, what's missing, what to push back on.",
            [
                "check this lease before I sign",
                "determine what is unusual and what is missing",
                "recommend what to push back on",
            ],
        ),
        (
            "Who could we ask, what do we tell them, and three emails for the Christmas appeal.",
            ["recommend who we could ask and what we tell them", "draft three emails for the Christmas appeal"],
        ),
        (
            "Find out who funds youth theatre, when the deadlines are, and draft the first application.",
            ["Find out who funds youth theatre", "find out when the deadlines are", "draft the first application"],
        ),
        ("What are my rights, and a polite letter.", ["find out what my rights are", "draft a polite letter"]),
    ],
)
def test_each_question_and_thing_of_a_list_is_asked_for(text: str, asked: list[str]) -> None:
    found = orders(text)
    assert [one.lower() for one in found] == [one.lower().rstrip("?") for one in asked] or found == asked


@pytest.mark.parametrize(
    "text",
    [
        "Plan a trip to Rome, where we stay three days",
        "When a guest complains, draft a reply",
        "Interview our customers, who are mostly nurses, about their shifts",
        "Compare three laptops, which must be light",
    ],
)
def test_a_relative_or_conditional_clause_is_no_question(text: str) -> None:
    assert not any(one.startswith(("determine ", "recommend ", "calculate ")) for one in orders(text))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (LAUNCH, "a cold-brew tea in Norway in June"),
        (INTERVIEWS, "600 exit interviews in a spreadsheet"),
        (
            "Our support inbox is drowning. Figure out what people write about, and draft ten replies.",
            "our support inbox",
        ),
        (
            "We sell handmade candles on Etsy and sales are flat. Tell me what's selling, and what to charge.",
            "handmade candles on Etsy",
        ),
        (
            "We're opening a second bakery in Ghent. What rent can we afford, who's there. Two pages for the bank.",
            "a second bakery in Ghent",
        ),
    ],
)
def test_the_situation_names_the_subject(text: str, subject: str) -> None:
    assert read(text).subject == subject


def test_a_question_names_no_deliverable() -> None:
    found = read("Our support inbox is drowning. Figure out what people write about, which of it a FAQ could answer.")
    assert not found.deliverables


def test_a_month_of_posts_is_posts() -> None:
    assert "TikTok posts" in {made.name for made in read(LAUNCH).deliverables}


def test_pages_alone_ask_for_a_report_of_that_length() -> None:
    made = read(
        "We're opening a second bakery in Ghent. Find out who's already there. Two pages for the bank."
    ).deliverables
    assert [(one.artefact, one.length) for one in made] == [("report", "two-page")]


def test_a_limit_in_a_list_is_no_work() -> None:
    found = read("Sort out a party for 30 people: where, what we eat, an invitation. Under 2,000 euros, no loud music.")
    assert not any("loud music" in stream.text for stream in found.workstreams)
