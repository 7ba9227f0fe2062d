"""The sections Access and Audit of Settings: people with their roles, tokens, and what was done."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotSignedIn
from crewgen_core.models.person import Role
from pages.shared.session import admit
from tests.support.sign_ins import claims


def open_section(app: AppTest, section: str, user: dict[str, Any] | None = None) -> AppTest:
    """Open a section of Settings as somebody."""
    if user is not None:
        app.user = user
    app.run()
    app.switch_page("settings.py")
    app.session_state["section"] = section
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(text.value for text in app.main.markdown)


def test_an_administrator_changes_roles_and_shuts_people_out(guarded: AppTest):
    vera = admit(claims("vera")).person
    app = open_section(guarded, "Access", claims("adam"))
    app.selectbox(key=f"role_{vera.id}").select(Role.EDITOR).run()
    assert admit(claims("vera")).person.role is Role.EDITOR
    app.button(key=f"active_{vera.id}").click().run()
    assert "shut out" in shown(app)
    with pytest.raises(NotSignedIn):
        admit(claims("vera"))
    app.button(key=f"active_{vera.id}").click().run()
    assert admit(claims("vera")).person.role is Role.EDITOR


def test_the_last_administrator_stays_one_and_is_told_why(guarded: AppTest):
    adam = admit(claims("adam")).person
    app = open_section(guarded, "Access", claims("adam"))
    app.selectbox(key=f"role_{adam.id}").select(Role.VIEWER).run()
    assert "only administrator" in app.error[0].value
    assert app.selectbox(key=f"role_{adam.id}").value is Role.ADMIN


def test_others_see_themselves_and_their_tokens_only(guarded: AppTest):
    admit(claims("adam")).people.make_token("Adam's", "read", 7)
    app = open_section(guarded, "Access", claims("edith"))
    assert "Edith" in shown(app)
    assert "Adam" not in shown(app)
    assert app.code[0].value == "https://login.example.com|edith"
    assert [tab.label for tab in app.tabs] == ["Models", "Catalog", "Validation rules", "Access", "Deleted"]


def test_a_token_is_shown_once_works_and_is_revoked(app: AppTest, crewgen: Crewgen):
    open_section(app, "Access")
    app.text_input(key="token_name").input("Nightly *report*")
    app.selectbox(key="token_scope").select("write")
    app.button("FormSubmitter:new_token-Make a token").click().run()
    (text,) = [code.value for code in app.code]
    assert crewgen.people.authenticate(text).role is Role.EDITOR
    app.button(key="token_copied").click().run()
    assert not app.code
    assert text not in shown(app)
    assert "Nightly \\*report\\*" in shown(app)
    app.button(key="revoke_1").click().run()
    assert "revoked" in shown(app)
    with pytest.raises(NotSignedIn, match="revoked"):
        crewgen.people.authenticate(text)


def test_a_token_without_a_name_is_refused_with_the_reason(app: AppTest, crewgen: Crewgen):
    open_section(app, "Access")
    app.button("FormSubmitter:new_token-Make a token").click().run()
    assert "needs a name" in app.error[0].value
    assert crewgen.people.list_tokens() == ()


def test_the_audit_shows_who_did_what_and_finds_it(app: AppTest, crewgen: Crewgen):
    crewgen.people.make_token("Nightly", "read", 7)
    open_section(app, "Audit")
    assert list(app.dataframe[0].value["summary"]) == [event.summary for event in crewgen.audit.list_events()]
    app.text_input(key="audit_search").input("nothing of the kind").run()
    assert not app.dataframe
    assert "Nothing was done" in app.info[0].value


def test_a_viewer_looks_at_pages_on_which_nothing_can_be_made(guarded: AppTest):
    guarded.user = claims("vera")
    guarded.run()
    assert next(button for button in guarded.button if button.label == "Design a crew").disabled
    guarded.switch_page("generate.py").run()
    assert not guarded.exception
    assert guarded.button(key="generate").disabled
