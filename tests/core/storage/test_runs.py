"""Runs: how they are stored, what is added to them while they go on, and how they end."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from crewgen_core.errors import CannotRun, NotFound
from crewgen_core.models.design import Design
from crewgen_core.models.run import Prediction, RunSettings, TaskRun, Usage
from crewgen_core.storage import crews, run_records, runs
from crewgen_core.storage.database import Database
from crewgen_core.storage.runs import NewRun

PREDICTED = Prediction(success=0.6, cost_usd=Decimal("0.012"), duration_s=90, tokens=12_000)
MODEL = "openai/gpt-5-mini"


@pytest.fixture
def crew_id(database: Database, design: Design) -> int:
    with database.begin() as connection:
        return crews.create(connection, design.crew, design.report, design.estimate).crew_id


def start(database: Database, crew_id: int, done: Sequence[str] = (), **settings: object) -> int:
    tasks = [
        TaskRun(
            position=position,
            key=key,
            name=key.title(),
            agent="writer",
            state="completed" if key in done else "pending",
            output="Kept." if key in done else "",
        )
        for position, key in enumerate(("find", "write", "check"))
    ]
    new = NewRun(crew_id, 1, "Brief", RunSettings.model_validate(settings), MODEL, PREDICTED, tasks, ("A note.",))
    with database.begin() as connection:
        return runs.create(connection, new)


def test_a_run_comes_back_as_it_was_asked_for(database: Database, crew_id: int):
    run_id = start(database, crew_id, done=("find",), budget_usd="0.5", inputs={"topic": "tea"}, dry=True)
    with database.read() as connection:
        run = runs.get(connection, run_id)
        tasks = run_records.list_tasks(connection, run_id)
    assert run.state == "starting"
    assert run.settings == RunSettings(budget_usd=Decimal("0.5"), inputs={"topic": "tea"}, dry=True)
    assert (run.predicted, run.model, run.notes) == (PREDICTED, MODEL, ("A note.",))
    assert (run.task_count, run.tasks_done) == (3, 1)
    assert [(task.key, task.state, task.output) for task in tasks][:2] == [
        ("find", "completed", "Kept."),
        ("write", "pending", ""),
    ]


def test_calls_are_added_up_by_task_and_agent_and_model(database: Database, crew_id: int):
    run_id = start(database, crew_id)
    call = Usage(calls=1, tokens_in=100, tokens_cached=40, tokens_out=10, cost_usd=Decimal("0.001"))
    with database.begin() as connection:
        run_records.add_calls(connection, run_id, "find", "writer", MODEL, call)
        run_records.add_calls(connection, run_id, "find", "writer", MODEL, call)
        run_records.add_calls(connection, run_id, "write", "editor", "openai/gpt-5", call)
    with database.read() as connection:
        find, write, _ = run_records.list_tasks(connection, run_id)
        agents = run_records.list_agents(connection, run_id, {"editor": "Editor", "writer": "Writer", "idle": "Idler"})
        run = runs.get(connection, run_id)
    assert find.usage == Usage(calls=2, tokens_in=200, tokens_cached=80, tokens_out=20, cost_usd=Decimal("0.002"))
    assert write.usage == call
    assert [(agent.role, agent.models, agent.usage.calls) for agent in agents] == [
        ("Editor", ("openai/gpt-5",), 1),
        ("Writer", (MODEL,), 2),
        ("Idler", (), 0),
    ]
    assert (run.usage.calls, run.usage.tokens, run.usage.cost_usd) == (3, 330, Decimal("0.003"))


def test_a_cost_that_is_not_known_makes_the_sum_unknown_for_good(database: Database, crew_id: int):
    run_id = start(database, crew_id)
    with database.begin() as connection:
        for cost in (Decimal("0.001"), None, Decimal("0.001")):
            run_records.add_calls(connection, run_id, "find", "writer", MODEL, Usage(calls=1, cost_usd=cost))
    with database.read() as connection:
        assert runs.get(connection, run_id).usage.cost_usd is None
        assert run_records.list_tasks(connection, run_id)[0].usage.cost_usd is None


def test_a_question_is_answered_once_and_only_while_the_run_waits(database: Database, crew_id: int):
    run_id = start(database, crew_id)
    with database.begin() as connection:
        runs.mark_running(connection, run_id)
        question_id = run_records.ask(connection, run_id, "find", "A draft.")
        assert runs.get(connection, run_id).state == "waiting"
        assert run_records.find_open_question(connection, run_id).draft == "A draft."
        answered = run_records.answer(connection, question_id, "")
        assert (answered.answer, runs.get(connection, run_id).state) == ("", "running")
        assert run_records.find_open_question(connection, run_id) is None
        with pytest.raises(CannotRun):
            run_records.answer(connection, question_id, "Too late")
        assert run_records.get_question(connection, question_id).answer == ""
        second = run_records.ask(connection, run_id, "write", "Another.")
        runs.end(connection, run_id, "stopped", "A person stopped it.")
        with pytest.raises(CannotRun, match="no longer waits"):
            run_records.answer(connection, second, "")
        with pytest.raises(NotFound):
            run_records.answer(connection, second + 1, "")


@pytest.mark.parametrize(("state", "of_task"), [("failed", "failed"), ("stopped", "pending")])
def test_a_run_ends_once_and_keeps_what_is_done(database: Database, crew_id: int, state: str, of_task: str):
    run_id = start(database, crew_id)
    with database.begin() as connection:
        runs.mark_running(connection, run_id)
        run_records.set_task(connection, run_id, "find", "running")
        run_records.set_task(connection, run_id, "find", "completed", "Found.")
        run_records.set_task(connection, run_id, "write", "running")
        assert runs.end(connection, run_id, state, "Because.")
        assert not runs.end(connection, run_id, "completed")
        run, tasks = runs.get(connection, run_id), run_records.list_tasks(connection, run_id)
    assert (run.state, run.reason, run.tasks_done, run.open) == (state, "Because.", 1, False)
    assert run.duration_s is not None
    assert [(task.state, task.output) for task in tasks] == [("completed", "Found."), (of_task, ""), ("pending", "")]
    assert tasks[0].seconds is not None


def test_events_are_numbered_and_read_from_where_somebody_is(database: Database, crew_id: int):
    run_id, other = start(database, crew_id), start(database, crew_id)
    with database.begin() as connection:
        for text in ("One", "Two", "x" * 5_000):
            run_records.add_event(connection, run_id, "task", text, "find", "writer")
        run_records.add_event(connection, other, "run", "Other")
    with database.read() as connection:
        events = run_records.list_events(connection, run_id, after=1)
    assert [event.number for event in events] == [2, 3]
    assert events[0].text == "Two"
    assert len(events[1].text) == run_records.LONGEST_EVENT


def test_runs_are_listed_newest_first_by_crew_and_state(database: Database, crew_id: int):
    ids = [start(database, crew_id) for _ in range(4)]
    with database.begin() as connection:
        runs.end(connection, ids[1], "completed")
    with database.read() as connection:
        assert [run.id for run in runs.list_runs(connection, limit=2)] == [ids[3], ids[2]]
        assert [run.id for run in runs.list_runs(connection, before=ids[2])] == [ids[1], ids[0]]
        assert [run.id for run in runs.list_runs(connection, crew_id, ("completed", "failed"))] == [ids[1]]
        assert runs.count_runs(connection, crew_id) == 4
        assert runs.count_runs(connection, states=("starting",)) == 3
        assert runs.count_runs(connection, crew_id + 1) == 0


def test_a_wish_to_stop_reaches_the_process_with_its_next_beat(database: Database, crew_id: int):
    run_id = start(database, crew_id)
    with database.begin() as connection:
        assert runs.beat(connection, run_id) == runs.Wishes(stop=False, alive=True)
        runs.want_stop(connection, run_id)
        assert runs.beat(connection, run_id) == runs.Wishes(stop=True, alive=True)
        runs.end(connection, run_id, "stopped")
        assert not runs.beat(connection, run_id).alive
        with pytest.raises(CannotRun, match="ended already"):
            runs.want_stop(connection, run_id)
    with database.read() as connection, pytest.raises(NotFound):
        runs.get(connection, run_id + 1)
