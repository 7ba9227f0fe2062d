"""One run is supervised: what CrewAI tells is kept, what people want is done, and every end has its reason.

CrewAI's place is taken by a program that plays events over the same line; tests/acceptance runs the real one.
"""

import json
import os
import signal
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.execution.environment import quiet_environment
from crewgen_core.execution.session import Session
from crewgen_core.front.supervising import Supervision
from crewgen_core.models.run import Prediction, RunProgress, RunSettings, TaskRun
from crewgen_core.settings import Settings
from crewgen_core.storage import model_calls, run_records, runs
from crewgen_core.storage.model_calls import Ask, Passed
from crewgen_core.storage.runs import NewRun
from tests.support.crews import sequential_crew
from tests.support.played_crewai import make_interpreter

KEY = "sk-test-0123456789abcdef"
MODEL = "openai/gpt-5-mini"
PREDICTED = Prediction(success=0.5, cost_usd=None, duration_s=60, tokens=1_000)
DONE = {"tell": {"kind": "completed", "output": ""}}


@pytest.fixture
def crewgen(tmp_path: Path) -> Crewgen:
    python = make_interpreter(tmp_path / "crewai")
    return Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", crewai_python=str(python)))


def make_run(crewgen: Crewgen, *steps: dict[str, Any], **settings: Any) -> int:
    crew = sequential_crew()
    crew_id = crewgen.crews.save(crew).crew_id
    chosen = RunSettings(model=MODEL, inputs={"play": json.dumps(steps)}, **settings)
    order = ("find_drivers", "write_brief", "check_brief")
    tasks = [TaskRun(position=at, key=key, name=key, agent=None) for at, key in enumerate(order)]
    with crewgen.database.begin() as connection:
        return runs.create(connection, NewRun(crew_id, 1, crew.name, chosen, MODEL, PREDICTED, tasks))


def supervise(crewgen: Crewgen, run_id: int, tmp_path: Path) -> Thread:
    """Supervise in a thread of this process, which stands for the run's own."""
    folder = tmp_path / f"run-{monotonic()}"
    folder.mkdir()
    environment = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": "other-provider", "PATH": os.environ["PATH"]}
    session = Session(Path(crewgen.settings.crewai_python), folder, quiet_environment(environment, str(folder)))
    price_of = crewgen.models.read().price_of
    supervision = Supervision(crewgen.database, run_id, crewgen.catalog, price_of, crewgen.settings, environment)

    def carry_out() -> None:
        try:
            supervision.carry_out(session, folder)
        finally:
            session.end()

    thread = Thread(target=carry_out)
    thread.start()
    return thread


def look(crewgen: Crewgen, run_id: int) -> RunProgress:
    """Return what is stored; the front door would miss the run's own process, which a thread stands for here."""
    with crewgen.database.read() as connection:
        return RunProgress(
            run=runs.get(connection, run_id),
            tasks=run_records.list_tasks(connection, run_id),
            agents=(),
            events=run_records.list_events(connection, run_id),
            question=run_records.find_open_question(connection, run_id),
        )


def wait_for(crewgen: Crewgen, run_id: int, happened: Callable[[RunProgress], object]) -> RunProgress:
    ends = monotonic() + 60
    while not happened(progress := look(crewgen, run_id)):
        assert monotonic() < ends, f"it never happened: {progress}"
        sleep(0.02)
    return progress


def play(crewgen: Crewgen, tmp_path: Path, *steps: dict[str, Any], **settings: Any) -> RunProgress:
    run_id = make_run(crewgen, *steps, **settings)
    supervise(crewgen, run_id, tmp_path).join()
    return crewgen.running.progress(run_id)


def test_what_crewai_tells_is_kept_in_words(crewgen: Crewgen, tmp_path: Path):
    call = {"kind": "call", "model": MODEL, "known": True, "tokens_in": 1_000_000, "tokens_cached": 0}
    progress = play(
        crewgen,
        tmp_path,
        {"tell": {"kind": "task_started"}},
        {"tell": {**call, "tokens_out": 1_000}},
        {"tell": {"kind": "tool_started", "tool": "Search", "input": "churn"}},
        {"tell": {"kind": "task_completed", "output": "Three\0 drivers \ud800."}},
        DONE,
    )
    assert (progress.run.state, progress.run.tasks_done) == ("completed", 1)
    task = progress.tasks[0]
    assert (task.key, task.output) == ("find_drivers", "Three drivers ?.")
    assert (task.usage.calls, task.usage.tokens_in, task.usage.cost_usd) == (1, 1_000_000, Decimal("0.252"))
    texts = [event.text for event in progress.events]
    assert "Retention Analyst uses Search: churn" in texts
    assert f"{MODEL} answered Retention Analyst: 1,000,000 tokens in, 1,000 out." in texts


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([{"die": 9}], "killed (SIGKILL)"),
        ([{"say": "no module named crewai"}], "no module named crewai"),
        ([{"tell": {"kind": "failed", "error": "Connection error.", "type": "X"}}], "could not be reached"),
        ([{"tell": {"kind": "failed", "error": f"401 {KEY} is wrong", "type": "X"}}], "refused the key"),
    ],
    ids=["killed", "last words", "no server", "bad key"],
)
def test_a_failure_has_its_reason_and_no_key_in_it(
    crewgen: Crewgen, tmp_path: Path, steps: list[dict[str, Any]], reason: str
):
    started, done = {"tell": {"kind": "task_started"}}, {"tell": {"kind": "task_completed", "output": "Kept."}}
    progress = play(crewgen, tmp_path, started, done, *steps)
    assert (progress.run.state, progress.tasks[0].output) == ("failed", "Kept.")
    assert reason in progress.run.reason
    assert KEY not in progress.run.reason and all(KEY not in event.text for event in progress.events)


