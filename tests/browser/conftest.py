"""Fixtures that drive chromium against the real server; every test module gets a server and a database of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_S = 60.0
"""Longest that a test waits for one thing; two workers share two cores."""

RunDashboard = Callable[..., AbstractContextManager[str]]

HARMLESS = ("fonts.gstatic.com", "/_stcore/health", "/_stcore/host-config")
"""Addresses whose failure says nothing: the icon font of the tab, and the client's search for the server's base path on
a deep link, which Streamlit answers with 404 by design."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running dashboard with an empty database and no model."""
    with running_dashboard(tmp_path_factory.mktemp("dashboard")) as address:
        yield address


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard that nobody has visited yet, for this one test.

    Ask for it before ``page``: fixtures end in reverse order, and the tab has to close before its server does.
    """
    with running_dashboard(tmp_path) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    if CHROMIUM is None:
        if os.environ.get("CREWGEN_REQUIRE_BROWSER") == "1":
            pytest.fail("There is no chromium, and CREWGEN_REQUIRE_BROWSER=1 asks for one.")
        pytest.skip("There is no chromium on this machine (apt-get install chromium).")
    expect.set_options(timeout=PATIENCE_S * 1_000)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab with an empty profile; errors on its console fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_S * 1_000)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("console", lambda message: faults.extend(_read_fault(message)))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield tab
    context.close()
    assert faults == []


@pytest.fixture(scope="session")
def run_dashboard() -> RunDashboard:
    """Runs a dashboard as a context, for tests that start one more than once or in an environment of their own."""
    return running_dashboard


@contextmanager
def running_dashboard(
    folder: Path, more: Mapping[str, str] = {}, kill: bool = False, port: int | None = None
) -> Iterator[str]:
    """Start the dashboard with its database and log in the folder, and yield its address.

    ``more`` is added to its environment; ``kill`` ends it in the end as a power cut would; without a ``port``, any.
    """
    port = port or find_free_port()
    address = f"http://127.0.0.1:{port}"
    environment = (
        os.environ | {"CREWGEN_DATABASE_URL": f"sqlite:///{folder / 'crewgen.db'}", "CREWGEN_MODEL": ""} | dict(more)
    )
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_healthy(address, process, folder / "server.log")
            yield address
        finally:
            process.kill() if kill else process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def find_free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _read_fault(message: ConsoleMessage) -> list[str]:
    address = (message.location or {}).get("url", "")
    if message.type != "error" or any(part in address or part in message.text for part in HARMLESS):
        return []
    return [f"{message.text} ({address})"]


def _wait_until_healthy(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 our own
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"The dashboard did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2_000:]}")
