"""Runs as their processes would write them, put into the database step by step, without CrewAI."""

from collections.abc import Sequence
from decimal import Decimal

from crewgen_core.app import Crewgen
from crewgen_core.execution.processes import name_host
from crewgen_core.exports.parts import take_apart
from crewgen_core.models.run import Prediction, RunSettings, RunState, TaskRun, Usage
from crewgen_core.storage import run_records, runs
from crewgen_core.storage.runs import NewRun

MODEL = "openai/gpt-5-mini"

PREDICTED = Prediction(success=0.6, cost_usd=Decimal("0.05"), duration_s=90, tokens=12_000)

CALL = Usage(calls=2, tokens_in=1_500, tokens_cached=200, tokens_out=500, cost_usd=Decimal("0.002"))


def put_run(crewgen: Crewgen, crew_id: int, *, previous: int | None = None, **settings: object) -> int:
    """Store a run that is starting; its process counts as alive as long as it wrote last within seconds."""
    stored = crewgen.crews.get(crew_id)
    in_order = take_apart(stored.crew, crewgen.catalog).tasks
    tasks = [TaskRun(position=at, key=task.key, name=task.name, agent=task.agent) for at, task in enumerate(in_order)]
    asked = RunSettings.model_validate(settings)
    notes = ("It was a dry run.",) if asked.dry else ()
    new = NewRun(crew_id, stored.number, stored.crew.name, asked, MODEL, PREDICTED, tasks, notes, previous)
    with crewgen.database.begin() as connection:
        run_id = runs.create(connection, new)
        runs.name_process(connection, run_id, f"not {name_host()}", 1)
    return run_id


def begin(crewgen: Crewgen, run_id: int, task: str) -> None:
    """Let a run begin a task."""
    with crewgen.database.begin() as connection:
        runs.mark_running(connection, run_id)
        run_records.set_task(connection, run_id, task, "running")
        run_records.add_event(connection, run_id, "task", f"Task {task} begins.", task)


def finish(crewgen: Crewgen, run_id: int, task: str, output: str = "A result.", agent: str = "analyst") -> None:
    """Let a run finish a task with two model calls."""
    with crewgen.database.begin() as connection:
        run_records.add_calls(connection, run_id, task, agent, MODEL, CALL)
        run_records.set_task(connection, run_id, task, "completed", output)
        run_records.add_event(connection, run_id, "task", f"Task {task} is completed.", task, agent)


def ask(crewgen: Crewgen, run_id: int, task: str, draft: str = "A draft.") -> int:
    """Let a run ask a person about the result of a task; return the question's id."""
    with crewgen.database.begin() as connection:
        question_id = run_records.ask(connection, run_id, task, draft)
        run_records.add_event(connection, run_id, "question", "It waits for a person.", task)
    return question_id


def end(crewgen: Crewgen, run_id: int, state: RunState, reason: str = "") -> None:
    """Let a run end."""
    with crewgen.database.begin() as connection:
        runs.end(connection, run_id, state, reason)


def put_finished_run(crewgen: Crewgen, crew_id: int, outputs: Sequence[str] = (), **settings: object) -> int:
    """Store a run that has completed all its tasks."""
    run_id = put_run(crewgen, crew_id, **settings)
    for at, task in enumerate(crewgen.running.progress(run_id).tasks):
        begin(crewgen, run_id, task.key)
        finish(crewgen, run_id, task.key, outputs[at] if at < len(outputs) else "A result.", task.agent or "")
    end(crewgen, run_id, "completed")
    return run_id
