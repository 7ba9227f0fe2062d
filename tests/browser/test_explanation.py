"""Why? as people ask it: chromium against the real server."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import generate_crew

pytestmark = pytest.mark.browser


def test_a_click_on_why_tells_the_words_and_what_happens_without_the_task_and_its_tools(page: Page, server: str):
    generate_crew(page, server)
    card = page.locator(".st-key-card_1_task")
    card.get_by_role("button", name="Why?").click()
    told = page.get_by_test_id("stPopoverBody")
    expect(told.get_by_text("The objective asks for it: “Analyze … churn”.")).to_be_visible()
    marked = told.get_by_text("rose in Q3 from our").locator("span", has_text="churn").first
    expect(marked).to_have_css("background-color", re.compile(r"rgb"))
    expect(told.get_by_text("Without it, the crew could still be run")).to_be_visible()
    expect(told.get_by_role("row", name="Chance of success")).to_be_visible()
    told.get_by_text("Python code execution (sandbox)", exact=True).click()
    expect(told.get_by_text("with it, an agent can run Python code in a sandbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    expect(card).to_contain_text("Find what drives churn")
