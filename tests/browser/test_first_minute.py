"""From an empty dashboard without a key to a report in a stakeholder's hands."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.pages import wait_until_idle


def test_from_an_empty_dashboard_to_a_report_in_a_stakeholders_hands(
    new_server: str, page: Page, tmp_path: Path
) -> None:
    page.set_default_timeout(180_000)  # loading the demo takes some seconds, on a busy machine many
    page.goto(new_server)
    page.get_by_role("button", name="Load the demo").click()
    expect(page.get_by_role("button", name="Remove the demo")).to_be_visible(timeout=180_000)
    wait_until_idle(page)

    page.get_by_label("Objective").fill("Analyze our returns from the order exports and write a two-page brief.")
    page.get_by_role("button", name="Design a crew").click()
    expect(page.get_by_text("Chance of success").first).to_be_visible()
    wait_until_idle(page)
    name = page.locator("h2").first.inner_text()
    page.get_by_role("tab", name="Check").click()
    expect(page.get_by_text("score", exact=False).first).to_be_visible()
    page.get_by_role("tab", name="Estimate").click()
    expect(page.get_by_text("How was this computed?")).to_be_visible()
    page.get_by_role("tab", name="Report").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Report (web page)").click()
    report = tmp_path / coming.value.suggested_filename
    coming.value.save_as(report)

    page.goto(report.as_uri())
    expect(page.locator("h1")).to_have_text(name)
    for part in ("How it works", "Who does the work", "What each task delivers", "What may go wrong"):
        expect(page.get_by_role("heading", name=part)).to_be_visible()
    assert "Demo data" not in page.locator("body").inner_text()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("[...document.querySelectorAll('table')].every(it => it.scrollWidth <= innerWidth)")
