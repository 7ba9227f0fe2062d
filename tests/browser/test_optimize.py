"""Optimizing a crew as people do it: chromium against the real server."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import generate_crew, wait_until_idle

pytestmark = pytest.mark.browser


def open_optimizing(page: Page, server: str) -> None:
    generate_crew(page, server)
    page.get_by_test_id("stMain").get_by_role("link", name="Optimize", exact=True).click()
    page.wait_for_url(re.compile(r"/optimize\?crew=\d+"))
    expect(page.get_by_text("crews that no other one beats")).to_be_visible()
    wait_until_idle(page)


def set_deadline(page: Page, words: str) -> None:
    """Move the slider by the keyboard, from its right end to the stop that says these words."""
    slider = page.locator(".st-key-optimize_deadline")
    slider.locator("input[type=range]").focus()
    for _ in range(40):
        if slider.get_by_test_id("stSliderThumbValue").inner_text() == words:
            break
        page.keyboard.press("ArrowLeft")
    expect(slider.get_by_test_id("stSliderThumbValue")).to_have_text(words)
    wait_until_idle(page)


def test_a_crew_becomes_cheaper_under_a_deadline_by_two_of_its_changes(page: Page, server: str) -> None:
    open_optimizing(page, server)
    expect(page.locator(".st-key-optimize_frontier .js-plotly-plot")).to_be_visible()
    set_deadline(page, "5.0 min")
    expect(page.get_by_text(re.compile(r"With \d changes, a typical run costs"))).to_be_visible()
    expect(page.get_by_text("The solver proved that nothing within the limits")).to_be_visible()
    page.get_by_text("What all changes make of version 1").click()
    expect(page.locator(".st-key-optimize_difference").get_by_text("changed").first).to_be_visible()
    boxes = page.get_by_role("checkbox")
    count = boxes.count()
    for at in range(2, count):
        page.locator(f".st-key-change_{at} label").first.click()
    page.get_by_role("button", name="Apply selected (2)").click()
    expect(page.get_by_text(f"2 of {count} changes applied").first).to_be_visible()
    expect(page.get_by_text("version 2", exact=True)).to_be_visible()
    page.locator(".st-key-change_0").get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"1 of {count} changes applied").first).to_be_visible()
    page.reload()
    expect(page.locator(".st-key-change_1").get_by_text("applied")).to_be_visible()
    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_text("Undone:")).to_be_visible()


def test_the_answer_follows_the_goal_and_its_figures_are_downloaded(page: Page, server: str) -> None:
    open_optimizing(page, server)
    page.get_by_role("radio", name="Performance").click()
    expect(page.get_by_text("The highest chance of success. Without a budget")).to_be_visible()
    wait_until_idle(page)
    with page.expect_download() as started:
        page.locator(".st-key-optimize_frontier").get_by_role("button", name="Data (CSV)").click()
    table = started.value.path().read_text(encoding="utf-8-sig")
    assert all(name in table for name in ("Today", "Chosen", "One agent", "Cheapest"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone(page: Page, server: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    open_optimizing(page, server)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("button", name="Apply all")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
