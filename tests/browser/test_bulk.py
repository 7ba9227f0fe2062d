"""The Bulk page as people use it: chromium against the real server, whose worker processes do the work."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pages import wait_until_idle

pytestmark = pytest.mark.browser

TRADES = ("churn of our subscribers", "a launch campaign", "supplier contracts", "onboarding of engineers")
BAD = (10, 80, 150, 220, 290, 360, 430)
"""Rows at fault, counted from 0; a spreadsheet counts from 2."""


def make_table(rows: int, bad: tuple[int, ...] = ()) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["objective", "name", "budget_usd", "team"])
    for at in range(rows):
        budget = "lots" if at in bad else "2.50"
        objective = f"Analyze {TRADES[at % 4]} in region {at} and write a brief of two pages for the board."
        writer.writerow([objective, f"Brief {at}", budget, "=1+1"])
    return text.getvalue().encode()


def give(page: Page, server: str, content: bytes, name: str = "spring.csv") -> None:
    page.goto(f"{server}/bulk")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def select_row(page: Page, number: int) -> None:
    """Tick the box before a row of the table of results, counted from 0."""
    box = page.get_by_test_id("stDataFrame").locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 35 * (number + 1) + 18)


@pytest.fixture
def second_tab(browser: Browser) -> Iterator[Page]:
    """A tab of somebody who has nothing of the first one but the address."""
    with browser.new_context(viewport={"width": 1280, "height": 1400}, accept_downloads=True) as context:
        context.set_default_timeout(60_000)
        yield context.new_page()


def test_a_file_of_thirty_megabytes_is_taken_as_the_page_says(server: str, page: Page) -> None:
    rows = "".join(f"Analyze {TRADES[at % 4]} in region {at} for the board.,{'x' * 20_000}\n" for at in range(1_500))
    file = f"objective,notes\n{rows}".encode()
    assert 30_000_000 < len(file) < 50_000_000
    page.goto(f"{server}/bulk")
    expect(page.get_by_text("50MB per file")).to_be_visible()
    give(page, server, file)
    expect(page.get_by_role("button", name="Start 1,500 rows")).to_be_visible()


def test_a_job_is_started_left_alone_and_found_finished(server: str, page: Page, second_tab: Page) -> None:
    give(page, server, make_table(500, BAD))
    for at in BAD:
        expect(page.get_by_text(f"Row {at + 2}", exact=True)).to_be_visible()
    expect(page.get_by_text("7 rows cannot become a crew")).to_be_visible()
    page.get_by_role("button", name="Start 493 rows").click()
    page.wait_for_url(re.compile(r"/job\?job=\d+"))
    expect(page.get_by_text("Finished last")).to_be_visible()
    address = page.url
    page.close()

    second_tab.goto(address)
    expect(second_tab.get_by_text("Took", exact=True)).to_be_visible(timeout=240_000)
    completed = second_tab.get_by_test_id("stMetric").filter(has_text="Completed").get_by_test_id("stMetricValue")
    expect(completed).to_have_text("493")
    expect(second_tab.get_by_text("1–50 of 493 rows")).to_be_visible()
    state = second_tab.locator(".st-key-state_green").get_by_test_id("stText")
    expect(state.first).to_have_text("completed")
    expect(state.first).to_have_css("background-color", re.compile("0.24"))
    expect(state.last).to_have_css("background-color", "rgba(0, 0, 0, 0)")

    second_tab.get_by_role("searchbox", name="Search").fill("region 499")
    expect(second_tab.get_by_text("1–1 of 1 row")).to_be_visible()
    second_tab.get_by_text("Download", exact=True).click()
    expect(second_tab.get_by_text("What the filters find").first).to_be_visible()
    wait_until_idle(second_tab)
    with second_tab.expect_download() as download:
        second_tab.get_by_role("button", name="Table (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 1
    assert "region 499" in rows[0]["objective"]
    assert "=1+1" not in rows[0].values()  # a spreadsheet would compute it

    second_tab.get_by_role("button", name="CrewAI projects (JSON)").click()
    with second_tab.expect_download() as archive:
        second_tab.get_by_role("button", name=re.compile("^Download .*zip")).click()
    with zipfile.ZipFile(archive.value.path()) as files:
        assert sum(name.endswith("crew.jsonc") for name in files.namelist()) == 1

    select_row(second_tab, 0)
    expect(second_tab.get_by_text("1 row selected")).to_be_visible()
    second_tab.get_by_test_id("stPageLink").filter(has_text="region 499").last.click()
    second_tab.wait_for_url(re.compile(r"/crew\?crew=\d+"))
    expect(second_tab.get_by_text("version 1", exact=True)).to_be_visible()


def test_a_job_goes_on_from_check_to_charts(server: str, page: Page) -> None:
    give(page, server, make_table(12), "short list.csv")
    page.get_by_role("button", name="Start 12 rows").click()
    expect(page.get_by_text("Took", exact=True)).to_be_visible()
    select_row(page, 0)
    select_row(page, 1)
    expect(page.get_by_text("2 rows selected")).to_be_visible()
    expect(page.get_by_text("Coordination", exact=True)).to_be_visible()

    page.get_by_text("Charts", exact=True).click()
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()

    page.get_by_text("Check or optimize these crews").click()
    page.get_by_test_id("stButtonGroup").get_by_text("Optimize", exact=True).click()
    page.get_by_role("button", name="Optimize the crews").click()
    expect(page.get_by_role("heading", name="Optimize: short list")).to_be_visible()
    expect(page.get_by_text("Took", exact=True)).to_be_visible()
    expect(page.get_by_text("1–2 of 2 rows")).to_be_visible()
    page.get_by_role("button", name="Crews of job").click()
    expect(page.get_by_role("heading", name="short list", exact=True)).to_be_visible()


def test_a_job_is_paused_and_resumed_while_it_is_watched(server: str, page: Page) -> None:
    give(page, server, make_table(2_000), "long list.csv")
    page.get_by_role("button", name="Start 2,000 rows").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    wait_until_idle(page)  # a paused job holds still: it cannot end while the question is answered
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel the job").click()
    expect(page.get_by_text("cancelled", exact=True).first).to_be_visible()
    page.get_by_role("link", name="All jobs").click()
    expect(page.get_by_role("heading", name="New job")).to_be_visible()
    page.get_by_role("link", name="long list").click()
    page.wait_for_url(re.compile(r"/job\?job=\d+"))
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Bulk").click()
    expect(page.get_by_role("heading", name="New job")).to_be_visible()


def test_nothing_is_wider_than_a_phone(server: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    give(page, server, make_table(20, (3, 4)), "phone.csv")
    expect(page.get_by_role("button", name="Start 18 rows")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
