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
        ("Check 250 supplier invoices against purchase orders and flag mismatches", "250 supplier invoices"),
        (
            "Summarise 60 interviews with farmers on soil health for a policy brief",
            "60 interviews with farmers on soil health",
        ),
        (
            "Analyse the impact of raising our prices by 8 % on churn",
            "the impact of raising our prices by 8 % on churn",
        ),
        ("Reduce churn by 5% by June", "churn"),
        ("Draft a tender for school meals, 1,400 pupils, organic share at least 30 %", "school meals"),
        (
            "Collect evidence on four-day weeks in manufacturing, write a 2-page briefing",
            "four-day weeks in manufacturing",
        ),
        (
            "What are the risks of using a US cloud for German health data?",
            "the risks of using a US cloud for German health data",
        ),
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


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Why did NPS drop from 47 to 31 among SME customers in Q2?", "NPS among SME customers in Q2"),
        ("Which of our 40 stores should we close next year, and why?", "our 40 stores"),
        ("How much does it cost us to onboard a new nurse?", "the cost to onboard a new nurse"),
        ("What would it take to get ISO 27001 certified?", "the way to get ISO 27001 certified"),
        ("When will our savings run out if we both go part-time?", "our savings"),
        ("How has our energy use changed since 2021?", "our energy use since 2021"),
        ("Why are our delivery times getting longer in the south?", "our delivery times"),
        ("How long would it take to train a new welder?", "the time to train a new welder"),
        ("What do our customers complain about most?", "our customers"),
        ("Does our loyalty programme pay off?", "our loyalty programme"),
        ("Is it worth opening on Sundays?", "opening on Sundays"),
        ("Find out what drives overtime in our distribution centres", "overtime in our distribution centres"),
        ("Find out which of our blog posts bring leads, and suggest 15 new topics", "our blog posts"),
        ("Assess whether our grants programme reaches first-generation students", "our grants programme"),
        (
            "Investigate why our Android app's crash rate doubled after release 5.2",
            "our Android app's crash rate after release 5.2",
        ),
        ("A bakery with 6 branches wants to know how much bread to bake each day", "the amount of bread"),
    ],
)
def test_a_question_is_about_the_thing_it_asks_about(text: str, subject: str) -> None:
    assert analyze(Objective(text=text), load_catalog()).subject == subject


@pytest.mark.parametrize(
    "text",
    [
        "Help our bakery forecast demand and decide what to bake",
        "Our bakery needs to forecast demand and decide what to bake",
        "Our bakery wants to forecast demand",
    ],
)
def test_who_wants_it_says_whose_it_is_and_in_which_field(text: str) -> None:
    analysis = analyze(Objective(text=text), load_catalog())
    assert analysis.subject == "our bakery"
    assert analysis.domain == "small_business"
    assert "demand_planning" in {skill.key for skill in analysis.skills}


def test_two_things_that_somebody_does_are_two_things_to_do() -> None:
    analysis = analyze(Objective(text="A bakery forecasts demand and decides what to bake"), load_catalog())
    assert [stream.action for stream in analysis.workstreams] == ["forecast", "decide"]
    assert analysis.subject == "a bakery"


def test_what_somebody_does_for_a_living_calls_for_nobody() -> None:
    analysis = analyze(Objective(text="A translation agency wants to find more clients in the Nordics"), load_catalog())
    assert "translation" not in {skill.key for skill in analysis.skills}


@pytest.mark.parametrize("text", BENCHMARKED)
def test_a_subject_is_no_fragment(text: str) -> None:
    subject = analyze(Objective(text=text), load_catalog()).subject
    assert subject
    assert not subject.lower().startswith(
        ("of ", "for ", "from ", "with ", "by ", "than ", "least ", "most ", "and ", "about ")
    )
    assert not subject.lower().endswith((" of", " for", " from", " with", " by", " and", " the", " a", ",", " on", "?"))
