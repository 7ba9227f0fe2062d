"""Editing a crew as people do it: chromium against the real server."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.pages import OBJECTIVE, generate_crew, wait_until_idle

pytestmark = pytest.mark.browser


def make_crew(page: Page, server: str) -> str:
    """Generate a crew and return its address."""
    generate_crew(page, server)
    return page.url.partition("&")[0]


def card(page: Page, number: int, kind: str = "task") -> Locator:
    return page.locator(f".st-key-card_{number}_{kind}")


def open_card(page: Page, number: int, kind: str = "task") -> None:
    card(page, number, kind).get_by_role("button", name="Edit", exact=True).click()
    expect(card(page, number, kind).get_by_role("button", name="Done")).to_be_visible()
    wait_until_idle(page)


def close_card(page: Page) -> None:
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Done")).to_have_count(0)
    wait_until_idle(page)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    wait_until_idle(page)


def type_into(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Tab")
    wait_until_idle(page)


def test_a_card_that_is_closed_and_opened_again_holds_what_it_held(page: Page, server: str) -> None:
    make_crew(page, server)
    names = [card(page, number).locator("strong").first.inner_text().partition(" ")[2] for number in (1, 2)]
    texts = [card(page, number).inner_text() for number in (1, 2)]
    for number in (1, 2, 1):
        open_card(page, number)
        expect(page.get_by_label("Name", exact=True)).to_have_value(names[number - 1])
    close_card(page)
    open_card(page, 1)
    expect(page.get_by_label("Name", exact=True)).to_have_value(names[0])
    expect(page.get_by_role("spinbutton", name="Human work (minutes)")).not_to_have_value("0")
    open_tab(page, "Team")
    open_tab(page, "Plan")
    expect(page.get_by_label("Name", exact=True)).to_have_value(names[0])
    close_card(page)
    assert [card(page, number).inner_text() for number in (1, 2)] == texts
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)


def test_an_agent_that_is_closed_and_opened_again_holds_what_it_held(page: Page, server: str) -> None:
    make_crew(page, server)
    open_tab(page, "Team")
    text = card(page, 1, "agent").inner_text()
    for _ in range(2):
        open_card(page, 1, "agent")
        expect(page.get_by_label("Role", exact=True)).not_to_have_value("")
        expect(page.get_by_label("Goal", exact=True)).not_to_have_value("")
        close_card(page)
    assert card(page, 1, "agent").inner_text() == text
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)


def test_an_edit_is_still_in_its_field_after_closing_and_is_one_step_to_undo(page: Page, server: str) -> None:
    make_crew(page, server)
    open_card(page, 1)
    type_into(page, "Name", "Measure the churn by hand")
    close_card(page)
    open_card(page, 1)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Measure the churn by hand")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    expect(page.get_by_label("Name", exact=True)).not_to_have_value("Measure the churn by hand")


def test_an_empty_name_and_negative_minutes_are_refused_with_a_sentence(page: Page, server: str) -> None:
    make_crew(page, server)
    name = card(page, 1).locator("strong").first.inner_text().partition(" ")[2]
    open_card(page, 1)
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    expect(page.get_by_role("spinbutton", name="Human work (minutes)")).to_have_value(re.compile(r"\d"))
    minutes = page.get_by_role("spinbutton", name="Human work (minutes)").input_value()
    type_into(page, "Name", " ")
    expect(page.get_by_role("alert").filter(has_text="cannot be empty")).to_be_visible()
    wait_until_idle(page)  # until then the field that is replaced stands beside the new one
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    type_into(page, "Human work (minutes)", "-5")
    expect(page.get_by_role("alert").filter(has_text="from 0 to 100,000")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Human work (minutes)")).to_have_value(minutes)
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)


def test_the_second_of_two_tabs_meets_the_conflict_at_its_first_save(page: Page, browser: Browser, server: str) -> None:
    address = make_crew(page, server)
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(address)
        for tab, name in ((page, "Name of the first tab"), (other, "Name of the second tab")):
            open_card(tab, 1)
            type_into(tab, "Name", name)
            expect(tab.get_by_text("Unsaved changes")).to_be_visible()
        page.get_by_role("button", name="Save as new version").click()
        expect(page.get_by_text("version 2", exact=True)).to_be_visible()
        expect(page.get_by_text("Unsaved changes")).to_have_count(0)
        other.get_by_role("button", name="Save as new version").click()
        expect(other.get_by_text("Version 2 was saved while you edited version 1")).to_be_visible()
        expect(other.get_by_text("version 1", exact=True)).to_be_visible()
        wait_until_idle(other)
        page.reload()
        expect(page.get_by_text("version 2", exact=True)).to_be_visible()
        other.get_by_role("button", name="Save after version 2").click()
        expect(other.get_by_text("version 3", exact=True)).to_be_visible()
        expect(other.get_by_text("Unsaved changes")).to_have_count(0)


def test_undo_after_going_back_to_a_version_goes_to_the_state_before(page: Page, server: str) -> None:
    make_crew(page, server)
    for name in ("Second name", "Third name"):
        open_card(page, 1)
        type_into(page, "Name", name)
        page.get_by_role("button", name="Save as new version").click()
        expect(page.get_by_text("Unsaved changes")).to_have_count(0)
        close_card(page)
    open_tab(page, "Versions")
    page.get_by_role("button", name="Go back to this").last.click()
    expect(page.get_by_text("version 4", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("version 5", exact=True)).to_be_visible()
    open_tab(page, "Plan")
    expect(card(page, 1)).to_contain_text("Third name")


def test_the_first_click_after_typing_counts(page: Page, server: str) -> None:
    page.goto(f"{server}/generate")
    page.get_by_label("What should the crew achieve?").fill(OBJECTIVE)
    page.get_by_text("Context, limits and wishes").click()
    expect(page.get_by_label("Context", exact=True)).to_be_visible()
    page.get_by_label("Budget (USD per run)").fill("0.001")
    page.get_by_label("Budget (USD per run)").press("Tab")
    wait_until_idle(page)
    expect(page.get_by_label("Budget (USD per run)")).to_have_value("0.001")


def test_what_is_in_a_field_is_saved_by_the_first_click_on_save(page: Page, server: str) -> None:
    make_crew(page, server)
    open_card(page, 1)
    type_into(page, "Name", "A new name")
    page.get_by_label("Expected output", exact=True).fill("One page in plain words.")
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_text("version 2", exact=True)).to_be_visible()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    close_card(page)
    expect(card(page, 1)).to_contain_text("One page in plain words.")
