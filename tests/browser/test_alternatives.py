"""Choosing among alternatives as people do it: chromium against the real server."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import generate_crew, wait_until_idle

pytestmark = pytest.mark.browser


def test_a_leaner_crew_is_found_compared_taken_and_undone(page: Page, server: str) -> None:
    generate_crew(page, server)
    expect(page.get_by_text("3 crews to choose from")).to_be_visible()
    page.get_by_role("button", name="Compare them").click()
    expect(page.get_by_role("tab", name="Alternatives")).to_have_attribute("aria-selected", "true")
    lean, balanced = page.locator(".st-key-alternative_lean"), page.locator(".st-key-alternative_balanced")
    expect(lean).to_contain_text("instead of")
    expect(balanced.get_by_text("shown", exact=True)).to_be_visible()
    expect(balanced.get_by_role("button", name="Take this crew")).to_have_count(0)
    lean.get_by_role("button", name="Take this crew").click()
    expect(page.get_by_text("version 2", exact=True)).to_be_visible()
    expect(lean.get_by_text("shown", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("version 3", exact=True)).to_be_visible()
    expect(balanced.get_by_text("shown", exact=True)).to_be_visible()


def test_the_crews_stand_side_by_side_on_a_desk_and_below_each_other_on_a_phone(page: Page, server: str) -> None:
    generate_crew(page, server)
    page.get_by_role("button", name="Compare them").click()
    cards = [page.locator(f".st-key-alternative_{kind}") for kind in ("lean", "balanced", "thorough")]
    expect(cards[0]).to_be_visible()
    wait_until_idle(page)

    def corners() -> list[tuple[float, float]]:
        boxes = [card.bounding_box() for card in cards]
        return [(round(box["x"]), round(box["y"])) for box in boxes if box]

    assert len({x for x, _ in corners()}) == 3
    assert len({y for _, y in corners()}) == 1
    page.set_viewport_size({"width": 390, "height": 844})
    expect(cards[0]).to_be_visible()
    page.wait_for_function("document.querySelector('.st-key-alternative_lean').getBoundingClientRect().width > 250")
    assert len({x for x, _ in corners()}) == 1
    assert len({y for _, y in corners()}) == 3
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
