"""Requests: what was asked for, and what came of it."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.paging import Cursor, Limit, Page, give_page, read_cursor
from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, Id, make_router
from crewgen_core.models.stored import RequestRow, RequestState, StoredRequest

router = make_router("Generating", "/generation/requests")


class RequestPage(Page[RequestRow]):
    """Requests, the newest first."""


@router.get("", response_model=RequestPage, summary="List requests", operation_id="list_requests")
def list_requests(
    request: Request,
    front_door: FrontDoor,
    state: Annotated[RequestState | None, Query(description="Only requests in this state.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Return requests for crews with their state, the newest first; rows of jobs are not among them until finished."""
    rows = front_door.list_requests(limit + 1, read_cursor(cursor, "requests"), state)
    return give_page(request, RequestPage, rows, limit, "requests", lambda row: row.id)


@router.get("/{request_id}", response_model=StoredRequest, summary="Look at a request", operation_id="get_request")
def get_request(front_door: FrontDoor, request_id: Id) -> Response:
    """Return a request with its state: `completed` with the whole design, `failed` with the reason."""
    return reply(front_door.get_request(request_id))
