"""Refining on the page: a wish becomes a version, and what is not understood or saved stays where it was typed."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective
from tests.support.model_server import TRANSPORT_FAULTS, ModelServer, say

MARKET = (
    "Research the market for electric cargo bikes in Europe and write a report with recommendations for the founders."
)


@pytest.fixture
def crew_id(crewgen: Crewgen) -> int:
    return crewgen.generate(Objective(text=MARKET)).crew_id


def open_crew(app: AppTest, crew_id: int) -> AppTest:
    app.run()
    app.switch_page("crew.py")
    app.query_params["crew"] = str(crew_id)
    return app.run()


def field(app: AppTest):
    return next(one for one in app.text_input if one.label == "Change this crew in your own words")


def refine(app: AppTest, wish: str) -> AppTest:
    field(app).set_value(wish)
    return next(button for button in app.button if button.label == "Refine").click().run()


def said(app: AppTest) -> str:
    """Return all that the page says in boxes and lines, without the marks that keep it plain."""
    kinds = (app.error, app.warning, app.info, app.markdown, app.caption)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "").replace("\u2060", "")


def test_a_wish_becomes_a_version_with_what_was_done_and_what_is_different(
    app: AppTest, crewgen: Crewgen, crew_id: int
) -> None:
    refine(open_crew(app, crew_id), "add a manager and write it in German")
    assert crewgen.crews.get(crew_id).number == 2
    assert crewgen.crews.versions(crew_id)[0].note == "add a manager and write it in German"
    assert "manages the crew now" in said(app)
    assert "Write in German." in said(app)
    assert "Cost per run" in said(app)
    assert field(app).value == ""
    assert not app.exception


def test_undo_brings_back_the_version_before(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    refine(open_crew(app, crew_id), "two agents only")
    app.button(key="undo").click().run()
    assert crewgen.crews.get(crew_id).crew == crewgen.crews.get(crew_id, 1).crew
    assert crewgen.crews.get(crew_id).objective == Objective(text=MARKET)
    assert "Merged the team" not in said(app)


def test_what_is_not_understood_stays_in_the_field_with_examples(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    refine(open_crew(app, crew_id), "sing me a song")
    assert field(app).value == "sing me a song"
    assert "make it cheaper" in said(app)
    assert crewgen.crews.get(crew_id).number == 1


def test_of_a_wish_that_was_half_done_the_other_half_stays(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    refine(open_crew(app, crew_id), "add a manager. Sing me a song.")
    assert crewgen.crews.get(crew_id).number == 2
    assert field(app).value == "Sing me a song"


def test_no_wish_gets_a_sentence(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    refine(open_crew(app, crew_id), "  ")
    assert "There is no wish yet" in said(app)
    assert crewgen.crews.get(crew_id).number == 1


def test_a_wish_that_is_too_long_gets_a_sentence_and_stays(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    wish = "Make it cheaper. " * 200
    refine(open_crew(app, crew_id), wish)
    assert "The wish has 3,399 characters, and 2,000 is the most." in said(app)
    assert app.text_input(key=f"wish_{crew_id}").value == wish
    assert crewgen.crews.get(crew_id).number == 1


def test_unsaved_edits_are_kept_as_a_version_before(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    open_crew(app, crew_id)
    app.button(key="edit_task_1").click().run()
    next(one for one in app.text_area if one.label == "Expected output").set_value("One page by hand.").run()
    refine(app, "add a manager")
    assert [row.number for row in crewgen.crews.versions(crew_id)] == [3, 2, 1]
    assert crewgen.crews.get(crew_id, 2).crew.tasks[0].expected_output == "One page by hand."
    assert crewgen.crews.get(crew_id, 3).crew.tasks[0].expected_output == "One page by hand."
    assert "saved before, as version 2" in said(app)
    assert "Unsaved changes" not in said(app)


def test_when_somebody_else_saved_first_the_wish_stays_and_can_be_done_again(
    app: AppTest, crewgen: Crewgen, crew_id: int
) -> None:
    open_crew(app, crew_id)
    field(app).set_value("add a manager")
    theirs = crewgen.crews.get(crew_id).crew.model_copy(update={"name": "Renamed elsewhere"})
    crewgen.crews.save_version(crew_id, theirs, "From elsewhere", expected=1)
    refine(app, "add a manager")
    newest = crewgen.crews.get(crew_id)
    assert newest.crew.name == "Renamed elsewhere"
    assert newest.number in (2, 3)
    if newest.number == 2:
        assert field(app).value == "add a manager"
        refine(app, "add a manager")
    assert crewgen.crews.get(crew_id).crew.manager is not None


def test_edits_of_an_older_version_are_not_lost_when_somebody_else_saved_first(
    app: AppTest, crewgen: Crewgen, crew_id: int
) -> None:
    open_crew(app, crew_id)
    app.button(key="edit_task_1").click().run()
    next(one for one in app.text_area if one.label == "Expected output").set_value("One page by hand.").run()
    theirs = crewgen.crews.get(crew_id).crew.model_copy(update={"name": "Renamed elsewhere"})
    crewgen.crews.save_version(crew_id, theirs, "From elsewhere", expected=1)
    refine(app, "add a manager")
    assert crewgen.crews.get(crew_id).number == 2
    assert "Version 2 was saved while you edited version 1" in said(app)
    assert "Unsaved changes" in said(app)
    assert field(app).value == "add a manager"


def test_an_example_is_put_into_the_field_and_not_yet_done(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    open_crew(app, crew_id)
    pills = next(one for one in app.get("button_group") if "Make it cheaper" in [o.content for o in one.proto.options])
    pills.set_value("Make it cheaper").run()
    assert field(app).value == "Make it cheaper"
    assert crewgen.crews.get(crew_id).number == 1


def test_a_model_does_what_the_built_in_engine_does_not_understand(
    app: AppTest, crewgen: Crewgen, crew_id: int, model_server: ModelServer
) -> None:
    crew = crewgen.crews.get(crew_id).crew
    agents = [{"key": agent.key, "role": agent.role} for agent in crew.agents]
    agents[0]["backstory"] = "You distrust the press releases of makers of electric cargo bikes."
    tasks = [
        {"key": t.key, "name": t.name, "agent": t.agent, "depends_on": t.depends_on, "skills": t.skills}
        for t in crew.tasks
    ]
    model_server.script = [say(json.dumps({"agents": agents, "tasks": tasks, "process": crew.process}))]
    open_crew(app, crew_id)
    engine = next(one for one in app.selectbox if one.label == "Ask, if not understood")
    engine.set_value("openai/gpt-5-mini")
    refine(app, "be wary of press releases")
    stored = crewgen.crews.get(crew_id)
    assert "press releases" in stored.crew.agents[0].backstory
    assert stored.provenance is not None
    assert (stored.provenance.label, stored.provenance.calls) == ("openai/gpt-5-mini", 1)
    assert "openai/gpt-5-mini changed" in said(app)


def test_a_model_that_fails_is_told_and_the_wish_stays(
    app: AppTest, crewgen: Crewgen, crew_id: int, model_server: ModelServer
) -> None:
    model_server.script = [TRANSPORT_FAULTS["401"]]
    open_crew(app, crew_id)
    engine = next(one for one in app.selectbox if one.label == "Ask, if not understood")
    engine.set_value("openai/gpt-5-mini")
    refine(app, "be wary of press releases")
    assert crewgen.crews.get(crew_id).number == 1
    assert field(app).value == "be wary of press releases"
    assert "was asked" in said(app)
    assert "sk-" not in said(app)


def test_the_versions_tell_what_changed_and_who_refined_them(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    crewgen.crews.refine(crew_id, "write it in German")
    open_crew(app, crew_id)
    app.session_state["tab"] = "Versions"
    app.run()
    assert "refined by Built-in" in said(app)
    app.session_state["changes_2"] = True
    app.run()
    assert "**Write in German.**" in said(app)
