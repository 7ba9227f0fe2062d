"""Pages for several people: whose things are, what is shared, and what somebody else may not change."""

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import Role
from pages.shared.session import admit, house
from tests.support.sign_ins import claims


def enter(name: str, role: Role = Role.EDITOR) -> Crewgen:
    """Return the front door of a person who has signed in before, in this role."""
    person = admit(claims(name)).person
    house().people.set_role(person.id or 0, role)
    return admit(claims(name))


def look(app: AppTest, name: str, page: str = "", **address: str) -> AppTest:
    """Show a page to a person."""
    app.user = claims(name)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    if page:
        app.switch_page(f"{page}.py").run()
    assert not app.exception
    return app


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def test_an_owner_shares_a_crew_and_the_others_look_copy_but_do_not_edit(guarded: AppTest):
    ada, ben = enter("ada"), enter("ben")
    crew_id = ada.generate(Objective(text="Write a report about electric bikes."), "").crew_id
    page = look(guarded, "ben", "crew", crew=str(crew_id))
    assert next(error.value for error in page.error).startswith(f"There is no crew {crew_id}")

    page = look(guarded, "ada", "crew", crew=str(crew_id))
    (shared,) = [toggle for toggle in page.toggle if toggle.label == "Shared"]
    shared.set_value(True).run()
    assert ben.crews.get(crew_id).shared

    page = look(guarded, "ben", "crew", crew=str(crew_id))
    assert any("belongs to Ada" in text.value for text in page.markdown)
    assert "Shared" not in [toggle.label for toggle in page.toggle]
    assert not labels(page) & {"Edit", "Add a task", "Refine", "Save"}
    (copy,) = [button for button in page.button if button.key == "copy_crew"]
    copy.click().run()
    assert not page.exception
    (mine, _) = ben.crews.list()
    assert mine.owner_name == "Ben"
    assert page.query_params["crew"] == str(mine.id)
    assert "Refine" in labels(page)


def test_a_viewer_looks_and_finds_nothing_to_change(guarded: AppTest):
    ada = enter("ada")
    enter("vera", Role.VIEWER)
    crew_id = ada.generate(Objective(text="Write a report about electric bikes."), "").crew_id
    ada.crews.share(crew_id, True)
    page = look(guarded, "vera", "crew", crew=str(crew_id))
    assert any("your role is viewer" in text.value for text in page.markdown)
    assert "Make a copy of my own" not in labels(page)
    assert [link.proto.label for link in page.get("page_link") if link.proto.disabled] == ["Optimize", "Run"]


def test_lists_say_whose_things_are_and_leave_out_what_is_private(guarded: AppTest):
    ada, ben = enter("ada"), enter("ben")
    for text in ("Write a report about electric bikes.", "Compare three competitors in a table."):
        crew_id = ada.generate(Objective(text=text), "").crew_id
    ada.crews.share(crew_id, True)
    ben.generate(Objective(text="Plan a conference for 200 people."), "")
    told = [line.value for line in look(guarded, "ben").markdown if "chance of success" in line.value]
    assert sum("by Ada" in caption and "shared" in caption for caption in told) == 1
    assert sum("yours" in caption for caption in told) == 1


@pytest.mark.parametrize("key", ["archive_template", "delete_template"])
def test_a_shared_template_has_no_buttons_that_change_it(guarded: AppTest, key: str):
    ada, ben = enter("ada"), enter("ben")
    template = ada.templates.create_empty("Brief").template.key
    ada.templates.share(template, True)
    assert ben.templates.get(template).owner_name == "Ada"
    page = look(guarded, "ben", "templates", template=template)
    assert key not in {button.key for button in page.button}
    assert "duplicate_template" in {button.key for button in page.button}


def test_a_dashboard_without_login_says_nothing_of_owners(crewgen: Crewgen, app: AppTest):
    crewgen.generate(Objective(text="Write a report about electric bikes."), "")
    app.run()
    assert not app.exception
    lines = [line.value for line in app.markdown if "chance of success" in line.value]
    assert lines and not any("yours" in line or "by " in line for line in lines)
    assert "Shared" not in [toggle.label for toggle in app.toggle]
