"""The Validate page as people use it: chromium against the real server."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PROJECT = """\
{"name": "churn", "agents": ["analyst"], "tasks": [
  {"name": "brief", "description": "Write a brief of two pages about churn for the board from the exports.",
   "expected_output": "Two pages in Markdown with three recommendations.", "agent": "writer"}]}
"""


def open_page(page: Page, server: str) -> None:
    page.goto(f"{server}/validate")
    expect(page.get_by_role("heading", name="Validate")).to_be_visible()


def check(page: Page, server: str, text: str) -> None:
    open_page(page, server)
    page.get_by_label("Crew", exact=True).fill(text)
    page.get_by_role("button", name="Check the crew").click()


def errors(page: Page) -> int:
    """Return the number of errors that the report shows."""
    metric = page.get_by_test_id("stMetric").filter(has_text="Errors")
    return int(metric.get_by_test_id("stMetricValue").inner_text())


def test_the_example_is_mended_saved_and_opened_as_a_crew(page: Page, server: str) -> None:
    open_page(page, server)
    page.get_by_role("button", name="Load an example").click()
    for code in ("CG107", "CG123", "CG221"):
        expect(page.get_by_text(code, exact=True)).to_be_visible()
    expect(page.get_by_text("This crew cannot run yet: 3 errors")).to_be_visible()
    assert errors(page) == 3

    page.get_by_role("button", name="Apply", exact=True).first.click()
    expect(page.get_by_text("CG107", exact=True)).to_have_count(0)
    expect(page.get_by_text("Applied: 1 fix", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("CG107", exact=True)).to_be_visible()

    page.get_by_role("button", name="Apply all fixes").click()
    expect(page.get_by_text("This crew can run")).to_be_visible()
    assert errors(page) == 0

    page.get_by_role("button", name="Save as a crew").click()
    page.wait_for_url(re.compile(r"/generate\?.*crew=\d+"))
    expect(page.get_by_role("heading", name="Churn brief with faults")).to_be_visible()
    expect(page.get_by_text("version 1", exact=True)).to_be_visible()


@pytest.mark.parametrize("text", ['{"name": ', "agents: [\n  - :", "Hello, is this a crew?", "[1, 2, 3]"])
def test_a_text_that_is_no_crew_gets_a_sentence_and_stays(page: Page, server: str, text: str) -> None:
    check(page, server, text)
    expect(page.get_by_role("alert").first).to_contain_text("pasted text")
    expect(page.get_by_label("Crew", exact=True)).to_have_value(text)
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_an_empty_box_gets_a_sentence(page: Page, server: str) -> None:
    check(page, server, "  \n")
    expect(page.get_by_role("alert").first).to_contain_text("There is nothing to check yet.")


def test_an_empty_crew_is_not_valid(page: Page, server: str) -> None:
    check(page, server, "schema: crewgen/1\nname: Empty\nagents: []\ntasks: []\n")
    expect(page.get_by_text("This crew is not complete")).to_be_visible()
    assert errors(page) == 2


def test_a_changed_text_is_said_to_be_unchecked(page: Page, server: str) -> None:
    open_page(page, server)
    page.get_by_role("button", name="Load an example").click()
    expect(page.get_by_text("CG123", exact=True)).to_be_visible()
    page.get_by_label("Crew", exact=True).fill("something else")
    page.get_by_label("Crew", exact=True).press("Tab")
    expect(page.get_by_text("The inputs have been changed since this check.")).to_be_visible()


def test_uploaded_files_of_a_project_are_checked_together(page: Page, server: str, tmp_path: Path) -> None:
    crew, agent = tmp_path / "crew.jsonc", tmp_path / "analyst.jsonc"
    crew.write_text(PROJECT, encoding="utf-8")
    agent.write_text('{"role": "Churn Analyst", "goal": "Find drivers.", "backstory": "Careful."}', encoding="utf-8")
    open_page(page, server)
    page.get_by_test_id("stMain").get_by_text("Upload", exact=True).first.click()
    page.locator("input[type=file]").set_input_files([crew, agent])
    expect(page.get_by_text("analyst.jsonc")).to_be_visible()
    page.get_by_role("button", name="Check the crew").click()
    expect(page.get_by_text("CG107", exact=True)).to_be_visible()
    expect(page.get_by_text("Churn Analyst").first).to_be_visible()
