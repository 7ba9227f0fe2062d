"""Changing a crew in one's own words as people do it: chromium against the real server."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import generate_crew, wait_until_idle

pytestmark = pytest.mark.browser

LABEL = "Change this crew in your own words"


def refine(page: Page, wish: str) -> None:
    page.get_by_label(LABEL).fill(wish)
    page.get_by_role("button", name="Refine", exact=True).click()


def test_a_crew_is_refined_twice_compared_and_taken_back_one_version(page: Page, server: str) -> None:
    generate_crew(page, server)
    result = page.locator(".st-key-refining")
    refine(page, "add a legal review and let a person approve the last step")
    expect(page.get_by_text("version 2", exact=True).first).to_be_visible()
    expect(result).to_contain_text("Legal review of the two-page brief")
    expect(result).to_contain_text("A person confirms the result")
    expect(page.get_by_label(LABEL)).to_have_value("")
    wait_until_idle(page)

    page.get_by_label(LABEL).fill("write it in German")
    page.get_by_label(LABEL).press("Enter")
    expect(page.get_by_text("version 3", exact=True).first).to_be_visible()
    expect(result).to_contain_text("Asked for German")
    expect(result.locator("strong").filter(has_text="Write in German.").first).to_be_visible()
    wait_until_idle(page)

    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_text("write it in German").first).to_be_visible()
    page.get_by_text("What changed since version 1").click()
    expect(page.get_by_role("tabpanel").get_by_text("Legal review of the two-page brief").first).to_be_visible()
    wait_until_idle(page)
    page.get_by_role("button", name="Go back to this").first.click()
    expect(page.get_by_text("version 4", exact=True).first).to_be_visible()
    expect(page.get_by_text("Went back to version 2")).to_be_visible()
    page.get_by_role("tab", name="Plan").click()
    expect(page.get_by_role("tabpanel").get_by_text("Legal review of the two-page brief").first).to_be_visible()
    expect(page.get_by_role("tabpanel").get_by_text("Write in German.")).to_have_count(0)


def test_what_is_not_understood_is_still_in_the_field(page: Page, server: str) -> None:
    generate_crew(page, server)
    refine(page, "sing me a song")
    expect(page.get_by_text("is not understood without a model")).to_be_visible()
    expect(page.get_by_label(LABEL)).to_have_value("sing me a song")
    expect(page.get_by_text("version 1", exact=True).first).to_be_visible()
