import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import Objective


def read(text: str) -> Analysis:
    return analyze(Objective(text=text), load_catalog())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Turn the board recording into minutes: list the decisions and note who owns them", ["minutes"]),
        (
            "Find out who visits the fair, list topics, and condense it all into a one-page briefing",
            ["one-page briefing"],
        ),
        ("Research three vendors and put everything into a memo", ["memo"]),
        ("Compare the fields and end with a decision paper for the owners", ["decision paper"]),
        ("Hand the board a one-page summary of cyber risks", ["one-page summary"]),
        ("Write awareness tips for staff", ["awareness tips"]),
        ("Collect trials and present them as a comparison table", ["comparison table"]),
        ("The article must include three links. Topic: bike trailers", ["article"]),
        ("Send every guest an invitation email", ["invitation email"]),
        ("Email a weekly status report to the team", ["weekly status report"]),
        ("Write an RFP for a new website of a municipal theatre", ["RFP"]),
        ("Write a script for a five-minute documentary on urban foxes", ["five-minute documentary"]),
    ],
)
def test_what_exists_in_the_end_is_known_by_its_own_name(text: str, names: list[str]) -> None:
    assert [made.name for made in read(text).deliverables] == names


@pytest.mark.parametrize(
    "text",
    [
        "Check the lease and flag what is missing",
        "Convert the payroll program to Java",
        "Rank the ideas and recommend one",
        "Draft answers to the security questionnaire",
        "Prepare our town for a heatwave",
        "Audit our ads account: wasted spend, missing keywords, landing pages",
    ],
)
def test_what_is_there_already_and_what_is_only_said_are_no_deliverables(text: str) -> None:
    assert read(text).deliverables == ()


def test_what_all_the_work_leads_to_comes_first() -> None:
    found = read("Write a press release, draft three social posts and combine everything into a launch brief")
    assert found.deliverables[0].name == "launch brief"
    assert len(found.deliverables) > 1


def test_a_thing_in_a_relative_clause_is_not_asked_for() -> None:
    found = read("Write a short story in which a keeper finds a letter")
    assert [made.name for made in found.deliverables] == ["short story"]


def test_an_unknown_thing_keeps_its_number() -> None:
    (cards,) = read("Turn the transcript into five spoken collages").deliverables
    assert (cards.name, cards.quantity, cards.artefact) == ("five spoken collages", 5, "")
