"""Models under Settings as people use them: one is typed in, refused with reasons, mended, saved and removed."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_model_is_added_in_words_that_stay_until_they_fit(page: Page, server: str) -> None:
    page.goto(f"{server}/settings")
    table = page.locator(".st-key-model_table")
    page.locator(".st-key-all_models").get_by_text("Show all").click()
    expect(table.get_by_text("quality unknown").first).to_be_attached()
    choice = page.get_by_label("Look at, correct or add a model")
    choice.fill("our-own")
    choice.press("Enter")
    page.get_by_label("Label").fill("Our own")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("LiteLLM knows no model our-own")).to_be_visible()
    choice.fill("openai/our-own")
    choice.press("Enter")
    expect(page.get_by_text("LiteLLM knows no model our-own")).to_have_count(0)
    expect(page.locator(".st-key-one_model").get_by_text("openai/our-own").first).to_be_visible()
    expect(page.get_by_label("Capability (ECI)")).to_have_count(1)
    page.get_by_label("Capability (ECI)").fill("1500")
    page.get_by_label("Label").fill("Our own")
    page.get_by_role("button", name="Save").click()
    problem = page.get_by_test_id("stAlert")
    expect(problem).to_contain_text("1500 is not between 50 and 250")
    expect(problem).to_contain_text("where the figures are from")
    expect(page.get_by_label("Label")).to_have_value("Our own")
    page.get_by_label("Capability (ECI)").fill("150")
    page.get_by_label("Where the figures are from").fill("Our benchmark of May")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It counts from the next estimate on.")).to_be_visible()
    expect(table.get_by_text("added")).to_be_attached()
    page.get_by_role("button", name="Remove this model").click()
    expect(page.get_by_text("What was entered about openai/our-own is removed.")).to_be_visible()
    expect(table.get_by_text("added")).to_have_count(0)


def test_the_models_fit_on_a_phone(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server}/settings")
    page.get_by_label("Search models").fill("gpt-5-mini")
    table = page.locator(".st-key-model_table")
    expect(table.get_by_role("row")).to_have_count(2)
    box = table.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    main = page.get_by_test_id("stMain")
    assert main.evaluate("it => it.scrollWidth <= it.clientWidth")
