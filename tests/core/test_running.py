"""What can be asked about runs: whether a crew can run, what is refused, and what is seen when a process is dead."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CannotRun, NotFound
from crewgen_core.execution.processes import name_host
from crewgen_core.models.crew import Crew
from crewgen_core.models.run import Prediction, RunSettings, TaskRun
from crewgen_core.settings import Settings
from crewgen_core.storage import run_records, runs
from crewgen_core.storage.runs import NewRun
from tests.support.crews import hierarchical_crew, sequential_crew
from tests.support.played_crewai import make_interpreter

KEYS = {"OPENAI_API_KEY": "sk-x", "SERPER_API_KEY": "x"}
PREDICTED = Prediction(success=0.5, cost_usd=None, duration_s=60, tokens=1_000)


@pytest.fixture
def python(tmp_path: Path) -> Path:
    return make_interpreter(tmp_path / "crewai")


def open_crewgen(tmp_path: Path, python: Path, keys: dict[str, str] = KEYS) -> Crewgen:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", crewai_python=str(python))
    return Crewgen(settings, keys)


@pytest.fixture
def crewgen(tmp_path: Path, python: Path) -> Crewgen:
    return open_crewgen(tmp_path, python)


def store(crewgen: Crewgen, host: str = "", process_id: int | None = None) -> int:
    """Store a run as if a process had been started for it."""
    crew_id = crewgen.crews.save(sequential_crew()).crew_id
    tasks = [TaskRun(position=0, key="find_drivers", name="Find", agent="analyst")]
    new = NewRun(crew_id, 1, "Brief", RunSettings(), "openai/gpt-5-mini", PREDICTED, tasks)
    with crewgen.database.begin() as connection:
        run_id = runs.create(connection, new)
        runs.mark_running(connection, run_id)
        runs.name_process(connection, run_id, host, process_id)
    return run_id


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_without_crewai_it_is_said_how_to_get_it(tmp_path: Path):
    crewgen = open_crewgen(tmp_path, tmp_path / "nothing")
    crew_id = crewgen.crews.save(sequential_crew()).crew_id
    assert "CrewAI is not set up here" in (crewgen.running.available() or "")
    assert not crewgen.running.preflight(crew_id).ready
    with pytest.raises(CannotRun, match="CrewAI is not set up here"):
        crewgen.running.start(crew_id)
    assert crewgen.running.count_runs() == 0


def test_a_crew_with_its_keys_is_ready_and_predicted_without_what_was_learned(crewgen: Crewgen):
    stored = crewgen.crews.save(hierarchical_crew())
    preflight = crewgen.running.preflight(stored.crew_id)
    assert (preflight.ready, preflight.problems, preflight.gaps, preflight.missing_keys) == (True, (), (), ())
    assert preflight.predicted.success == stored.estimate.success.p50
    assert preflight.predicted.cost_usd == stored.estimate.cost_usd.p50
    dearer = crewgen.running.preflight(stored.crew_id, settings=RunSettings(model="openai/gpt-5"))
    assert dearer.predicted.cost_usd > preflight.predicted.cost_usd


def test_missing_keys_are_named_and_a_dry_run_needs_none(tmp_path: Path, python: Path):
    crewgen = open_crewgen(tmp_path, python, {})
    crew_id = crewgen.crews.save(hierarchical_crew()).crew_id
    preflight = crewgen.running.preflight(crew_id, settings=RunSettings(model="anthropic/claude-sonnet-5"))
    assert preflight.missing_keys == ("ANTHROPIC_API_KEY",)
    assert [(gap.tool, gap.missing) for gap in preflight.gaps] == [("web_search", ("SERPER_API_KEY",))]
    assert len(preflight.problems) == 2 and not preflight.ready
    assert crewgen.running.preflight(crew_id, settings=RunSettings(dry=True)).ready
    with pytest.raises(CannotRun, match="ANTHROPIC_API_KEY"):
        crewgen.running.start(crew_id, settings=RunSettings(model="anthropic/claude-sonnet-5"))


def test_a_tool_that_lacks_its_key_may_be_left_out(tmp_path: Path, python: Path):
    crewgen = open_crewgen(tmp_path, python, {"OPENAI_API_KEY": "sk-x"})
    crew_id = crewgen.crews.save(hierarchical_crew()).crew_id
    assert not crewgen.running.preflight(crew_id).ready
    assert crewgen.running.preflight(crew_id, settings=RunSettings(leave_out_tools=True)).ready


def test_a_server_of_ones_own_needs_no_key(tmp_path: Path, python: Path):
    crewgen = open_crewgen(tmp_path, python, {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "SERPER_API_KEY": "x"})
    assert crewgen.running.preflight(crewgen.crews.save(hierarchical_crew()).crew_id).ready


def test_a_budget_needs_known_prices(crewgen: Crewgen):
    crew_id = crewgen.crews.save(hierarchical_crew()).crew_id
    limited = RunSettings(model="openai/nobody-knows-me", budget_usd=Decimal(1))
    assert "openai/nobody-knows-me" in crewgen.running.preflight(crew_id, settings=limited).problems[0]
    assert crewgen.running.preflight(crew_id, settings=limited.model_copy(update={"budget_usd": None})).ready


def test_a_crew_that_crewai_refuses_is_not_started(crewgen: Crewgen):
    crew_id = crewgen.crews.save(Crew(name="Nobody")).crew_id
    with pytest.raises(CannotRun, match="no agents"):
        crewgen.running.start(crew_id)
    with pytest.raises(NotFound):
        crewgen.running.preflight(crew_id + 1)


def test_whoever_looks_next_finds_that_the_process_of_a_run_is_dead(crewgen: Crewgen):
    run_id = store(crewgen, name_host(), dead_process())
    run = crewgen.running.get(run_id)
    assert (run.state, "ended without a word" in run.reason) == ("failed", True)
    other = store(crewgen, name_host(), dead_process())
    assert [(run.id, run.state) for run in crewgen.running.list_runs(limit=1)] == [(other, "failed")]


def test_a_process_of_another_machine_is_dead_when_it_has_been_silent(crewgen: Crewgen):
    run_id = store(crewgen, "elsewhere", 1)
    assert crewgen.running.get(run_id).state == "running"
    let_silence_pass(crewgen, run_id)
    assert crewgen.running.progress(run_id).run.state == "failed"


def let_silence_pass(crewgen: Crewgen, run_id: int) -> None:
    from sqlalchemy import update

    from crewgen_core.storage.tables import run_tables

    with crewgen.database.begin() as connection:
        long_ago = run_tables.runs.c.beat_ms - runs.DEAD_AFTER_MS - 1
        connection.execute(update(run_tables.runs).where(run_tables.runs.c.id == run_id).values(beat_ms=long_ago))


def test_a_run_that_waits_for_a_person_needs_no_process_and_can_be_stopped_without_one(crewgen: Crewgen):
    run_id = store(crewgen, name_host(), dead_process())
    with crewgen.database.begin() as connection:
        run_records.ask(connection, run_id, "find_drivers", "A draft.")
    assert crewgen.running.list_runs(states=("waiting",))[0].id == run_id
    assert crewgen.running.progress(run_id).question.draft == "A draft."
    assert crewgen.running.stop(run_id).state == "stopped"
    with pytest.raises(CannotRun, match="ended already"):
        crewgen.running.stop(run_id)
    with pytest.raises(CannotRun, match="no longer waits"):
        crewgen.running.answer(1, "")


def test_only_a_run_that_failed_or_was_stopped_can_go_on(crewgen: Crewgen):
    run_id = store(crewgen, "elsewhere", 1)
    with pytest.raises(CannotRun, match="is running"):
        crewgen.running.go_on(run_id)
    with crewgen.database.begin() as connection:
        runs.end(connection, run_id, "completed")
    with pytest.raises(CannotRun, match="is completed"):
        crewgen.running.go_on(run_id)
