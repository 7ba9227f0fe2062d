"""Outcomes: what came of runs, from which estimates learn."""

from typing import Annotated

from fastapi import Body, Query
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.document import problems
from crewgen_core.api.edits import Number
from crewgen_core.api.paging import Cursor, Limit, Page, give_page, read_cursor
from crewgen_core.api.reply import reply
from crewgen_core.api.routing import LARGEST_NUMBER, FrontDoor, Id, make_router
from crewgen_core.models.outcome import OutcomeQuery, OutsideRun, StoredOutcome
from crewgen_core.models.run import Judge

router = make_router("Outcomes", "/generation/outcomes")


class OutcomePage(Page[StoredOutcome]):
    """Outcomes, the newest first."""


class OutsideOutcome(OutsideRun):
    """What came of a run that was made elsewhere."""

    crew_id: Number
    number: Number | None = None
    """The version that ran; null for the newest."""


@router.get("", response_model=OutcomePage, summary="List outcomes", operation_id="list_outcomes")
def list_outcomes(
    request: Request,
    front_door: FrontDoor,
    crew_id: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER, description="Only of this crew.")] = None,
    template: Annotated[
        str | None, Query(max_length=100, description='Only of crews made from it; "" for those made without one.')
    ] = None,
    judged_by: Annotated[Judge | None, Query(description="Only where this one had the last word.")] = None,
    succeeded: Annotated[bool | None, Query(description="Only those that did, or did not.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Return outcomes beside what was predicted for them, the newest first."""
    query = OutcomeQuery(crew_id=crew_id, template=template, judged_by=judged_by, succeeded=succeeded)
    rows = front_door.outcomes.list_outcomes(query, limit + 1, read_cursor(cursor, "outcomes"))
    return give_page(request, OutcomePage, rows, limit, "outcomes", lambda outcome: outcome.id)


@router.post(
    "",
    response_model=StoredOutcome,
    status_code=201,
    responses=problems(404),
    summary="Say what came of a run made elsewhere",
    operation_id="record_outcome",
)
def record_outcome(
    front_door: FrontDoor,
    asked: Annotated[OutsideOutcome, Body(examples=[{"crew_id": 1, "succeeded": True, "cost_usd": 0.42}])],
) -> Response:
    """Store the outcome of a run that was not made here, beside what is predicted for that version now."""
    return reply(front_door.outcomes.record_outside(asked), 201)


@router.get("/{outcome_id}", response_model=StoredOutcome, summary="Look at an outcome", operation_id="get_outcome")
def get_outcome(front_door: FrontDoor, outcome_id: Id) -> Response:
    """Return an outcome with what was predicted and measured."""
    return reply(front_door.outcomes.get(outcome_id))


@router.delete("/{outcome_id}", status_code=204, summary="Delete an outcome", operation_id="delete_outcome")
def delete_outcome(front_door: FrontDoor, outcome_id: Id) -> Response:
    """Delete an outcome: nothing is learned from it any more, unless it is brought back within 30 days."""
    front_door.outcomes.delete(outcome_id)
    return Response(status_code=204)
