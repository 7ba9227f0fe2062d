"""What tests in a browser do again and again."""

import re

from playwright.sync_api import Page, expect

OBJECTIVE = "Analyze why churn rose in Q3 from our subscription exports and write a two-page brief for the board."


def wait_until_idle(page: Page) -> None:
    """Wait until the page is drawn as the server last said: what is clicked then is what is seen."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def wait_for_crew(page: Page) -> None:
    """Wait until the page of a crew is there and drawn. Its address shows while the page before is still there."""
    page.wait_for_url(re.compile(r"/crew\?crew=\d+"))
    expect(page.get_by_role("tab", name="Plan")).to_be_visible()
    wait_until_idle(page)


def generate_crew(page: Page, server: str, objective: str = OBJECTIVE) -> None:
    """Type an objective on the page Generate, have its crew designed, and wait for that crew's page."""
    page.goto(f"{server}/generate")
    page.get_by_label("What should the crew achieve?").fill(objective)
    page.get_by_role("button", name="Generate", exact=True).click()
    wait_for_crew(page)
