"""Finding, going on, deleting and coming back, as people do it: chromium against the real server."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import generate_crew, wait_until_idle

pytestmark = pytest.mark.browser


def test_a_crew_is_found_deleted_and_undone_and_what_is_typed_survives_a_reload(new_server: str, page: Page) -> None:
    page.goto(f"{new_server}/generate")
    page.get_by_label("What should the crew achieve?").fill("Write a report about electric bikes for the board.")
    page.get_by_role("button", name="Generate", exact=True).click()
    page.wait_for_url(re.compile(r"crew=1"))
    page.goto(f"{new_server}/validate")
    pasted = page.get_by_label("Crew", exact=True)
    pasted.fill("name: half a crew")
    pasted.blur()
    page.wait_for_url(re.compile("draft="))
    page.reload()
    expect(pasted).to_have_value("name: half a crew")

    wait_until_idle(page)
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_label("Words of a name").fill("electric")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("lectric")).first.click()
    page.wait_for_url(re.compile(r"/crew\?crew=1"))
    page.get_by_role("tab", name="Report").click()
    page.wait_for_url(re.compile("tab=Report"))
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("was deleted")).to_be_visible()
    page.locator(".st-key-undo_bar").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("was deleted")).to_have_count(0)
    page.goto(f"{new_server}/crew?crew=1&tab=Report")
    expect(page.get_by_role("tab", name="Report")).to_have_attribute("aria-selected", "true")


def test_a_thing_leads_back_to_its_list_as_it_was_left(new_server: str, page: Page) -> None:
    page.goto(f"{new_server}/templates?template_search=contract")
    page.get_by_role("link", name="Open").first.click()
    page.wait_for_url(re.compile(r"/template\?template="))
    page.get_by_role("link", name="All templates").click()
    page.wait_for_url(re.compile("template_search=contract"))
    expect(page.get_by_label("Search", exact=True)).to_have_value("contract")


def test_a_thing_that_is_deleted_leads_to_its_list_with_a_way_back(new_server: str, page: Page) -> None:
    page.goto(f"{new_server}/templates")
    page.get_by_role("link", name="Open").first.click()
    page.get_by_role("button", name="Duplicate").click()
    page.wait_for_url(re.compile("copy|-2"))
    wait_until_idle(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url(re.compile("/templates$"))
    expect(page.get_by_text("was deleted")).to_be_visible()
    page.locator(".st-key-undo_bar").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("was deleted")).to_have_count(0)


def test_a_presentation_leaves_nothing_beside_it_and_the_sidebar_comes_back(page: Page, server: str) -> None:
    generate_crew(page, server)
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("button", name="Leave")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("tab", name="Plan")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
