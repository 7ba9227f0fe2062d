"""What tests in a browser do again and again."""

from playwright.sync_api import Page, expect


def wait_until_idle(page: Page) -> None:
    """Wait until the page is drawn as the server last said: what is clicked then is what is seen."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