def test_a_limit_that_crewai_keeps_ends_the_run_as_stopped(crewgen: Crewgen, tmp_path: Path):
    limit = {"kind": "limit", "limit": "budget", "spent_usd": 0.09, "coming_usd": 0.02}
    run = play(crewgen, tmp_path, {"tell": limit}, budget_usd=Decimal("0.1")).run
    assert (run.state, "0.0900 USD were spent" in run.reason) == ("stopped", True)


def test_a_deadline_is_kept_also_in_the_middle_of_a_call(crewgen: Crewgen, tmp_path: Path):
    run = play(crewgen, tmp_path, {"hang": True}, deadline_minutes=0.01).run
    assert (run.state, "time was up" in run.reason) == ("stopped", True)


def test_the_process_is_given_the_keys_that_it_needs_over_its_line_and_no_others(crewgen: Crewgen, tmp_path: Path):
    told = json.loads(play(crewgen, tmp_path, {"job": True}, DONE, budget_usd=Decimal(2)).tasks[0].output)
    assert told["environment"] == {"OPENAI_API_KEY": "[hidden]"}
    assert told["budget_usd"] == 2 and told["prices"][MODEL][0] > 0
    assert told["models"] == dict.fromkeys(("analyst", "writer", "reviewer"), MODEL)
    seen = json.loads(play(crewgen, tmp_path, {"environment": True}, DONE).tasks[0].output)
    assert not [name for name in seen if name.endswith(("_KEY", "_TOKEN"))]
    assert (seen["OTEL_SDK_DISABLED"], seen["CREWAI_DISABLE_TELEMETRY"]) == ("true", "true")


def test_an_answer_reaches_crewai_and_the_waiting_is_not_counted(crewgen: Crewgen, tmp_path: Path):
    question = {"tell": {"kind": "question", "draft": "A draft."}}
    run_id = make_run(crewgen, {"tell": {"kind": "task_started"}}, question, {"listen": True}, DONE)
    thread = supervise(crewgen, run_id, tmp_path)
    waiting = wait_for(crewgen, run_id, lambda progress: progress.question)
    assert (waiting.run.state, waiting.tasks[0].state, waiting.question.draft) == ("waiting", "waiting", "A draft.")
    sleep(0.5)
    with crewgen.database.begin() as connection:
        run_records.answer(connection, waiting.question.id, "Shorter.")
    thread.join()
    ended = crewgen.running.progress(run_id)
    assert (ended.run.state, ended.tasks[0].output) == ("completed", "Shorter.")
    assert ended.run.waited_s >= 0.5
    assert ended.run.duration_s is not None and ended.tasks[0].seconds is not None
    assert any("asked for a change of “Find what drives churn”: Shorter." in event.text for event in ended.events)


def test_a_person_stops_a_run_whatever_it_does(crewgen: Crewgen, tmp_path: Path):
    run_id = make_run(crewgen, {"tell": {"kind": "task_started"}}, {"hang": True})
    thread = supervise(crewgen, run_id, tmp_path)
    wait_for(crewgen, run_id, lambda progress: progress.tasks[0].state == "running")
    with crewgen.database.begin() as connection:
        runs.want_stop(connection, run_id)
    thread.join()
    ended = crewgen.running.progress(run_id)
    assert (ended.run.state, ended.run.reason) == ("stopped", "A person stopped it.")
    assert ended.tasks[0].state == "pending"


def test_who_was_taken_for_dead_gives_up_and_changes_nothing(crewgen: Crewgen, tmp_path: Path):
    run_id = make_run(crewgen, {"tell": {"kind": "task_started"}}, {"hang": True})
    thread = supervise(crewgen, run_id, tmp_path)
    wait_for(crewgen, run_id, lambda progress: progress.tasks[0].state == "running")
    with crewgen.database.begin() as connection:
        runs.end(connection, run_id, "failed", "Taken for dead.")
    thread.join()
    assert crewgen.running.get(run_id).reason == "Taken for dead."


