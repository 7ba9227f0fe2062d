"""The Home page: what it says, and where it leads."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective
from crewgen_core.storage import requests
from tests.support.designs import make_design

BRIEF = "Write a brief about churn for the board from our exports."
FIELD = "objective_text"
"""Key of the objective on the Generate page."""


def fail(crewgen: Crewgen, text: str) -> None:
    """Leave a request behind that came to nothing."""
    with pytest.raises(CrewgenError):
        crewgen.generate(Objective(text=text, max_agents=3))


def listed(app: AppTest) -> list[str]:
    """Return the texts that the page shows as they are: objectives of crews and of failed requests."""
    return [text.value for text in app.text if text.value not in told(app) and not text.value.startswith("Describe")]


def told(app: AppTest) -> list[str]:
    """Return the facts at the top."""
    return [text.value for row in app.get("flex_container") if row.proto.id.endswith("-facts") for text in row.text]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def click(app: AppTest, label: str) -> AppTest:
    return app.button[labels(app).index(label)].click().run()


def test_without_crews_there_are_examples_and_no_figures(app: AppTest, crewgen: Crewgen) -> None:
    app.run()
    assert "Nothing here yet" in [header.value for header in app.subheader]
    assert told(app) == []


def test_an_example_is_designed_at_once(app: AppTest, crewgen: Crewgen) -> None:
    app.run()
    app.button[1].click().run()
    made = crewgen.crews.list()[0]
    assert made.objective.startswith("Analyze why churn rose")
    assert app.query_params["crew"] == str(made.id)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "There is no objective yet"),
        (" \n\t\x00 ", "There is no objective yet"),
        ("a" * (MAX_OBJECTIVE_CHARACTERS + 1), "20,001 characters"),
    ],
)
def test_what_is_no_objective_gets_a_sentence(app: AppTest, typed: str, sentence: str) -> None:
    app.run()
    app.text_area(key="home_objective").set_value(typed)
    click(app, "Design a crew")
    assert [title.value for title in app.title] == ["crewgen"]
    assert sentence in app.error[0].value
    assert not app.exception


def test_an_objective_is_designed_at_once_as_typed(app: AppTest, crewgen: Crewgen) -> None:
    app.run()
    app.text_area(key="home_objective").set_value(f"{BRIEF} $5 <b>now</b>")
    click(app, "Design a crew")
    assert crewgen.crews.list()[0].objective == f"{BRIEF} $5 <b>now</b>"


def test_crews_are_counted_and_listed_the_newest_first(app: AppTest, crewgen: Crewgen) -> None:
    crewgen.generate(Objective(text=BRIEF))
    crewgen.generate(Objective(text="Plan a wedding for 80 guests."))
    app.run()
    assert told(app) == ["2 crews", "2 requests", "generating cost $0"]
    assert listed(app) == ["Plan a wedding for 80 guests.", BRIEF]


def test_a_generation_of_unknown_price_is_not_counted_as_free(app: AppTest, crewgen: Crewgen) -> None:
    with crewgen.database.begin() as connection:
        design = make_design(cost_usd=None)
        requests.complete(connection, requests.create(connection, design.objective), design)
    app.run()
    assert "generating cost $0 + 1 of unknown price" in told(app)


def test_the_search_finds_words_of_the_objective(app: AppTest, crewgen: Crewgen) -> None:
    crewgen.generate(Objective(text=BRIEF))
    crewgen.generate(Objective(text="Plan a wedding for 80 guests."))
    app.run()
    app.text_input(key="crew_search").set_value("guests").run()
    assert listed(app) == ["Plan a wedding for 80 guests."]
    app.text_input(key="crew_search").set_value("100%_'; --").run()
    assert listed(app) == []
    assert "No crew has" in app.info[0].value


def test_more_crews_than_fit_are_turned_like_pages(app: AppTest, crewgen: Crewgen) -> None:
    for number in range(9):
        crewgen.generate(Objective(text=f"Plan a wedding for {number + 80} guests."))
    app.run()
    assert len(listed(app)) == 8
    click(app, "Older")
    assert listed(app) == ["Plan a wedding for 80 guests."]
    click(app, "Newer")
    assert len(listed(app)) == 8


def test_a_search_begins_on_its_first_page(app: AppTest, crewgen: Crewgen) -> None:
    for number in range(9):
        crewgen.generate(Objective(text=f"Plan a wedding for {number + 80} guests."))
    app.run()
    click(app, "Older")
    app.text_input(key="crew_search").set_value("88 guests").run()
    assert listed(app) == ["Plan a wedding for 88 guests."]


def test_a_failed_request_is_told_with_its_reason_and_can_be_tried_again(app: AppTest, crewgen: Crewgen) -> None:
    fail(crewgen, "?! ...")
    app.run()
    assert "Requests that failed" in [header.value for header in app.subheader]
    assert any("The objective has no words" in text.value for text in app.markdown)
    click(app, "Try again")
    assert app.text_area(key=FIELD).value == "?! ..."
    assert app.number_input(key="objective_max_agents").value == 3


def test_text_of_people_is_never_markdown(app: AppTest, crewgen: Crewgen) -> None:
    typed = "Write about **tea** [link](javascript:alert(1)) :red[x] $x^2$ from our notes."
    crewgen.generate(Objective(text=typed))
    app.run()
    assert listed(app) == [typed]


@pytest.mark.parametrize("page", ["home.py", "generate.py"])
def test_a_database_that_cannot_be_opened_gets_a_sentence(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    monkeypatch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'crewgen.db'}")
    st.cache_resource.clear()
    app.run()
    app.switch_page(page).run()
    assert "The database file" in app.error[0].value
    assert not app.exception


def test_a_request_fails_with_a_sentence_when_the_database_is_gone(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    monkeypatch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'crewgen.db'}")
    st.cache_resource.clear()
    app.run()
    app.switch_page("generate.py").run()
    app.text_area(key=FIELD).set_value(BRIEF)
    app.button(key="generate").click().run()
    assert "The database file" in app.error[0].value
    assert app.text_area(key=FIELD).value == BRIEF
    assert not app.exception
