"""A dashboard with login, against a real OpenID provider: nothing before it, what each role may, and the end."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from crewgen_core.app import Crewgen
from crewgen_core.models.person import Role
from crewgen_core.settings import Settings
from tests.browser.conftest import PATIENCE_S, RunDashboard, find_free_port
from tests.support.openid_provider import COOKIE_SECRET, OpenIdProvider

pytestmark = pytest.mark.browser

COOKIE = "_streamlit_user"
PAGES = ("", "crew?crew=1", "bulk", "templates", "validate", "optimize", "runs", "analytics", "settings")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, run_dashboard: RunDashboard) -> Iterator[str]:
    """The address of a dashboard with login, at which Adam is an administrator and Edith may edit."""
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("guarded")
    with OpenIdProvider() as provider:
        house = Crewgen(Settings(database_url=f"sqlite:///{folder / 'crewgen.db'}"))
        house.people.sign_in(f"{provider.url}|edith", "edith@example.com", "Edith Editor", Role.EDITOR)
        house.database.close()
        more = provider.settings(address) | {"CREWGEN_ADMINS": "adam@example.com"}
        with run_dashboard(folder, more, port=port):
            yield address


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab with an empty profile; what the page may not load shows on its console and fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE_S * 1_000)
    refused: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    yield tab
    context.close()
    assert refused == []


def sign_in(tab: Page, address: str, person: str) -> None:
    """Go through the sign-in page and the provider."""
    tab.goto(address)
    tab.get_by_role("button", name="Sign in with 127.0.0.1").click()
    tab.get_by_role("link", name=person).click()
    expect(tab.get_by_test_id("stSidebar").get_by_text("Sign out")).to_be_visible()


def put_cookie(context: BrowserContext, address: str, value: str) -> None:
    context.add_cookies([{"name": COOKIE, "value": value, "url": address, "httpOnly": True, "sameSite": "Lax"}])


def sign(claims: dict[str, Any], secret: str = COOKIE_SECRET) -> str:
    """Return a cookie as the dashboard would sign it."""
    return create_signed_value(secret, COOKIE, json.dumps(claims)).decode()


def expect_gate(tab: Page) -> None:
    """Expect the sign-in page and nothing of the dashboard."""
    expect(tab.get_by_role("button", name="Sign in with")).to_be_visible()
    expect(tab.get_by_role("link", name="Settings")).to_have_count(0)
    expect(tab.get_by_role("textbox")).to_have_count(0)
    expect(tab.get_by_test_id("stSidebar")).to_have_count(0)


def test_every_address_shows_the_sign_in_page_first(tab: Page, guarded: str):
    for path in PAGES:
        tab.goto(f"{guarded}/{path}")
        expect_gate(tab)


def test_no_file_and_no_way_around_is_open_before_signing_in(tab: Page, guarded: str):
    for path in ("media/0123456789.csv", "_stcore/upload_file/a/b", "_stcore/bidi-components/a/b.js"):
        assert tab.request.get(f"{guarded}/{path}").status == 401, path
    for path in ("_stcore/agent/openapi.json", "_stcore/metrics", "_stcore/script-health-check"):
        assert tab.request.get(f"{guarded}/{path}").status == 404, path


def test_a_viewer_looks_and_changes_nothing(tab: Page, guarded: str):
    sign_in(tab, f"{guarded}/settings?section=Access", "vera")
    expect(tab.get_by_test_id("stSidebar").get_by_text("viewer ·")).to_be_visible()
    expect(tab.get_by_role("heading", name="Tokens")).to_be_visible()  # the address that was asked for
    expect(tab.get_by_role("heading", name="Who uses this dashboard")).to_have_count(0)
    tab.get_by_role("link", name="Home").click()
    expect(tab.get_by_role("button", name="Design a crew")).to_be_disabled()


def test_an_editor_makes_crews_and_downloads_them_and_leaves(tab: Page, guarded: str):
    sign_in(tab, guarded, "edith")
    tab.get_by_label("Objective", exact=True).fill("Write a two-page brief on why churn rose in Q3 for the board.")
    tab.get_by_role("button", name="Design a crew").click()
    expect(tab.get_by_role("tab", name="Export")).to_be_visible()
    tab.goto(f"{guarded}/bulk")
    with tab.expect_download() as download:  # made on the click, when no page runs
        tab.get_by_role("button", name="Sample file").click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith("objective")
    (kept,) = [cookie for cookie in tab.context.cookies() if cookie["name"] == COOKIE]
    tab.get_by_test_id("stSidebar").get_by_text("Sign out").click()
    expect_gate(tab)
    assert COOKIE not in {cookie["name"] for cookie in tab.context.cookies()}
    put_cookie(tab.context, guarded, kept["value"])  # a copy of the cookie is as good as none
    tab.goto(f"{guarded}/settings")
    expect_gate(tab)


def test_an_administrator_gives_roles_which_hold_at_the_next_click(browser: Browser, tab: Page, guarded: str):
    sign_in(tab, guarded, "mallory")  # whose provider does not vouch for the email of an administrator
    expect(tab.get_by_test_id("stSidebar").get_by_text("viewer ·")).to_be_visible()
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as other:
        other.set_default_timeout(PATIENCE_S * 1_000)
        admin = other.new_page()
        sign_in(admin, guarded, "adam")
        admin.goto(f"{guarded}/settings?section=Access")
        row = admin.locator("[class*='st-key-person_row']").filter(has_text="Mallory")
        row.get_by_role("button", name="Shut out").click()
        expect(row.get_by_role("button", name="Let in")).to_be_visible()
    tab.get_by_test_id("stSidebar").get_by_role("link", name="Settings").click()
    expect(tab.get_by_text("may not use this dashboard any more")).to_be_visible()
    expect(tab.get_by_role("link", name="Settings")).to_have_count(0)


@pytest.mark.parametrize("secret", ["x" * 40, ""])
def test_a_forged_cookie_is_nobody(secret: str, tab: Page, guarded: str):
    claims = {"is_logged_in": True, "iss": "x", "sub": "adam", "iat": time.time(), "origin": guarded}
    put_cookie(tab.context, guarded, sign(claims, secret) if secret else json.dumps(claims).replace(" ", ""))
    tab.goto(f"{guarded}/settings")
    expect_gate(tab)
    assert tab.request.get(f"{guarded}/media/0123456789.csv").status == 401


def test_a_sign_in_that_is_over_is_nobody(tab: Page, guarded: str):
    claims = {"is_logged_in": True, "iss": "x", "sub": "adam", "name": "Adam", "origin": guarded}
    put_cookie(tab.context, guarded, sign({**claims, "iat": time.time() - 13 * 3_600}))
    tab.goto(f"{guarded}/settings")
    expect_gate(tab)
    assert tab.request.get(f"{guarded}/media/0123456789.csv").status == 401
    put_cookie(tab.context, guarded, sign({**claims, "iat": time.time()}))
    tab.goto(f"{guarded}/settings")
    expect(tab.get_by_test_id("stSidebar").get_by_text("viewer ·")).to_be_visible()
    assert tab.request.get(f"{guarded}/media/0123456789.csv").status == 404
