"""The Settings page as people use it: chromium against a server whose environment holds a key and a password."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

KEY = "sk-never-to-be-shown-4711"
SECTIONS = ("Models", "Catalog", "Validation rules", "Health")


@pytest.fixture(scope="module", autouse=True)
def secrets_in_the_environment() -> Iterator[None]:
    """Give the server, which starts after this, a key and an address with a password in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", KEY)
        patch.setenv("CREWGEN_MODEL_BASE_URL", f"http://somebody:{KEY}@127.0.0.1:9/v1?token={KEY}")
        yield


def open_section(page: Page, server: str, name: str) -> None:
    page.goto(f"{server}/settings")
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


@pytest.mark.parametrize("section", SECTIONS)
def test_no_key_and_no_password_is_shown(page: Page, server: str, section: str) -> None:
    received: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: received.append(str(frame))),
    )
    open_section(page, server, section)
    assert any("Settings" in frame for frame in received)
    assert not any(KEY in frame for frame in received)
    assert KEY not in page.content()


def test_a_provider_with_its_key_is_ready(page: Page, server: str) -> None:
    open_section(page, server, "Models")
    providers = page.locator(".st-key-providers")
    expect(providers.get_by_text("OPENAI_API_KEY").first).to_be_visible()
    expect(providers.get_by_text("is set", exact=False).first).to_be_visible()
    expect(providers.get_by_text("ready").first).to_be_visible()


def test_the_catalog_search_finds_churn(page: Page, server: str) -> None:
    open_section(page, server, "Catalog")
    page.get_by_label("Search skills").fill("churn")
    expect(page.get_by_test_id("stExpander").first).to_contain_text("churn")
    page.get_by_label("Search skills").fill("no such words anywhere")
    expect(page.get_by_text("No entry of skills has all of these words.")).to_be_visible()


def test_the_rules_are_listed_with_their_codes(page: Page, server: str) -> None:
    open_section(page, server, "Validation rules")
    expect(page.get_by_text("CG101", exact=True)).to_be_visible()


def test_the_section_is_in_the_address(page: Page, server: str) -> None:
    open_section(page, server, "Health")
    expect(page.get_by_text("python -m crewgen_core doctor")).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="Health")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("python -m crewgen_core doctor")).to_be_visible()
