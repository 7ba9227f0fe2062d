"""The Generate page as people use it: chromium against the real server."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import OBJECTIVE, generate_crew, wait_until_idle

pytestmark = pytest.mark.browser

HOSTILE = (
    "Write a report about <script>document.title='owned'</script> and <img src=x onerror=alert(1)> prices of $5 $x^2$ "
    "and $y$, **bold** :red[red] :material/home: # heading [link](javascript:alert(1)) for the board from our notes."
)


def open_form(page: Page, server: str) -> None:
    page.goto(f"{server}/generate")
    expect(page.get_by_role("heading", name="Generate a crew")).to_be_visible()


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def card(page: Page, number: int) -> str:
    return f".st-key-card_{number}_task"


def test_a_crew_is_made_without_a_key_and_is_still_there_after_a_reload(page: Page, server: str) -> None:
    generate_crew(page, server)
    expect(page.get_by_test_id("stMetric").filter(has_text="Cost per run")).to_contain_text("$")
    heading = page.get_by_role("heading", level=2).first.inner_text()
    page.reload()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator(card(page, 1))).to_be_visible()
    expect(page.get_by_text("Built-in")).to_be_visible()


def test_an_edit_is_saved_as_a_version_and_can_be_undone(page: Page, server: str) -> None:
    generate_crew(page, server)
    page.locator(card(page, 1)).get_by_role("button", name="Edit").click()
    page.get_by_label("Name", exact=True).fill("Measure the churn by hand")
    page.get_by_label("Name", exact=True).press("Tab")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_text("version 2", exact=True)).to_be_visible()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    page.get_by_role("button", name="Done").click()
    expect(page.locator(card(page, 1))).to_contain_text("Measure the churn by hand")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("version 3", exact=True)).to_be_visible()
    expect(page.locator(card(page, 1))).not_to_contain_text("Measure the churn by hand")


def test_unsaved_changes_survive_a_reload(page: Page, server: str) -> None:
    generate_crew(page, server)
    page.locator(card(page, 2)).get_by_role("button", name="Edit").click()
    page.get_by_label("Expected output").fill("One page in plain words.")
    page.get_by_label("Expected output").press("Tab")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.wait_for_url(re.compile("draft="))
    page.reload()
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    expect(page.locator(card(page, 2))).to_contain_text("One page in plain words.")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    expect(page.locator(card(page, 2))).not_to_contain_text("One page in plain words.")


def test_what_is_typed_survives_another_page_and_a_reload(page: Page, server: str) -> None:
    open_form(page, server)
    field = page.get_by_label("What should the crew achieve?")
    field.fill(OBJECTIVE)
    field.press("Tab")
    page.wait_for_url(re.compile("draft="))
    page.get_by_test_id("stSidebar").get_by_role("link", name="Settings").click()
    page.wait_for_url(re.compile("/settings"))
    wait_until_idle(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Generate").click()
    expect(field).to_have_value(OBJECTIVE)
    page.wait_for_url(re.compile("draft="))
    page.reload()
    expect(field).to_have_value(OBJECTIVE)


def test_a_crew_is_downloaded_as_a_crewai_project_and_as_a_crewgen_file(page: Page, server: str) -> None:
    generate_crew(page, server)
    open_tab(page, "Export")
    buttons = page.get_by_role("button", name="Download")
    expect(buttons).to_have_count(4)
    with page.expect_download() as project:
        buttons.nth(0).click()
    with zipfile.ZipFile(io.BytesIO(Path(project.value.path()).read_bytes())) as archive:
        assert any(name.endswith("crew.jsonc") for name in archive.namelist())
    with page.expect_download() as file:
        buttons.nth(2).click()
    assert json.loads(Path(file.value.path()).read_bytes())["schema"] == "crewgen/1"


def test_an_empty_objective_gets_a_sentence_and_no_crew(page: Page, server: str) -> None:
    open_form(page, server)
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no objective yet.")
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_text_that_is_no_objective_stays_in_the_form_with_the_reason(page: Page, server: str) -> None:
    open_form(page, server)
    page.get_by_label("What should the crew achieve?").fill("?!")
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("What should the crew achieve?")).to_have_value("?!")
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_hostile_text_is_shown_as_text(page: Page, server: str) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    generate_crew(page, server, HOSTILE)
    open_tab(page, "Analysis")
    expect(page.get_by_text("<script>document.title='owned'</script>").first).to_be_visible()
    expect(page.get_by_text(":red[red] :material/home:").first).to_be_visible()
    for name in ("Plan", "Team", "Estimate", "Check", "Versions", "Provenance"):
        open_tab(page, name)
        wait_until_idle(page)
        main = page.get_by_test_id("stMain")
        expect(main.locator(".katex")).to_have_count(0)
        expect(main.locator("img[src='x']")).to_have_count(0)
        expect(main.locator("a[href^='javascript']")).to_have_count(0)
    assert dialogs == []
    assert "owned" not in page.title()


def test_an_unknown_crew_gets_a_sentence_and_a_way_on(page: Page, server: str) -> None:
    page.goto(f"{server}/crew?crew=999999")
    expect(page.get_by_role("alert")).to_contain_text("There is no crew 999999.")
    page.get_by_role("link", name="New objective").click()
    expect(page.get_by_role("heading", name="Generate a crew")).to_be_visible()


def test_the_page_fits_on_a_phone(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    generate_crew(page, server)
    for name in ("Plan", "Team", "Check", "Estimate"):
        open_tab(page, name)
        wait_until_idle(page)
        width = page.get_by_test_id("stMain").evaluate("element => element.scrollWidth - element.clientWidth")
        assert width <= 1
