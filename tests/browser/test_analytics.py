"""The Analytics page as people use it: chromium against the real server."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_what_happened_is_seen_filtered_read_as_a_table_and_taken_away(
    new_server: str, page: Page, tmp_path: Path
) -> None:
    page.goto(new_server)
    page.get_by_role("button", name="Compare five open-source vector databases").click()
    expect(page.get_by_role("tab", name="Plan")).to_be_visible()
    page.goto(f"{new_server}/analytics")
    headline, overview = page.locator(".st-key-analytics_headline"), page.get_by_role("tabpanel")
    expect(headline.get_by_test_id("stMetric").first).to_contain_text("1")
    expect(headline).to_contain_text("none yet")

    expect(overview.get_by_text("1 request from")).to_be_visible()
    page.locator(".st-key-analytics_requests_table").get_by_text("Table", exact=True).click()
    expect(page.locator(".st-key-analytics_requests_table").get_by_test_id("stDataFrame")).to_be_visible()
    with page.expect_download() as saved:
        page.locator(".st-key-analytics_requests_data").get_by_role("button").click()
    saved.value.save_as(tmp_path / "requests.csv")
    lines = (tmp_path / "requests.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "from,to,completed,failed"
    assert sum(int(line.split(",")[2]) for line in lines[1:]) == 1

    page.locator(".st-key-analytics_range").get_by_text("7 days").click()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Failed").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Filtered: only what fits the filters is counted.")).to_be_visible()
    expect(page.get_by_text("No requests in this range.").first).to_be_visible()

    page.get_by_role("tab", name="Quality").click()
    expect(page.get_by_text("No crews and no outcomes in this range.").first).to_be_visible()
    page.get_by_role("tab", name="Spend").click()
    expect(page.get_by_text("No run of this range has used a model.").first).to_be_visible()
