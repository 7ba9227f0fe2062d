"""Every visit goes through the router: chromium against the real server."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.pages import wait_until_idle

pytestmark = pytest.mark.browser

TRANSPARENT = "rgba(0, 0, 0, 0)"

TITLES = {
    "": "crewgen",
    "generate": "Generate a crew",
    "bulk": "Bulk",
    "templates": "Templates",
    "validate": "Validate",
    "optimize": "Optimize",
    "runs": "Runs",
    "analytics": "Analytics",
    "settings": "Settings",
}
"""Heading of each page, by its address."""


def heading(page: Page, address: str) -> Locator:
    return page.get_by_role("heading", name=TITLES[address], exact=True, level=1)


def test_the_very_first_visit_to_a_page_goes_through_the_router(new_server: str, page: Page) -> None:
    page.goto(f"{new_server}/validate")
    expect(heading(page, "validate")).to_be_visible()
    wait_until_idle(page)
    names = ("Home", "Generate", "Bulk", "Templates", "Validate", "Optimize", "Runs", "Analytics", "Settings")
    for number, name in enumerate(names):
        expect(page.get_by_test_id("stSidebarNav").get_by_role("link").nth(number)).to_contain_text(name)
    expect(page.get_by_text("Page not found")).to_have_count(0)


@pytest.mark.parametrize("address", ["router", "shared", "workbench", "pages"])
def test_what_is_no_page_is_not_found(browser: Browser, server: str, address: str) -> None:
    with browser.new_context() as visitor:  # not ``page``: here the browser is right to complain
        page = visitor.new_page()
        page.goto(f"{server}/{address}")
        expect(page.get_by_text("Page not found")).to_be_visible()
        wait_until_idle(page)
        expect(page.get_by_text("Traceback")).to_have_count(0)
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_no_other_site_can_drive_the_dashboard_by_messages(page: Page, server: str) -> None:
    assert page.request.get(f"{server}/_stcore/host-config").json()["allowedOrigins"] == []


@pytest.mark.parametrize("address", ["", "validate", "crew?crew=1&present=1", "crew?crew=999999"])
def test_every_page_is_dressed_whichever_way_it_ends(page: Page, server: str, address: str) -> None:
    page.goto(f"{server}/{address}")
    expect(page.locator("xpath=//style[contains(., 'stSliderThumbValue')]")).to_have_count(1)
    wait_until_idle(page)


def test_facts_at_the_top_look_like_badges_and_are_texts(page: Page, server: str) -> None:
    page.goto(f"{server}/validate")
    fact = page.locator(".st-key-facts").get_by_test_id("stText").filter(has_text=re.compile(r"^\d+ rules$"))
    expect(fact).not_to_have_css("background-color", TRANSPARENT)
    wait_until_idle(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", TITLES)
def test_every_page_is_readable_in_light_and_dark(page: Page, server: str, scheme: str, address: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server}/{address}")
    expect(heading(page, address)).to_be_visible()
    wait_until_idle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    text, ground = (
        brightness(heading(page, address), "color"),
        brightness(page.get_by_test_id("stApp"), "backgroundColor"),
    )
    assert (text > 150 and ground < 60) if scheme == "dark" else (text < 100 and ground > 230)


def test_the_pages_are_reached_by_the_navigation_and_the_way_back(page: Page, server: str) -> None:
    page.goto(server)
    for address in ("generate", "validate", "optimize", "settings"):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=address.capitalize()).click()
        expect(heading(page, address)).to_be_visible()
    page.go_back()
    expect(heading(page, "optimize")).to_be_visible()


def test_two_people_do_not_see_what_the_other_types(page: Page, server: str, browser: Browser) -> None:
    page.goto(f"{server}/generate")
    page.get_by_label("What should the crew achieve?").fill("My secret plan")
    page.get_by_label("What should the crew achieve?").press("Tab")
    wait_until_idle(page)
    with browser.new_context() as other:
        tab = other.new_page()
        tab.goto(f"{server}/generate")
        expect(tab.get_by_label("What should the crew achieve?")).to_have_value("")


def brightness(element: Locator, property_name: str) -> float:
    """Return the mean of red, green and blue of a colour, from 0 to 255."""
    colour: str = element.evaluate("(element, name) => getComputedStyle(element)[name]", property_name)
    channels = [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(channels) / 3
