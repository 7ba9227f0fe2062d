"""The Home page as people use it: chromium against the real server."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import wait_for_crew

pytestmark = pytest.mark.browser

WEDDING = "Plan a wedding for 80 guests in June and write the invitations."
PODCAST = "Write a two-host podcast episode about the history of coffee."


def make_crew(page: Page, server: str, objective: str) -> str:
    """Generate a crew by the pages and return its name."""
    page.goto(server)
    page.get_by_label("Objective", exact=True).fill(objective)
    page.get_by_role("button", name="Design a crew").click()
    wait_for_crew(page)
    return page.get_by_role("heading", level=2).first.inner_text()


def test_with_nothing_there_yet_an_example_is_designed_at_once(new_server: str, page: Page) -> None:
    page.goto(new_server)
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    page.get_by_role("button", name="Compare five open-source vector databases").click()
    page.wait_for_url(re.compile(r"/crew\?crew=\d+"))
    expect(page.get_by_role("tab", name="Plan")).to_be_visible()


def test_what_is_typed_on_home_is_what_the_crew_is_for(page: Page, server: str) -> None:
    make_crew(page, server, f"  {WEDDING} <b>$5</b>\n")
    page.goto(server)
    expect(page.locator(".st-key-crews").get_by_text(f"{WEDDING} <b>$5</b>").first).to_be_visible()


def test_an_empty_objective_gets_a_sentence_and_stays_on_home(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("button", name="Design a crew").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is no objective yet.")
    assert "generate" not in page.url


def test_the_list_is_searched_and_opens_a_crew(page: Page, server: str) -> None:
    wedding, podcast = make_crew(page, server, WEDDING), make_crew(page, server, PODCAST)
    page.goto(server)
    listed = page.locator(".st-key-crews")
    expect(listed.get_by_text(WEDDING).first).to_be_visible()
    expect(listed.get_by_text(PODCAST).first).to_be_visible()
    page.get_by_label("Search crews").fill("coffee")
    expect(listed.get_by_text(WEDDING)).to_have_count(0)
    listed.get_by_role("link", name=podcast[:30]).first.click()  # a long name is cut in a list
    page.wait_for_url(re.compile(r"/crew\?crew=\d+"))
    expect(page.get_by_role("heading", name=podcast)).to_be_visible()
    expect(page.get_by_role("heading", name=wedding)).to_have_count(0)


def test_a_search_that_finds_nothing_says_so(page: Page, server: str) -> None:
    make_crew(page, server, WEDDING)
    page.goto(server)
    page.get_by_label("Search crews").fill("<i>zzz*</i>")
    expect(page.get_by_role("status").first).to_contain_text("No crew has “<i>zzz*</i>” in its name or objective.")
