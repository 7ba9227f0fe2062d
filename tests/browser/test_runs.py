"""The Runs page as people use it: chromium, real CrewAI in processes of its own, the scripted model, a killed server.

Skipped where CrewAI's environment is missing; CREWGEN_REQUIRE_CREWAI=1 (set in CI) makes that a failure.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crewgen_core.app import Crewgen
from crewgen_core.models.crew import Crew
from crewgen_core.settings import ROOT, Settings
from tests.support.crew_player import name_task, play_crew, read_prompt
from tests.support.crews import hierarchical_crew, sequential_crew
from tests.support.model_server import ModelServer, Reply

PYTHON = Path(os.environ.get("CREWGEN_CREWAI_PYTHON", ROOT / ".venv-crewai/bin/python"))
LONG_MS = 240_000
"""No run here takes as long, on however busy a machine."""

pytestmark = [pytest.mark.browser, pytest.mark.crewai, pytest.mark.xdist_group("crewai")]

RunDashboard = Callable[..., AbstractContextManager[str]]


@pytest.fixture(autouse=True)
def crewai() -> None:
    if not PYTHON.exists():
        if os.environ.get("CREWGEN_REQUIRE_CREWAI"):
            pytest.fail(f"CrewAI's environment is missing: {PYTHON} does not exist.")
        pytest.skip("CrewAI's own environment (.venv-crewai) is not installed.")


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(play_crew()) as server:
        yield server


@pytest.fixture
def environment(model: ModelServer) -> Mapping[str, str]:
    """What the dashboard needs to know to run crews against the scripted model."""
    return {
        "CREWGEN_MODEL_BASE_URL": model.url,
        "CREWGEN_CREWAI_PYTHON": str(PYTHON),
        "OPENAI_API_KEY": "sk-test-0123456789abcdef",
    }


@pytest.fixture
def crewgen(tmp_path: Path, environment: Mapping[str, str]) -> Iterator[Crewgen]:
    """The front door to the database of the dashboard; whatever still runs at the end is stopped."""
    door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"))
    yield door
    for run in door.running.list_runs(states=("starting", "running", "waiting")):
        door.running.stop(run.id)
    door.database.close()


def keep(crewgen: Crewgen, crew: Crew) -> int:
    """Store a crew without its tools, which would need keys of their own."""
    agents = tuple(agent.model_copy(update={"tools": ()}) for agent in crew.agents)
    tasks = tuple(task.model_copy(update={"tools": ()}) for task in crew.tasks)
    return crewgen.crews.save(crew.model_copy(update={"agents": agents, "tasks": tasks})).crew_id


def start_real_run(page: Page) -> None:
    page.get_by_text("Real run", exact=True).click()
    expect(page.get_by_text("A real run spends money")).to_be_visible()
    page.get_by_role("button", name="Start the real run").click()
    page.wait_for_url(re.compile(r"/run\?run=\d+"))


def test_a_person_is_asked_on_the_page_and_a_killed_dashboard_finds_its_run_again(
    crewgen: Crewgen,
    model: ModelServer,
    environment: Mapping[str, str],
    run_dashboard: RunDashboard,
    tmp_path: Path,
    page: Page,
):
    crew_id = keep(crewgen, sequential_crew())
    with run_dashboard(tmp_path, environment, kill=True) as address:
        page.goto(f"{address}/runs?crew={crew_id}")
        page.get_by_label("topic").fill("tea")
        start_real_run(page)
        expect(page.get_by_text("Is the result of “Check the brief” good?")).to_be_visible(timeout=LONG_MS)
        expect(page.locator(".st-key-question_draft")).to_contain_text("Result of: Recount.")
        field = page.get_by_label("What should be different?")
        field.press_sequentially("Make it shorter.", delay=150)  # seconds, in which the page looks at the run again
        expect(field).to_have_value("Make it shorter.")
        page.get_by_role("button", name="Send feedback").click()
        expect(field).to_have_value("", timeout=LONG_MS)  # the next question
        expect(page.get_by_text("waits for you")).to_be_visible()
        path = page.url.removeprefix(address)
        page.goto("about:blank")  # a tab that looks for a dead server fills the console

    assert any("Make it shorter." in str(body["messages"]) for body in model.requests)
    assert any("Two pages on tea." in read_prompt(body) for body in model.requests)
    with run_dashboard(tmp_path, environment) as address:
        page.goto(f"{address}/")
        page.get_by_text("Churn brief waits for your answer").click()
        page.wait_for_url(re.compile(re.escape(path.partition("&")[0])))
        page.get_by_role("button", name="Accept", exact=True).click()
        expect(page.get_by_text("It went through")).to_be_visible(timeout=LONG_MS)
        expect(page.locator(".st-key-final_result")).to_contain_text("Result of: Recount.")
        with page.expect_download() as download:
            page.get_by_role("button", name="All results (.txt)").click()
        assert "Result of: Compare cohorts." in Path(download.value.path()).read_text(encoding="utf-8")
        page.get_by_role("tab", name="Predicted and actual").click()
        expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
        page.goto("about:blank")


def test_a_hierarchical_crew_is_stopped_in_the_middle_and_goes_on_to_its_end(
    crewgen: Crewgen,
    model: ModelServer,
    environment: Mapping[str, str],
    run_dashboard: RunDashboard,
    tmp_path: Path,
    page: Page,
):
    play = play_crew(lambda prompt: "Channel Manager" if "Book" in prompt else "Planner")
    model.script = lambda body: Reply(delay_s=3_600) if "Book" in name_task(read_prompt(body)) else play(body)
    crew_id = keep(crewgen, hierarchical_crew())
    with run_dashboard(tmp_path, environment) as address:
        page.goto(f"{address}/crew?crew={crew_id}")
        page.get_by_test_id("stMain").get_by_role("link", name="Run", exact=True).click()
        page.wait_for_url(re.compile(r"/runs\?crew=\d+"))
        start_real_run(page)
        expect(page.get_by_text("1 of 2 tasks · at work on Book the channels")).to_be_visible(timeout=LONG_MS)
        expect(page.get_by_text("Launch Lead delegates to Planner")).to_be_visible()
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text("It was stopped after 1 of 2 tasks. A person stopped it.")).to_be_visible()

        model.script = play
        page.get_by_role("button", name="Go on from where it ended").click()
        expect(page.get_by_text("It went through")).to_be_visible(timeout=LONG_MS)
        expect(page.locator(".st-key-final_result")).to_contain_text("Checked: Result of: Book.")
        page.get_by_role("tab", name="Course").click()
        expect(page.get_by_text("Launch Lead", exact=False).first).to_be_visible()
        page.goto("about:blank")