def test_an_accepted_draft_is_kept_and_a_wanted_change_is_told_to_the_next_process(crewgen: Crewgen, tmp_path: Path):
    question = {"tell": {"kind": "question", "draft": "A draft."}}
    run_id = make_run(crewgen, {"job": True}, {"tell": {"kind": "task_started"}}, question, {"die": signal.SIGKILL})
    with crewgen.database.begin() as connection:
        runs.mark_running(connection, run_id)
        run_records.ask(connection, run_id, "write_brief", "Brief.")
        run_records.answer(connection, 1, "Shorter.")
        run_records.ask(connection, run_id, "check_brief", "Verdict.")
        run_records.answer(connection, 2, "")
    supervise(crewgen, run_id, tmp_path).join()
    tasks = {task.key: task for task in crewgen.running.progress(run_id).tasks}
    job = json.loads(tasks["find_drivers"].output)
    assert job["redo"] == {"write_brief": {"draft": "Brief.", "wish": "Shorter."}}
    assert job["kept"] == {"check_brief": "Verdict."}


MAY_CALL = {"tell": {"kind": "may_call", "call": 1, "model": MODEL, "tokens_in": 1_000, "tokens_out": 16_000}}
"""A call that may cost $0.03225."""
CALLED = {
    "tell": {"kind": "call", "call": 1, "model": MODEL, "known": True, "tokens_cached": 0}
    | {"tokens_in": 1_000, "tokens_out": 1_000}
}
"""The same call, which cost $0.00225."""


def limit(crewgen: Crewgen, usd: str) -> Crewgen:
    return Crewgen(crewgen.settings.model_copy(update={"spend_per_day_usd": Decimal(usd)}))


def read_spent(crewgen: Crewgen) -> Decimal:
    return next(one.used for one in crewgen.limits.describe() if one.kind == "spend")


def test_a_call_begins_when_the_limits_of_the_day_leave_room_and_counts_what_it_cost(
    crewgen: Crewgen, tmp_path: Path
) -> None:
    limited = limit(crewgen, "0.04")
    run_id = make_run(limited, MAY_CALL, {"hear": True}, CALLED, DONE)
    supervise(limited, run_id, tmp_path).join(60)
    progress = look(limited, run_id)
    assert progress.run.state == "completed"
    assert json.loads(progress.tasks[0].output) == {"allowed": 1}
    assert progress.run.usage.cost_usd == read_spent(limited) == Decimal("0.00225")


def test_a_run_whose_day_is_used_up_stops_and_says_when_it_can_go_on(crewgen: Crewgen, tmp_path: Path) -> None:
    limited = limit(crewgen, "0.03")
    run_id = make_run(limited, MAY_CALL, {"hear": True}, DONE)
    supervise(limited, run_id, tmp_path).join(60)
    run = look(limited, run_id).run
    assert run.state == "stopped"
    assert run.reason.startswith("Its owner has used $0 of $0.030 today (UTC) for models")
    assert "It can go on from " in run.reason
    assert run.reason.endswith("What was done until then is kept.")
    assert read_spent(limited) == 0


def test_a_call_waits_for_others_that_may_cost_less(crewgen: Crewgen, tmp_path: Path) -> None:
    limited = limit(crewgen, "0.04")
    other = Ask("openai", MODEL, 10, 0, 30.0, Decimal("0.03"))
    with limited.database.begin() as connection:
        begun = model_calls.begin(connection, other)
    assert isinstance(begun, Passed)
    run_id = make_run(limited, MAY_CALL, {"hear": True}, CALLED, DONE)
    thread = supervise(limited, run_id, tmp_path)
    while look(limited, run_id).run.state == "starting":
        sleep(0.05)
    with limited.database.begin() as connection:
        model_calls.end(connection, begun.call_id, Decimal("0.001"))
    thread.join(60)
    assert look(limited, run_id).run.state == "completed"
    assert read_spent(limited) == Decimal("0.00325")


def test_a_run_that_dies_leaves_what_its_open_calls_may_have_cost(crewgen: Crewgen, tmp_path: Path) -> None:
    limited = limit(crewgen, "0.04")
    run_id = make_run(limited, MAY_CALL, {"hear": True}, {"die": int(signal.SIGKILL)})
    supervise(limited, run_id, tmp_path).join(60)
    assert look(limited, run_id).run.state == "failed"
    assert read_spent(limited) == Decimal("0.03225")
    again = make_run(limited, MAY_CALL, {"hear": True}, DONE)
    supervise(limited, again, tmp_path).join(60)
    assert look(limited, again).run.state == "stopped"  # nothing is stuck: no open call is waited for


def test_where_no_money_is_limited_what_a_run_spends_is_counted_all_the_same(crewgen: Crewgen, tmp_path: Path) -> None:
    made = {"tell": CALLED["tell"] | {"call": None}}
    run_id = make_run(crewgen, {"job": True}, made, DONE)
    supervise(crewgen, run_id, tmp_path).join(60)
    assert json.loads(look(crewgen, run_id).tasks[0].output)["asks"] is False
    assert read_spent(crewgen) == Decimal("0.00225")
