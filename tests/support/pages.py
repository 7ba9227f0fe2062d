"""What tests in a browser do again and again."""

import re

from playwright.sync_api import Page, expect


def wait_until_idle(page: Page) -> None:
    """Wait until the page is drawn as the server last said: what is clicked then is what is seen."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def wait_for_crew(page: Page) -> None:
    """Wait until the page of a crew is there and drawn. Its address shows while the page before is still there."""
    page.wait_for_url(re.compile(r"/crew\?crew=\d+"))
    expect(page.get_by_role("tab", name="Plan")).to_be_visible()
    wait_until_idle(page)
