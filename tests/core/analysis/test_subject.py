import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.models.objective import Objective
from tests.support.objectives import BENCHMARKED


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Write a blog post about remote work", "remote work"),
        ("Build a mobile app for a community garden", "a mobile app for a community garden"),
        ("Build a REST API for booking meeting rooms", "a REST API for booking meeting rooms"),
        ("Design a voice assistant for a museum", "a voice assistant for a museum"),
        ("Report the breach of our newsletter database", "the breach of our newsletter database"),
        ("Design a cooperative board game about beekeeping", "a cooperative board game about beekeeping"),
    ],
)
def test_a_text_is_about_its_topic_and_a_thing_that_is_built_about_itself(text: str, subject: str) -> None:
    assert analyze(Objective(text=text), load_catalog()).subject == subject


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("I have a trade fair in Cologne coming up. Find out about the visitors.", "a trade fair in Cologne"),
        (
            "We received a CSV of scholarship applicants. Score every applicant against our policy.",
            "scholarship applicants",
        ),
        ("Draft a children's book of ten chapters, each of about 3,000 words", "a children's book"),
        ("Check that the lease template has all required fields", "the lease template"),
        ("What are the best ways to reduce food waste in canteens?", "food waste in canteens"),
        ("Read what customers say about our running shoes and list the problems", "our running shoes"),
        ("Investigate why the conveyor in hall 3 stops and propose a fix", "the conveyor in hall 3"),
        ("Assess whether our data processing complies with GDPR", "our data processing"),
        ("The report must be checked twice. It deals with noise at the airport.", "noise at the airport"),
        ("Debug the checkout: reproduce the error, locate the cause, and write a patch", "the checkout"),
        ("Write 650 words about overcoming failure", "overcoming failure"),
        ("Optimise delivery routes in Hamburg and estimate the fuel saved", "delivery routes in Hamburg"),
        ("Write terms of service for our marketplace", "our marketplace"),
        ("Our hotel gets 200 reviews a month; sort them by theme", "200 reviews"),
        ("Given a company name, find its website and its size", "a company name"),
        ("From a rough idea to a finished board book: invent the story, draw it, print it", "a finished board book"),
    ],
)
def test_the_whole_is_named_by_a_phrase_that_stands_alone(text: str, subject: str) -> None:
    assert analyze(Objective(text=text), load_catalog()).subject == subject


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Compare three payroll providers for a company of 60", "payroll for a company of 60"),
        ("Evaluate two ERP vendors (SAP, Odoo) for a maker of toys", "ERP for a maker of toys"),
        ("Find two reliable packaging suppliers for our tea shop", "packaging for our tea shop"),
        ("Find reliable suppliers for our packaging", "our packaging"),
        ("Find suppliers for recycled packaging", "recycled packaging"),
    ],
)
def test_who_supplies_is_chosen_by_what_is_bought_and_not_by_who_buys(text: str, subject: str) -> None:
    assert analyze(Objective(text=text), load_catalog()).subject == subject


@pytest.mark.parametrize("text", BENCHMARKED)
def test_a_subject_is_no_fragment(text: str) -> None:
    subject = analyze(Objective(text=text), load_catalog()).subject
    assert subject
    assert not subject.lower().startswith(
        ("of ", "for ", "from ", "with ", "by ", "than ", "least ", "most ", "and ", "about ")
    )
    assert not subject.lower().endswith((" of", " for", " from", " with", " by", " and", " the", " a", ",", " on", "?"))
