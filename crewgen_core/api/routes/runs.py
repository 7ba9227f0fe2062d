"""Runs: crews executed on CrewAI."""

from typing import Annotated

from fastapi import Body, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.document import problems
from crewgen_core.api.edits import Number
from crewgen_core.api.paging import Cursor, Limit, Page, give_page, read_cursor
from crewgen_core.api.reply import locate, reply
from crewgen_core.api.routing import LARGEST_NUMBER, FrontDoor, Id, make_router
from crewgen_core.errors import CannotRun
from crewgen_core.models.outcome import OutcomeEntry, StoredOutcome
from crewgen_core.models.run import Question, Run, RunProgress, RunSettings, RunState
from crewgen_core.models.value import Value

router = make_router("Runs", "/generation/runs")


class RunPage(Page[Run]):
    """Runs, the newest first."""


class RunRequest(Value):
    """A crew to be run."""

    crew_id: Number
    number: Number | None = None
    """The version; null for the newest."""
    settings: RunSettings = RunSettings()


class RunAnswer(Value):
    """What a person says to the draft that a run asks about."""

    question_id: Number
    """The `id` of the run's `question`."""
    text: str = Field(default="", max_length=20_000)
    """What is to be otherwise; empty accepts the draft."""


@router.get("", response_model=RunPage, summary="List runs", operation_id="list_runs")
def list_runs(
    request: Request,
    front_door: FrontDoor,
    crew_id: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER, description="Only of this crew.")] = None,
    state: Annotated[RunState | None, Query(description="Only in this state.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Return runs, the newest first."""
    states = None if state is None else (state,)
    rows = front_door.running.list_runs(crew_id, states, limit + 1, read_cursor(cursor, "runs"))
    return give_page(request, RunPage, rows, limit, "runs", lambda run: run.id)


@router.post(
    "",
    response_model=Run,
    status_code=202,
    responses=problems(404, 409),
    summary="Run a crew",
    operation_id="start_run",
)
def start_run(
    request: Request,
    front_door: FrontDoor,
    asked: Annotated[RunRequest, Body(examples=[{"crew_id": 1, "settings": {"dry": True}}])],
) -> Response:
    """Begin to run a crew on CrewAI and return at once; `Location` is the run.

    A dry run asks no model and costs nothing. What cannot run here is refused with 409 and what is missing.
    """
    run = front_door.running.start(asked.crew_id, asked.number, asked.settings)
    return reply(run, 202, locate(request, f"/generation/runs/{run.id}"))


@router.get("/{run_id}", response_model=RunProgress, summary="Look at a run", operation_id="get_run")
def get_run(
    front_door: FrontDoor,
    run_id: Id,
    after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER, description="Only events after this number.")] = 0,
) -> Response:
    """Return a run as it stands: tasks, agents, events, and the question that it waits with."""
    return reply(front_door.running.progress(run_id, after))


@router.delete("/{run_id}", status_code=204, responses=problems(409), summary="Delete a run", operation_id="delete_run")
def delete_run(front_door: FrontDoor, run_id: Id) -> Response:
    """Delete a run that has ended, with its outcome; for 30 days it can be brought back."""
    front_door.deletions.delete("run", run_id)
    return Response(status_code=204)


@router.post(
    "/{run_id}/stop", response_model=Run, responses=problems(409), summary="Stop a run", operation_id="stop_run"
)
def stop_run(front_door: FrontDoor, run_id: Id) -> Response:
    """Stop a run: within two seconds nothing of it executes any more; results of finished tasks are kept."""
    return reply(front_door.running.stop(run_id))


@router.post(
    "/{run_id}/answer",
    response_model=Question,
    responses=problems(409),
    summary="Answer what a run asks",
    operation_id="answer_run",
)
def answer_run(
    front_door: FrontDoor,
    run_id: Id,
    asked: Annotated[RunAnswer, Body(examples=[{"question_id": 1, "text": "Shorter, please."}])],
) -> Response:
    """Accept the draft of a task that waits for a person, or say what is to be otherwise."""
    question = front_door.running.progress(run_id).question
    if question is None or question.id != asked.question_id:
        raise CannotRun(f"Run {run_id} does not wait with question {asked.question_id}.", "Look at the run again.")
    return reply(front_door.running.answer(asked.question_id, asked.text))


@router.post(
    "/{run_id}/outcome",
    response_model=StoredOutcome,
    status_code=201,
    summary="Say what came of a run",
    operation_id="record_run_outcome",
)
def record_run_outcome(
    front_door: FrontDoor,
    run_id: Id,
    asked: Annotated[OutcomeEntry, Body(examples=[{"succeeded": True, "rating": 4}])],
) -> Response:
    """Store whether a run that has ended met its objective; what was said before is replaced. Estimates learn from it.

    A dry run is refused: nothing can be learned from it.
    """
    return reply(front_door.outcomes.record_run(run_id, asked), 201)
