"""The Templates page: the gallery, one template used, edited, archived and deleted; suggestions under an objective."""

from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective
from crewgen_core.templates.shipped_files import list_fingerprints
from tests.support.templates import market_template


def open_page(app: AppTest, key: str = "") -> AppTest:
    if key:
        app.query_params["template"] = key
    app.switch_page("template.py" if key else "templates.py").run()
    assert not app.exception
    return app


def read(app: AppTest) -> str:
    parts = (*app.markdown, *app.text, *app.caption, *app.title)
    return "\n".join(str(part.value) for part in parts)


def test_the_gallery_lists_the_shipped_templates_and_finds_them(app: AppTest):
    page = open_page(app)
    assert len([link for link in page.get("page_link") if link.proto.page == "template"]) == len(list_fingerprints())
    page.text_input(key="template_search").set_value("contract").run()
    assert "Review a contract from one side" in read(page)
    assert "Market entry brief" not in read(page)


def test_a_preview_follows_the_blanks_and_says_what_does_not_fit(app: AppTest, crewgen: Crewgen):
    crewgen.templates.create(market_template())
    page = open_page(app, "market-brief")
    page.text_input(key="blank_market-brief_1_product").set_value("heat pumps").run()
    assert "Size the market for heat pumps in Germany and Austria" in read(page)
    page.text_input(key="blank_market-brief_1_pages").set_value("few").run()
    assert "needs a number" in page.error[0].value


def test_using_it_generates_its_crew(app: AppTest, crewgen: Crewgen):
    crewgen.templates.create(market_template())
    page = open_page(app, "market-brief")
    page.button(key="use_template").click().run()
    assert not page.exception
    assert crewgen.list_requests()[0].objective.template == "market-brief"


def test_its_objective_is_taken_to_generate_to_be_said_in_other_words(app: AppTest, crewgen: Crewgen):
    crewgen.templates.create(market_template())
    page = open_page(app, "market-brief")
    page.button(key="reword_template").click().run()
    assert not page.exception
    assert page.text_area(key="objective_text").value.startswith("Size the market for electric cargo bikes")
    assert "Starts from template **Market brief**" in read(page)


def test_archiving_restoring_copying_and_deleting(app: AppTest, crewgen: Crewgen):
    crewgen.templates.create(market_template())
    page = open_page(app, "market-brief")
    page.button(key="archive_template").click().run()
    assert crewgen.templates.get("market-brief").archived
    page.button(key="archive_template").click().run()
    assert not crewgen.templates.get("market-brief").archived
    page.button(key="duplicate_template").click().run()
    assert crewgen.templates.is_there("market-brief-copy")
    page.button(key="delete_template").click().run()
    assert not page.exception
    assert not crewgen.templates.is_there("market-brief-copy")


def test_a_new_template_begins_with_something_to_edit(app: AppTest, crewgen: Crewgen):
    page = open_page(app)
    page.text_input(key="new_template_name").set_value("Weekly note").run()
    page.button(key="create_template").click().run()
    assert not page.exception
    assert crewgen.templates.get("weekly-note").template.name == "Weekly note"


def test_an_edit_is_a_new_version_and_an_earlier_one_comes_back(app: AppTest, crewgen: Crewgen):
    crewgen.templates.create(market_template())
    page = open_page(app, "market-brief")
    page.text_input(key="edit_name_market-brief_1").set_value("Market note")
    page.text_input(key="edit_note_market-brief_1").set_value("Shorter name")
    next(button for button in page.button if button.label == "Save as a new version").click().run()
    assert not page.exception
    stored = crewgen.templates.get("market-brief")
    assert (stored.number, stored.template.name, stored.note) == (2, "Market note", "Shorter name")
    assert stored.template.blanks == market_template().blanks
    page.button(key="revert_template_1").click().run()
    assert crewgen.templates.get("market-brief").template == market_template()


def test_a_fitting_template_is_offered_under_the_objective_and_used(app: AppTest, crewgen: Crewgen):
    app.switch_page("generate.py").run()
    app.text_area(key="objective_text").set_value("Size the market for heat pumps and compare the competitors.").run()
    assert "Market entry brief" in read(app)
    app.button(key="take_template_0").click().run()
    assert not app.exception
    assert "Starts from template" in read(app)
    assert app.session_state["objective_template"] == "market-entry-brief"


def test_a_template_is_made_on_the_page_of_a_crew(crewgen: Crewgen):
    made = crewgen.generate(Objective(text="Find 20 dentists in Norway and write a two-page brief about them."))
    stored = crewgen.templates.create_from_crew(made.crew_id)
    assert {blank.default for blank in stored.template.blanks} >= {"Norway"}
