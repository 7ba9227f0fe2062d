"""Who gets past the router, and as whom; a browser does the same against a real provider in tests/browser."""

import time
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from crewgen_core.models.person import Role
from pages.shared.session import admit, house
from tests.support.sign_ins import claims


def sees_only_the_gate(app: AppTest) -> bool:
    """Tell whether the page shows the sign-in page and nothing else."""
    assert not app.exception
    return [title.value for title in app.title] == ["crewgen"] and not app.metric and not app.text_area


@pytest.mark.parametrize(
    "user",
    [
        {},
        {"is_logged_in": False},
        claims("vera", is_logged_in="yes"),
        claims("vera", iat=time.time() - 13 * 3_600),
        claims("vera", iss=""),
        claims(""),
    ],
)
def test_nobody_who_has_not_signed_in_sees_a_page(user: dict[str, Any], guarded: AppTest):
    guarded.user = user
    guarded.run()
    assert sees_only_the_gate(guarded)
    assert [button.label for button in guarded.button] in (["Sign in with login.example.com"], [])
    for page in ("settings", "generate", "runs"):
        guarded.switch_page(f"{page}.py").run()
        assert sees_only_the_gate(guarded)


def test_who_signs_in_sees_pages_and_their_name_with_a_way_out(guarded: AppTest):
    guarded.user = claims("vera", name="*Vera* [x](http://evil)")
    guarded.run()
    assert not guarded.exception
    assert guarded.text_area
    (shown,) = [text.value for text in guarded.sidebar.markdown if "Vera" in text.value]
    assert "[x](http" not in shown
    assert "viewer" in shown
    assert "Sign out" in [button.label for button in guarded.sidebar.button]


@pytest.mark.parametrize(
    ("user", "role"),
    [
        (claims("adam"), Role.ADMIN),
        (claims("adam", email_verified=False), Role.VIEWER),
        (claims("mallory", email="adam@example.com", email_verified=None), Role.VIEWER),
        (claims("vera"), Role.VIEWER),
    ],
)
def test_only_a_verified_email_that_the_settings_name_makes_an_administrator(
    user: dict[str, Any], role: Role, guarded: AppTest
):
    assert admit(user).person.role is role


def test_a_change_of_role_holds_from_the_next_rerun_on(guarded: AppTest):
    admin, vera = admit(claims("adam")), claims("vera")
    person = admit(vera).person
    guarded.user = vera
    guarded.run()
    assert person.id is not None
    admin.people.set_role(person.id, Role.EDITOR)
    guarded.run()
    assert "editor" in " ".join(text.value for text in guarded.sidebar.markdown)
    admin.people.set_active(person.id, active=False)
    guarded.run()
    assert sees_only_the_gate(guarded)
    assert "may not use this dashboard any more" in guarded.error[0].value
    assert [button.label for button in guarded.button] == ["Sign out"]


def test_half_a_login_shows_what_is_missing_and_no_page(guarded: AppTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CREWGEN_COOKIE_SECRET", "")
    guarded.user = claims("adam")
    guarded.run()
    assert sees_only_the_gate(guarded)
    assert "CREWGEN\\_COOKIE\\_SECRET" in guarded.error[0].value


def test_without_login_whoever_is_here_is_let_in(app: AppTest):
    app.run()
    assert app.text_area
    assert not app.warning
    assert "Sign out" not in [button.label for button in app.button]
    assert house().person.role is Role.ADMIN


def test_a_dashboard_that_is_open_without_login_warns_on_every_page(app: AppTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CREWGEN_OPEN_TO_NETWORK", "true")
    st.cache_resource.clear()
    app.run()
    assert "no login" in app.warning[0].value
    app.switch_page("settings.py").run()
    assert "no login" in app.warning[0].value
