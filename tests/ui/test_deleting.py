"""Deleting with a way back, favourites, the search of every page, and addresses that show the same again."""

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective
from tests.support.templates import market_template

OBJECTIVE = Objective(text="Write a report about electric bikes for the board.")


def said(app: AppTest) -> str:
    return "\n".join(
        str(element.value) for group in (app.markdown, app.caption, app.error, app.info) for element in group
    )


@pytest.fixture
def crew_id(crewgen: Crewgen) -> int:
    return crewgen.generate(OBJECTIVE).crew_id


def open_page(app: AppTest, name: str, **parameters: str) -> AppTest:
    app.run()
    app.query_params.clear()
    for key, value in parameters.items():
        app.query_params[key] = value
    return app.switch_page(f"{name}.py").run()


def test_a_crew_is_deleted_and_undone_on_the_spot(app: AppTest, crewgen: Crewgen, crew_id: int):
    open_page(app, "crew", crew=str(crew_id))
    app.button(key="delete_crew").click().run()
    assert not app.exception
    assert ("crew" in app.query_params, crewgen.crews.count()) == (False, 0)
    assert "was deleted" in said(app)
    app.button(key="undo_delete").click().run()
    assert (crewgen.crews.count(), "was deleted" in said(app)) == (1, False)


def test_what_was_deleted_is_brought_back_under_settings(app: AppTest, crewgen: Crewgen, crew_id: int):
    crewgen.deletions.delete("crew", crew_id)
    open_page(app, "settings", section="Deleted")
    app.session_state["section"] = "Deleted"
    app.run()
    next(button for button in app.button if str(button.key).startswith("bring_back_crew")).click().run()
    assert not app.exception
    assert (crewgen.crews.count(), "Nothing was deleted" in said(app)) == (1, True)


def test_home_has_favourites_and_what_was_opened_lately(app: AppTest, crewgen: Crewgen, crew_id: int):
    open_page(app, "crew", crew=str(crew_id))
    app.button(key=f"star_crew_{crew_id}").click().run()
    assert crewgen.searching.is_starred("crew", crew_id)
    open_page(app, "home")
    titles = [title.value for title in app.subheader]
    assert {"Favourites", "Opened lately"} <= set(titles)
    app.button(key=f"favourites_crew_{crew_id}").click().run()
    assert app.query_params["crew"] == str(crew_id)


@pytest.mark.parametrize("page", ["crew", "validate", "optimize", "runs", "templates"])
def test_every_page_about_a_crew_leads_to_everything_else_that_can_be_done_with_it(
    app: AppTest, crew_id: int, page: str
):
    open_page(app, page, crew=str(crew_id))
    assert not app.exception
    links = {link.proto.label for link in app.get("page_link")}
    others = {"Validate", "Optimize", "Run", "Template"} - {
        {"validate": "Validate", "optimize": "Optimize", "runs": "Run", "templates": "Template"}.get(page, "")
    }
    assert others <= links


def test_a_template_is_made_of_the_crew_that_the_address_names(app: AppTest, crewgen: Crewgen, crew_id: int):
    open_page(app, "templates", crew=str(crew_id))
    app.button(key="make_of_crew").click().run()
    assert not app.exception
    assert crewgen.templates.is_there(app.query_params["template"])


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("home", {"crew_search": "bikes", "crews": "x.9999999999.-1"}),
        ("crew", {"crew": "none"}),
        ("crew", {"crew": "1", "tab": "No such tab"}),
        ("validate", {"crew": "88"}),
        ("templates", {"template_type": "nonsense", "template_category": "?", "template_archived": "perhaps"}),
        ("templates", {"crew": "x"}),
        ("runs", {"states": "nonsense", "of_crew": "x", "runs": "..1"}),
        ("bulk", {"jobs": "1.2"}),
        ("job", {"job": "x"}),
        ("template", {"template": "<b>"}),
        ("analytics", {"analytics_range": "nonsense", "analytics_section": "x", "analytics_states": "x"}),
        ("settings", {"section": "nonsense"}),
    ],
)
def test_what_makes_no_sense_in_an_address_breaks_nothing(
    app: AppTest, crewgen: Crewgen, crew_id: int, page: str, parameters: dict[str, str]
):
    crewgen.templates.create(market_template())
    open_page(app, page, **parameters)
    assert not app.exception


@pytest.mark.parametrize(
    ("page", "name"), [("generate", "crew"), ("bulk", "job"), ("runs", "run"), ("templates", "template")]
)
def test_an_address_of_before_things_had_pages_of_their_own_leads_there(
    app: AppTest, crewgen: Crewgen, crew_id: int, page: str, name: str
):
    crewgen.templates.create(market_template())
    open_page(app, page, **{name: "not there", "tab": "Report"})
    assert [f"There is no {name} not there" in error.value for error in app.error] == [True]
