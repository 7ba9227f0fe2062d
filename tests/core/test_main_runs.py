"""The commands ``run`` and ``runs``: what they print, refuse and change. CrewAI is played by a program of the tests."""

import json
from pathlib import Path
from time import monotonic, sleep

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.exports.crew_file import export_crewgen_json
from crewgen_core.models.run import RunSettings
from crewgen_core.settings import load_settings
from tests.support.command_line import Run
from tests.support.crews import sequential_crew
from tests.support.played_crewai import make_interpreter

STEPS = [
    {"tell": {"kind": "task_started"}},
    {"tell": {"kind": "task_completed", "output": "Three drivers.\nAll of them."}},
]
DONE = {"tell": {"kind": "completed", "output": ""}}


@pytest.fixture(autouse=True)
def played(surroundings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWGEN_CREWAI_PYTHON", str(make_interpreter(tmp_path / "crewai")))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef")


@pytest.fixture
def crew_file(tmp_path: Path) -> str:
    path = tmp_path / "crew.json"
    path.write_bytes(export_crewgen_json(sequential_crew()).content)
    return str(path)


def play(*steps: object) -> str:
    return f"play={json.dumps(steps)}"


def wait_for_question(crewgen: Crewgen, run_id: int) -> None:
    ends = monotonic() + 120
    while not crewgen.running.progress(run_id).question:
        assert monotonic() < ends, "nobody was asked"
        sleep(0.05)


def test_a_crew_file_is_stored_and_run_with_a_line_for_each_event_and_its_results(run: Run, crew_file: str):
    ended = run("run", crew_file, "--without-missing-tools", "--budget-usd", "2", "--input", play(*STEPS, DONE))
    assert ended.code == 0
    assert "“Find what drives churn” begins." in ended.err
    assert "Run 1: Churn brief (version 1 of crew 1)" in ended.out
    assert "Three drivers.\nAll of them." in ended.out
    listed = run("runs")
    assert "completed" in listed.out and "Churn brief" in listed.out
    shown = run("runs", "1", "--json").document
    assert (shown["run"]["state"], shown["run"]["settings"]["budget_usd"]) == ("completed", 2.0)


def test_a_run_that_fails_says_how_to_go_on_and_can(run: Run, crew_file: str):
    ended = run("run", crew_file, "--dry", "--json", "--input", play(*STEPS, {"die": 9}))
    assert (ended.code, ended.document["run"]["state"], ended.err) == (1, "failed", "")
    assert "runs 1 --go-on" in run("runs", "1").out
    further = run("runs", "1", "--go-on", "--json")
    assert further.document["run"]["previous_run_id"] == 1
    assert further.document["tasks"][0]["output"].startswith("Three drivers.")
    again = run("runs", "1", "--again", "--json")
    assert "goes on" not in str(again.document["run"]["notes"])


def test_a_waiting_run_says_how_to_answer_is_answered_once_and_stopped(run: Run, crew_file: str):
    question = {"tell": {"kind": "question", "draft": "A draft."}}
    crewgen = Crewgen(load_settings())
    crew_id = crewgen.crews.save(sequential_crew()).crew_id
    settings = RunSettings(dry=True, inputs={"play": json.dumps([question, {"listen": True}, question, {"hang": 1}])})
    run_id = crewgen.running.start(crew_id, settings=settings).id
    wait_for_question(crewgen, run_id)
    shown = run("runs", str(run_id))
    assert "A draft." in shown.out and "--answer" in shown.out
    assert "asked for" in run("runs", str(run_id), "--answer", "Shorter.").err
    wait_for_question(crewgen, run_id)
    assert "Stopped. A person stopped it." in run("runs", str(run_id), "--stop").out
    refused = run("runs", str(run_id), "--answer", "")
    assert (refused.code, "waits for no answer" in refused.err) == (2, True)
    crewgen.database.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "1"), "There is no crew 1."),
        (("runs", "7"), 'There is no run "7".'),
        (("runs", "x"), 'There is no run "x".'),
        (("runs", "--stop"), "Which run is meant"),
    ],
)
def test_what_is_not_there_is_refused(run: Run, arguments: tuple[str, ...], said: str):
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--budget-usd", "much", "--budget-usd needs"), ("--input", "topic", "--input needs NAME=VALUE")],
)
def test_a_wrong_option_is_refused_before_anything_begins(run: Run, crew_file: str, option: str, value: str, said: str):
    ended = run("run", crew_file, "--dry", option, value)
    assert (ended.code, said in ended.err) == (2, True)
    assert run("runs", "--json").document == {"runs": []}
