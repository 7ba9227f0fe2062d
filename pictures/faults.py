"""What is wrong in how a page is laid out, as it is drawn: cut off, over each other, scrolling within scroll."""

from pathlib import Path

from playwright.sync_api import Page

MEASURE = Path(__file__).with_name("faults.js").read_text(encoding="utf-8")


def find_faults(page: Page) -> list[str]:
    """Return a sentence for each fault of the page as it is drawn; the screen should be as long as the page."""
    return list(page.evaluate(MEASURE))
