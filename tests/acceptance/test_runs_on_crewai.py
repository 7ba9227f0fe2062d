"""Crews run on real CrewAI, in processes of their own, against the scripted model: to the end, and through every harm.

Skipped where CrewAI's environment is missing; CREWGEN_REQUIRE_CREWAI=1 (set in CI) makes that a failure. Loading CrewAI
takes seconds, so what can be seen in one run is looked at in one, and runs that do not disturb each other go at once.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CannotRun
from crewgen_core.front.run_spending import LONGEST_ANSWER
from crewgen_core.models.crew import Crew
from crewgen_core.models.run import RunProgress, RunSettings
from crewgen_core.settings import ROOT, Settings
from crewgen_core.storage import runs
from tests.support.crew_player import name_task, play_crew, read_prompt
from tests.support.crews import hierarchical_crew, sequential_crew
from tests.support.model_server import ModelServer, Reply, refuse

PYTHON = Path(os.environ.get("CREWGEN_CREWAI_PYTHON", ROOT / ".venv-crewai/bin/python"))
KEY = "sk-test-0123456789abcdef"
MODEL = RunSettings(model="openai/gpt-5-mini")
LONG_S = 240
"""No run here takes as long, on however busy a machine."""

pytestmark = [pytest.mark.crewai, pytest.mark.xdist_group("crewai")]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    if not PYTHON.exists():
        if os.environ.get("CREWGEN_REQUIRE_CREWAI"):
            pytest.fail(f"CrewAI's environment is missing: {PYTHON} does not exist.")
        pytest.skip("CrewAI's own environment (.venv-crewai) is not installed.")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(play_crew()) as opened:
        yield opened


@pytest.fixture
def open_crewgen(tmp_path: Path) -> Iterator[Callable[[str], Crewgen]]:
    """Opens the front door with the address of a model server; whatever still runs at the end is stopped."""
    opened: list[Crewgen] = []

    def open_it(url: str) -> Crewgen:
        address = f"sqlite:///{tmp_path / 'crewgen.db'}"
        opened.append(Crewgen.open(Settings(database_url=address, model_base_url=url, crewai_python=str(PYTHON))))
        return opened[-1]

    yield open_it
    for run in opened[0].running.list_runs(states=("starting", "running", "waiting")) if opened else ():
        opened[0].running.stop(run.id)
        wait_for(opened[0], run.id, lambda progress: not progress.run.open)


def without_tools(crew: Crew) -> Crew:
    return crew.model_copy(
        update={
            "agents": tuple(agent.model_copy(update={"tools": ()}) for agent in crew.agents),
            "tasks": tuple(task.model_copy(update={"tools": ()}) for task in crew.tasks),
        }
    )


def start(crewgen: Crewgen, crew: Crew, **settings: object) -> int:
    stored = crewgen.crews.save(without_tools(crew))
    return crewgen.running.start(stored.crew_id, settings=MODEL.model_copy(update=settings)).id


def wait_for(crewgen: Crewgen, run_id: int, happened: Callable[[RunProgress], object]) -> RunProgress:
    ends = monotonic() + LONG_S
    while not happened(progress := crewgen.running.progress(run_id)):
        assert monotonic() < ends, f"it never happened: {progress}"
        sleep(0.1)
    return progress


def wait_for_end(crewgen: Crewgen, run_id: int) -> RunProgress:
    return wait_for(crewgen, run_id, lambda progress: not progress.run.open)


def supervisor_of(crewgen: Crewgen, run_id: int) -> int:
    with crewgen.database.read() as connection:
        process_id = runs.find_process(connection, run_id).process_id
    assert process_id
    return process_id


def crewai_of(supervisor: int) -> int:
    """Return the process of CrewAI: the supervisor's only child."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[1]) == supervisor:
            return int(folder.name)
    raise AssertionError("CrewAI's process is not there.")


