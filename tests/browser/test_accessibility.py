"""Nobody is kept out: what axe finds on every page, full of demo data, in light and in dark; and going by keyboard."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crewgen_core.app import Crewgen
from crewgen_core.settings import ROOT, Settings
from pictures.camera import show, wait_until_still
from pictures.views import View, list_views
from tests.browser.conftest import RunDashboard
from tests.support.pages import wait_for_crew

pytestmark = pytest.mark.browser

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
GRAVE = ("serious", "critical")
BY_COLOUR = ("color-contrast", "link-in-text-block")
"""Rules of axe whose answer depends on light or dark."""

PLACES = ("home", "generate", "crew", "bulk", "job", "template", "validate", "optimize", "run", "analytics", "settings")
"""How the names of views begin: one walk for each."""

PALE_WORDS_OF_CHARTS = """
() => {
  const shine = colour => {
    const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(it => it / 255)
      .map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = shine(getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor);
  const words = ".xtick text, .ytick text, .xtitle, .ytitle, .legendtext, .gtitle";
  return [...document.querySelectorAll(".js-plotly-plot")].flatMap(chart => [...chart.querySelectorAll(words)])
    .filter(it => {
      const [low, high] = [shine(getComputedStyle(it).fill), ground].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05) < 4.5;
    }).map(it => it.textContent);
}
"""
"""Words around charts that stand out from the page by less than 4.5 to 1; axe does not look into drawings."""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, run_dashboard: RunDashboard) -> Iterator[tuple[str, list[View]]]:
    """A dashboard with the demo data, and all there is to see of it."""
    folder = tmp_path_factory.mktemp("demo")
    crewgen = Crewgen.open(Settings(database_url=f"sqlite:///{folder / 'crewgen.db'}", model=""))
    crewgen.demo.load()
    views = list_views(crewgen)
    crewgen.close()
    with run_dashboard(folder) as server:
        yield server, list(views)


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing_grave_in_light_or_dark(full: tuple[str, list[View]], page: Page, place: str) -> None:
    server, views = full
    before: View | None = None
    found: list[str] = []
    walk = [view for view in views if re.match(rf"{place}s?(-|$)", view.name)]
    assert walk
    for view in walk:
        page.emulate_media(color_scheme="light")
        show(page, server, view, before)
        before = view
        found += ask_axe(page, view.name, {"type": "tag", "values": TAGS})
        found += [f"{view.name}: pale on a chart: {words}" for words in page.evaluate(PALE_WORDS_OF_CHARTS)]
        page.emulate_media(color_scheme="dark")
        wait_until_still(page)
        found += ask_axe(page, f"{view.name}, dark", {"type": "rule", "values": BY_COLOUR})
    assert found == []


def ask_axe(page: Page, where: str, only: dict[str, Any]) -> list[str]:
    answer = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response
    return [
        f"{where}: {violation['id']} {node['target']} {node['html'][:160]}"
        for violation in answer["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


def test_every_page_is_looked_at(full: tuple[str, list[View]]) -> None:
    site_map = (ROOT / "pages" / "shared" / "site_map.py").read_text(encoding="utf-8")
    addresses = {*re.findall(r'url_path="(\w+)"', site_map), ""}
    assert addresses == {view.address.partition("?")[0] for view in full[1]}
    assert all(any(re.match(rf"{place}s?(-|$)", view.name) for place in PLACES) for view in full[1])


def test_a_crew_is_designed_and_looked_at_by_keyboard_alone(full: tuple[str, list[View]], page: Page) -> None:
    page.goto(full[0])
    field = page.get_by_label("Objective")
    expect(field).to_be_visible()
    wait_until_still(page)
    reached: list[str] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.ariaLabel || document.activeElement.innerText"))
        if reached[-1] == "Objective":
            break
        if "Home" in reached[-1] or "Settings" in reached[-1]:
            assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached[-1] == "Objective"
    page.keyboard.type("Write a two-page brief on bike lanes for the city council from our notes.")
    page.keyboard.press("Control+Enter")
    wait_for_crew(page)
    part = page.get_by_role("combobox", name="Look at")
    expect(part).to_be_visible()
    wait_until_still(page)
    part.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-crew_graph_and_part").get_by_role("button", name="Edit")).to_be_visible()
