"""Jobs: how far they are, what came of their rows, and what may be done with them."""

from typing import Annotated, get_args

from fastapi import Body, Query
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.document import problems
from crewgen_core.api.downloads import REPORTS, files, give_file
from crewgen_core.api.edits import Sharing
from crewgen_core.api.paging import Cursor, Limit, Page, give_page, read_cursor, write_cursor
from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, Id, make_router, quick
from crewgen_core.front.bulk import ResultForm
from crewgen_core.front.reports import ReportForm
from crewgen_core.models.job import Item, ItemOrder, ItemQuery, ItemState, Job, Progress
from crewgen_core.models.value import Value

router = make_router("Bulk", "/generation/jobs")

States = Annotated[
    list[ItemState], Query(max_length=len(get_args(ItemState)), description="Only rows in these states.")
]
ALL_STATES: list[ItemState] = []


class JobPage(Page[Job]):
    """Jobs, the newest first."""


class ItemRows(Page[Item]):
    """Rows of a job."""

    total: int
    """Rows that the query finds altogether."""


class Retried(Value):
    """How many rows are worked on again."""

    rows: int


@router.get("", response_model=JobPage, summary="List jobs", operation_id="list_jobs")
@quick
def list_jobs(request: Request, front_door: FrontDoor, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Return jobs with where they stand, the newest first."""
    rows = front_door.bulk.list_jobs(limit + 1, read_cursor(cursor, "jobs"))
    return give_page(request, JobPage, rows, limit, "jobs", lambda job: job.id)


@router.get("/{job_id}", response_model=Progress, summary="Look at a job", operation_id="get_job")
@quick
def get_job(front_door: FrontDoor, job_id: Id) -> Response:
    """Return how far a job is, how fast it goes, and why rows failed; cheap enough to be asked every second."""
    return reply(front_door.bulk.progress(job_id))


@router.delete("/{job_id}", status_code=204, responses=problems(409), summary="Delete a job", operation_id="delete_job")
def delete_job(
    front_door: FrontDoor,
    job_id: Id,
    with_crews: Annotated[bool, Query(description="Delete the crews that it made, too.")] = False,
) -> Response:
    """Delete a job that has ended, with its rows; for 30 days it can be brought back. The crews that it made stay."""
    front_door.deletions.delete("job", job_id, with_crews)
    return Response(status_code=204)


@router.get("/{job_id}/items", response_model=ItemRows, summary="List the rows of a job", operation_id="list_items")
def list_items(
    request: Request,
    front_door: FrontDoor,
    job_id: Id,
    state: States = ALL_STATES,
    search: Annotated[str, Query(max_length=200, description="In name, objective, tags or reason.")] = "",
    order: Annotated[ItemOrder, Query(description="What they are sorted by.")] = "position",
    descending: bool = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Return rows with what came of them; a row that is completed names its crew."""
    query = ItemQuery(states=tuple(state), search=search, order=order, descending=descending)
    offset = read_cursor(cursor, "items") or 0
    found = front_door.bulk.list_items(job_id, query, limit, offset)
    following = offset + len(found.items)
    more = write_cursor("items", following) if found.items and following < found.total else None
    headers: dict[str, str] = {}
    if more:
        url = request.url.include_query_params(cursor=more)
        headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    return reply(ItemRows(items=found.items, next_cursor=more, total=found.total), headers=headers)


@router.get(
    "/{job_id}/results",
    response_class=Response,
    responses=files("text/csv", "application/jsonl", "application/zip"),
    summary="Take the results of a job away as a file",
    operation_id="export_job",
)
def export_job(
    front_door: FrontDoor,
    job_id: Id,
    format: Annotated[ResultForm, Query(description="A table, or the crews as a ZIP of projects.")] = "jsonl",
    state: States = ALL_STATES,
) -> Response:
    """Return the rows as CSV that is safe for spreadsheets or as JSON Lines, or their crews as a ZIP."""
    return give_file(front_door.bulk.export(job_id, format, ItemQuery(states=tuple(state))))


@router.get(
    "/{job_id}/report",
    response_class=Response,
    responses=files(*REPORTS),
    summary="Take the report about a job away",
    operation_id="report_job",
)
def report_job(
    front_door: FrontDoor,
    job_id: Id,
    format: Annotated[ReportForm, Query(description="A web page in one file, or a PDF.")] = "html",
) -> Response:
    """Return what stakeholders read about a job as it stands: what came of its rows, and the crews."""
    return give_file(front_door.reports.job(job_id, format))


@router.put("/{job_id}/sharing", response_model=Job, summary="Share a job", operation_id="share_job")
def share_job(
    front_door: FrontDoor, job_id: Id, asked: Annotated[Sharing, Body(examples=[{"shared": True}])]
) -> Response:
    """Let everybody look at a job and its crews and use them, or its owner alone again."""
    return reply(front_door.bulk.share(job_id, asked.shared))


@router.post(
    "/{job_id}/pause", response_model=Job, responses=problems(409), summary="Pause a job", operation_id="pause_job"
)
def pause_job(front_door: FrontDoor, job_id: Id) -> Response:
    """Begin no more rows; those in hand are finished."""
    return reply(front_door.bulk.pause(job_id))


@router.post(
    "/{job_id}/resume",
    response_model=Job,
    responses=problems(409),
    summary="Go on with a paused job",
    operation_id="resume_job",
)
def resume_job(front_door: FrontDoor, job_id: Id) -> Response:
    """Go on where it was paused."""
    return reply(front_door.bulk.resume(job_id))


@router.post(
    "/{job_id}/cancel", response_model=Job, responses=problems(409), summary="End a job", operation_id="cancel_job"
)
def cancel_job(front_door: FrontDoor, job_id: Id) -> Response:
    """End a job: rows that are not finished are cancelled, the others stay."""
    return reply(front_door.bulk.cancel(job_id))


@router.post(
    "/{job_id}/retry",
    response_model=Retried,
    responses=problems(409),
    summary="Try failed rows again",
    operation_id="retry_job",
)
def retry_job(front_door: FrontDoor, job_id: Id) -> Response:
    """Work on all rows again that failed or were cancelled."""
    return reply(Retried(rows=front_door.bulk.retry(job_id)))