def is_gone(process_id: int) -> bool:
    try:
        return (Path(f"/proc/{process_id}") / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def wait_until_gone(process_id: int) -> None:
    ends = monotonic() + 10
    while not is_gone(process_id):
        assert monotonic() < ends, "the process is still there"
        sleep(0.02)


def kept_nowhere(folder: Path, secret: str) -> bool:
    return all(secret.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def hang_at(marks: str) -> Callable[[dict[str, Any]], Reply]:
    """Play the crew, but never answer a prompt with these words."""
    play = play_crew()
    return lambda body: Reply(delay_s=3_600) if marks in read_prompt(body) else play(body)


def test_a_hierarchical_crew_runs_to_its_end_and_everything_is_known_of_it(
    server: ModelServer, open_crewgen: Callable[[str], Crewgen], tmp_path: Path
):
    server.script = play_crew(lambda prompt: "Channel Manager" if "Book" in prompt else "Planner")
    crewgen = open_crewgen(server.url)
    run_id = start(crewgen, hierarchical_crew(), budget_usd=Decimal(1))
    progress = wait_for_end(crewgen, run_id)

    run = progress.run
    assert (run.state, run.reason, run.tasks_done) == ("completed", "", 2)
    assert [(task.state, task.output) for task in progress.tasks] == [
        ("completed", "Checked: Result of: Plan."),
        ("completed", "Checked: Result of: Book."),
    ]
    asked = len(server.requests)
    assert run.usage.calls == asked == sum(agent.usage.calls for agent in progress.agents) == 6
    assert {agent.key: agent.usage.calls for agent in progress.agents} == {"lead": 4, "planner": 1, "manager": 1}
    assert {agent.models for agent in progress.agents} == {("openai/gpt-5-mini",)}
    for part in ("tokens_in", "tokens_out", "cost_usd"):
        total = getattr(run.usage, part)
        assert total > 0
        assert total == sum(getattr(task.usage, part) for task in progress.tasks)
        assert total == sum(getattr(agent.usage, part) for agent in progress.agents)
    assert run.duration_s and all(task.seconds is not None for task in progress.tasks)
    texts = [event.text for event in progress.events]
    assert "Launch Lead delegates to Planner: Plan." in texts
    assert texts.index("“Plan the launch” is done.") < texts.index("“Book the channels” begins.")
    assert [event.number for event in progress.events] == list(range(1, len(texts) + 1))
    assert set(server.keys) == {f"Bearer {KEY}"}
    assert kept_nowhere(tmp_path, KEY)
    with pytest.raises(CannotRun):
        crewgen.running.stop(run_id)


def test_a_person_is_waited_for_through_every_death_and_nothing_is_done_twice(
    server: ModelServer, open_crewgen: Callable[[str], Crewgen]
):
    crewgen = open_crewgen(server.url)
    run_id = start(crewgen, sequential_crew())
    first = wait_for(crewgen, run_id, lambda progress: progress.question)
    assert (first.run.state, first.question.task, first.question.draft) == (
        "waiting",
        "check_brief",
        "Result of: Recount.",
    )
    assert [task.state for task in first.tasks] == ["completed", "completed", "waiting"]

    kill_everything(crewgen, run_id)
    assert crewgen.running.get(run_id).state == "waiting"
    asked = len(server.requests)
    crewgen.running.answer(first.question.id, "Make it shorter.")
    second = wait_for(crewgen, run_id, lambda progress: progress.question)
    (prompt,) = map(read_prompt, server.requests[asked:])
    assert name_task(prompt) == "Recount."
    assert "Result of: Recount." in prompt and "Make it shorter." in prompt
    with pytest.raises(CannotRun, match="answered already"):
        crewgen.running.answer(first.question.id, "Longer!")

    kill_everything(crewgen, run_id)
    asked = len(server.requests)
    crewgen.running.answer(second.question.id, "")
    last = wait_for_end(crewgen, run_id)
    assert (last.run.state, len(server.requests)) == ("completed", asked)
    assert [task.output for task in last.tasks][-1] == second.question.draft
    assert last.run.waited_s > 0
    assert any("asked for a change" in event.text for event in last.events)


def kill_everything(crewgen: Crewgen, run_id: int) -> None:
    """End supervisor and CrewAI as a power cut would."""
    supervisor = supervisor_of(crewgen, run_id)
    crewai = crewai_of(supervisor)
    os.kill(supervisor, signal.SIGKILL)
    wait_until_gone(supervisor)
    wait_until_gone(crewai)


def test_a_run_stops_at_once_in_the_middle_of_a_call_and_can_go_on_from_there(
    server: ModelServer, open_crewgen: Callable[[str], Crewgen]
):
    server.script = hang_at("Two pages")
    crewgen = open_crewgen(server.url)
    run_id = start(crewgen, sequential_crew())
    wait_for(crewgen, run_id, lambda progress: progress.run.tasks_done == 1 and len(server.requests) == 2)
    supervisor = supervisor_of(crewgen, run_id)
    crewai = crewai_of(supervisor)
    crewgen.running.stop(run_id)
    stopped = wait_for_end(crewgen, run_id)
    assert is_gone(crewai)
    assert (stopped.run.state, stopped.run.reason) == ("stopped", "A person stopped it.")
    assert [(task.state, task.output) for task in stopped.tasks] == [
        ("completed", "Result of: Compare cohorts."),
        ("pending", ""),
        ("pending", ""),
    ]

    server.script = play_crew()
    asked = len(server.requests)
    further = crewgen.running.go_on(run_id)
    waiting = wait_for(crewgen, further.id, lambda progress: progress.question)
    assert waiting.run.previous_run_id == run_id
    assert [name_task(read_prompt(body)) for body in server.requests[asked:]] == ["Two pages on {topic}.", "Recount."]
    assert "Result of: Compare cohorts." in read_prompt(server.requests[asked])
    crewgen.running.answer(waiting.question.id, "")
    assert wait_for_end(crewgen, further.id).run.state == "completed"


def test_a_run_whose_model_or_process_dies_ends_as_failed_with_the_reason_and_keeps_what_it_has(
    open_crewgen: Callable[[str], Crewgen], tmp_path: Path
):
    with (
        ModelServer(hang_at("Two pages")) as dying,
        ModelServer([refuse(401, f"Incorrect API key provided: {KEY}")]) as refusing,
        ModelServer(hang_at("Two pages")) as hanging,
    ):
        crewgen = open_crewgen(dying.url)
        cut_off = start(crewgen, sequential_crew())
        refused = start(open_crewgen(refusing.url), sequential_crew())
        wait_for(crewgen, cut_off, lambda progress: progress.run.tasks_done == 1 and len(dying.requests) == 2)
        dying.__exit__()
        with_hanging = open_crewgen(hanging.url)
        lost, killed = start(with_hanging, sequential_crew()), start(with_hanging, sequential_crew())
        for run_id in (lost, killed):
            wait_for(crewgen, run_id, lambda progress: progress.run.tasks_done == 1)
        supervisor = supervisor_of(crewgen, lost)
        crewai = crewai_of(supervisor)
        os.kill(supervisor, signal.SIGKILL)
        os.kill(crewai_of(supervisor_of(crewgen, killed)), signal.SIGKILL)
        wait_until_gone(supervisor)
        assert crewgen.running.get(lost).state == "failed"  # at once: its process was on this machine
        wait_until_gone(crewai)
        ended = {run_id: wait_for_end(crewgen, run_id) for run_id in (cut_off, refused, lost, killed)}
    assert {progress.run.state for progress in ended.values()} == {"failed"}
    reasons = {run_id: progress.run.reason for run_id, progress in ended.items()}
    assert "“Write the brief”" in reasons[cut_off] and "could not be reached" in reasons[cut_off]
    assert "refused the key" in reasons[refused]
    assert "ended without a word" in reasons[lost]
    assert "killed (SIGKILL)" in reasons[killed]
    for run_id in (cut_off, lost, killed):
        assert [(task.state, task.output) for task in ended[run_id].tasks][:2] == [
            ("completed", "Result of: Compare cohorts."),
            ("failed", ""),
        ]
    assert kept_nowhere(tmp_path, KEY)


def test_no_call_begins_that_would_pass_the_budget_or_the_deadline(open_crewgen: Callable[[str], Crewgen]):
    costly = play_crew()
    with (
        ModelServer(lambda body: Reply(**{**vars(costly(body)), "tokens_out": 100_000})) as dear,
        ModelServer(play_crew()) as late,
    ):
        crewgen = open_crewgen(dear.url)
        over_budget = start(crewgen, sequential_crew(), budget_usd=Decimal("0.1"))
        too_late = start(open_crewgen(late.url), sequential_crew(), deadline_minutes=0.0001)
        spent, timed = wait_for_end(crewgen, over_budget), wait_for_end(crewgen, too_late)
        assert (len(dear.requests), len(late.requests)) == (1, 0)
    assert spent.run.state == timed.run.state == "stopped"
    assert "budget" in spent.run.reason
    assert spent.tasks[0].output == "Result of: Compare cohorts."
    assert "time was up" in timed.run.reason


def test_a_dry_run_needs_no_keys_and_outlives_who_asked_for_it(
    server: ModelServer, open_crewgen: Callable[[str], Crewgen], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OPENAI_API_KEY")
    crewgen = open_crewgen(server.url)
    crew_id = crewgen.crews.save(hierarchical_crew()).crew_id  # one agent has a tool that needs a key
    asks = (
        "import os, signal\n"
        "from crewgen_core.app import Crewgen\n"
        "from crewgen_core.models.run import RunSettings\n"
        f"print(Crewgen.open().running.start({crew_id}, settings=RunSettings(dry=True)).id, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    fields = {f"CREWGEN_{name.upper()}": str(value) for name, value in crewgen.settings if value is not None}
    command = [sys.executable, "-c", asks]
    asked = subprocess.run(command, env={**os.environ, **fields}, cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == -signal.SIGKILL, asked.stderr
    progress = wait_for_end(crewgen, int(asked.stdout))
    run = progress.run
    assert (run.state, run.tasks_done, run.usage.cost_usd, server.requests) == ("completed", 2, 0, [])
    assert any("SERPER_API_KEY" in note for note in run.notes)
    assert all(task.output.startswith("Dry run: ") for task in progress.tasks)
    assert {agent.key for agent in progress.agents if agent.usage.calls} == {"lead", "planner", "manager"}


def test_each_call_of_a_run_asks_and_a_run_without_money_for_today_goes_on_the_next_day(
    server: ModelServer, open_crewgen: Callable[[str], Crewgen]
):
    server.script = play_crew(lambda prompt: "Channel Manager" if "Book" in prompt else "Planner")
    crewgen = open_crewgen(server.url)
    limited = Crewgen(crewgen.settings.model_copy(update={"spend_per_day_usd": Decimal(1)}))
    poor = Crewgen(crewgen.settings.model_copy(update={"provider_budget_per_day_usd": Decimal("0.02")}))
    run_id, stopped = start(limited, hierarchical_crew()), start(poor, sequential_crew())
    run = wait_for_end(limited, run_id).run
    assert (run.state, run.reason) == ("completed", "")
    told = {one.kind: one.used for one in limited.limits.describe()}
    assert told["spend"] == told["provider"] == run.usage.cost_usd  # nothing stays put aside
    assert all(body["max_completion_tokens"] == LONGEST_ANSWER for body in server.requests)
    ended = wait_for_end(poor, stopped).run
    assert ended.state == "stopped"
    assert "Calls of openai for everybody have used $" in ended.reason
    assert "It can go on from " in ended.reason
    later = crewgen.running.go_on(stopped).id  # its last task waits for a person
    assert wait_for(crewgen, later, lambda progress: progress.question).run.state == "waiting"
