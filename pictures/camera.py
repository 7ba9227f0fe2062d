"""Opens pages in chromium, waits until they are drawn, and takes their pictures."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from pictures.views import View

Scheme = Literal["light", "dark"]

PATIENCE_MS = 60_000
"""Longest that one page may take to be drawn."""

PHONE = 390
"""Pixels that a phone is wide."""

LEAST_HEIGHT = {PHONE: 844, 1280: 800, 1920: 1_080}
"""Pixels of a screen of that width; a page that is longer is shown as long as it is, up to the next."""
MOST_HEIGHT = 6_000

MOST_PICTURED, MOST_ON_A_PHONE = 1_600, 3_000
"""Pixels of a picture: of a longer page, its upper part; its faults are measured all the same."""

QUALITY = 45
"""Of the pictures, from 0 to 100: words stay sharp, and all pictures together stay small."""

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]

_STANDS_STILL = """
async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const measure = () => {
    const main = document.querySelector("[data-testid=stMain]");
    return [main.scrollHeight, main.innerText.length, main.querySelectorAll("*").length].join();
  };
  const waits = () => document.querySelector(
    "[data-testid=stSkeleton], [data-testid=stSpinner], [data-stale=true], " +
    "[data-testid=stApp]:not([data-test-script-state=notRunning])"
  ) || [...document.querySelectorAll("[data-testid=stPlotlyChart]")].some(it => !it.querySelector(".main-svg"));
  await document.fonts.ready;
  let before = "", still = 0;
  while (still < 8) {
    await frame();
    const now = measure();
    still = now === before && !waits() ? still + 1 : 0;
    before = now;
  }
}
"""
"""Done when nothing is awaited any more and the page has not moved for eight frames."""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Run chromium without a window."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("There is no chromium on this machine (apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def open_tab(browser: Browser, scheme: Scheme, width: int) -> Iterator[Page]:
    """Open an empty tab of a screen of this width, for people who like light or dark.

    The scheme stays: charts that are drawn keep their colours when it changes.
    """
    size: ViewportSize = {"width": width, "height": LEAST_HEIGHT.get(width, 900)}
    with browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()


def show(page: Page, server: str, view: View, before: View | None = None) -> None:
    """Open a view, and wait until it is drawn; ``before`` is what the tab shows already."""
    if before is None or before.address != view.address:
        page.goto(f"{server}/{view.address}")
        expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible(timeout=PATIENCE_MS)
        wait_until_still(page)
    if view.tab:
        page.get_by_role("tab", name=view.tab, exact=True).click()
        wait_until_still(page)


def wait_until_still(page: Page) -> None:
    """Wait until the page is drawn and does not move any more."""
    page.evaluate(_STANDS_STILL)


@contextmanager
def unrolled(page: Page) -> Iterator[None]:
    """Make the screen as long as the page, so that all of it is seen at once; as it was afterwards."""
    size = page.viewport_size
    assert size is not None  # noqa: S101 every tab has one
    for _ in range(2):  # what is drawn only when it is seen makes the page longer
        wanted = page.get_by_test_id("stMain").evaluate("it => it.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": min(MOST_HEIGHT, max(size["height"], wanted))})
        wait_until_still(page)
    page.get_by_test_id("stMain").evaluate("it => it.scrollTo(0, 0)")
    yield
    page.set_viewport_size(size)


def take_picture(page: Page, path: Path) -> None:
    """Write what is on the screen to a file; of a long page, what comes first."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        most = MOST_ON_A_PHONE if picture.width <= PHONE else MOST_PICTURED
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, most)))
        shown.save(path, "WEBP", quality=QUALITY, method=6)
