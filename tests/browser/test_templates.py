"""A template's life as people live it: made of a crew, used, edited, put away, brought back, taken out and in again."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import wait_until_idle

pytestmark = pytest.mark.browser

NAME = "Competitors of heat pumps"


def test_a_template_is_made_used_edited_archived_restored_exported_deleted_and_imported(
    new_server: str, page: Page, tmp_path: Path
):
    page.goto(f"{new_server}/generate")
    page.get_by_label("What should the crew achieve?").fill("Compare the five competitors of our heat pumps in Norway.")
    page.get_by_test_id("stMain").get_by_role("button", name="Generate", exact=True).click()
    expect(page).to_have_url(re.compile("crew=1"))
    wait_until_idle(page)
    page.get_by_role("tab", name="Export").click()
    page.get_by_role("button", name="Make a template").click()
    expect(page).to_have_url(re.compile(r"/template\?template="))
    address = page.url

    use(page)
    expect(page).to_have_url(re.compile("crew=2"))
    page.get_by_role("tab", name="Provenance").click()
    expect(page.get_by_text(re.compile("From template .*version 1"))).to_be_visible()

    page.goto(address)
    wait_until_idle(page)
    page.get_by_role("tab", name="Edit").click()
    page.get_by_label("Name", exact=True).first.fill(NAME)  # the template's; the tasks below have names too
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_text(re.compile("version 2 · used 1 time"))).to_be_visible()

    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("This template is archived")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("This template is archived")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert json.loads(file.read_bytes())["name"] == NAME

    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Templates", exact=True)).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text(NAME)).to_be_hidden()

    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    use(page)
    expect(page).to_have_url(re.compile("crew=3"))


def use(page: Page) -> None:
    """Generate the crew of the template that is open, with its blanks as they are."""
    wait_until_idle(page)
    page.get_by_role("button", name="Generate the crew").click()
