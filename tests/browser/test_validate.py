"""The Validate page as people use it: chromium against the real server."""

import json
import re
import zipfile
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
        expect(page.get_by_text(code, exact=True).first).to_be_visible()
    expect(page.get_by_text("This crew cannot run yet: 3 errors")).to_be_visible()
    assert errors(page) == 3

    page.get_by_role("button", name="Apply", exact=True).first.click()
    expect(page.get_by_text("CG107", exact=True)).to_have_count(0)
    expect(page.get_by_text("Applied: 1 fix", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("CG107", exact=True).first).to_be_visible()

    page.get_by_role("button", name="Apply all fixes").click()
    expect(page.get_by_text("This crew can run")).to_be_visible()
    assert errors(page) == 0

    page.get_by_role("button", name="Save as a crew").click()
    page.wait_for_url(re.compile(r"/crew\?.*crew=\d+"))
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
    expect(page.get_by_text("CG123", exact=True).first).to_be_visible()
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
    expect(page.get_by_text("CG107", exact=True).first).to_be_visible()
    expect(page.get_by_text("Churn Analyst").first).to_be_visible()


def write_many(folder: Path, count: int) -> Path:
    """Write a ZIP of crew files: every third has an error that a fix mends, and the last is no JSON."""
    path = folder / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            task = {
                "key": "brief",
                "name": "Write the brief",
                "description": "Write a brief of two pages about churn for the board from the exports.",
                "expected_output": "Two pages in Markdown with three recommendations.",
                "agent": "ghost" if number % 3 == 0 else "writer",
            }
            writer = {"key": "writer", "role": "Brief Writer", "goal": "Write briefs", "backstory": "You write briefs."}
            crew = {"schema": "crewgen/1", "name": f"=Crew {number}", "agents": [writer], "tasks": [task]}
            archive.writestr(f"crews/{number:03}.json", json.dumps(crew) if number < count - 1 else "{")
    return path


def metric(page: Page, label: str) -> str:
    found = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return found.get_by_test_id("stMetricValue").inner_text()


def click(page: Page, name: str) -> None:
    """Click a button once the page stands still: one that is being drawn anew may lose a click."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name=name).click()


def check_many(page: Page, server: str, path: Path) -> None:
    open_page(page, server)
    page.get_by_test_id("stMain").get_by_text("Many crews", exact=True).first.click()
    page.locator("input[type=file]").set_input_files([path])
    expect(page.get_by_text(path.name)).to_be_visible()
    click(page, "Check all crews")


def test_the_summary_and_what_findings_prevent_are_shown(page: Page, server: str) -> None:
    open_page(page, server)
    page.get_by_role("button", name="Load an example").click()
    expect(page.get_by_text("No agent has: executive writing")).to_be_visible()
    assert (metric(page, "Skills covered"), metric(page, "Errors")) == ("25%", "3")
    expect(page.get_by_text("of the failures seen in 1,642 published runs").first).to_be_visible()
    expect(page.get_by_role("heading", name="Most likely causes of failure for this crew")).to_be_visible()


def test_two_hundred_crews_are_checked_with_progress_mended_and_opened(page: Page, server: str, tmp_path: Path) -> None:
    check_many(page, server, write_many(tmp_path, 200))
    expect(page.get_by_text(re.compile(r"Checked \d+ of 200 crews"))).to_be_visible()
    expect(page.get_by_text("Only with errors")).to_be_visible()
    assert (metric(page, "Files"), metric(page, "With errors"), metric(page, "Unreadable")) == ("200", "67", "1")

    click(page, "Apply all fixes to all crews")
    expect(page.get_by_role("button", name="Undo all fixes")).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    assert metric(page, "With errors") == "0"

    with page.expect_download() as waiting:
        click(page, "Table (CSV)")
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 201
    assert lines[1].startswith("many.zip/crews/000.json,'=Crew 0,can run,")
    with page.expect_download() as waiting:
        click(page, "Crews (ZIP)")
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert len(archive.namelist()) == 199

    page.get_by_test_id("stDataFrame").click(position={"x": 18, "y": 52})  # the box of the first row, below the heads
    click(page, "Open =Crew 0")
    expect(page.get_by_role("heading", name="=Crew 0")).to_be_visible()
    click(page, "Back to all crews")
    expect(page.get_by_text("Only with errors")).to_be_visible()


def test_checking_many_crews_can_be_stopped_and_keeps_what_is_done(page: Page, server: str, tmp_path: Path) -> None:
    check_many(page, server, write_many(tmp_path, 600))
    expect(page.get_by_text(re.compile(r"Checked [1-9]\d* of 600 crews"))).to_be_visible()
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_text("It was stopped")).to_be_visible()
    assert 0 < int(metric(page, "Files")) < 600
