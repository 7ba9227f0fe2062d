"""Crews as they are stored, with their versions."""

from typing import Annotated

from fastapi import Body, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.document import problems
from crewgen_core.api.downloads import REPORTS, files, give_file
from crewgen_core.api.edits import Number, Sharing, telling_newest
from crewgen_core.api.paging import Cursor, Limit, Page, give_page, read_cursor
from crewgen_core.api.reply import locate, reply
from crewgen_core.api.routes.designing import CREW
from crewgen_core.api.routing import LARGEST_NUMBER, FrontDoor, Id, make_router, quick
from crewgen_core.app import Crewgen, ExportFormat
from crewgen_core.front.reports import ReportForm
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import VISIBLE, Objective
from crewgen_core.models.person import AuditEvent
from crewgen_core.models.refinement import LONGEST_WISH, Refinement
from crewgen_core.models.stored import CrewRow, StoredCrew, VersionRow
from crewgen_core.models.value import Value

router = make_router("Crews", "/generation/crews")

VersionParameter = Annotated[
    int | None, Query(ge=1, le=LARGEST_NUMBER, description="A version; left out, it is the newest one.")
]


class CrewPage(Page[CrewRow]):
    """Crews, the newest first."""


class Versions(Value):
    """The versions of a crew, the newest first."""

    items: tuple[VersionRow, ...]


class History(Page[AuditEvent]):
    """What people did with a crew, the newest first."""


class CrewToStore(Value):
    """A crew that was made elsewhere."""

    crew: Crew
    objective: Objective | None = None
    """What it is for."""
    note: str = Field(default="Imported", max_length=300)
    """What the list of versions says."""


class NextVersion(Value):
    """An edited crew."""

    crew: Crew
    expected: Number
    """The version that was edited: the newest one as the caller knows it."""
    note: str = Field(default="Edited", max_length=300)
    """What the list of versions says."""


class Wish(Value):
    """What is to be otherwise, in plain words."""

    wish: str = Field(min_length=1, max_length=LONGEST_WISH, json_schema_extra={"pattern": VISIBLE})
    model: str | None = Field(default=None, max_length=200)
    """LiteLLM name of the model for what Built-in does not understand; "" for none, null for the server's own."""
    expected: Number | None = None
    """The version that is meant; null for the newest."""


class WayBack(Value):
    """An earlier version that is wanted again."""

    number: Number
    """The version to go back to."""
    expected: Number
    """The newest version as the caller knows it."""


class RefinedCrew(Value):
    """What came of a wish."""

    crew_id: int
    number: int
    """The newest version now: one more than before where something was done."""
    refinement: Refinement


@router.get("", response_model=CrewPage, summary="List crews, or find some", operation_id="list_crews")
@quick
def list_crews(
    request: Request,
    front_door: FrontDoor,
    search: Annotated[str, Query(max_length=200, description="Words in name or objective.")] = "",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Return crews with the figures of their newest version, the newest first."""
    rows = front_door.crews.list(search, limit + 1, read_cursor(cursor, "crews"))
    return give_page(request, CrewPage, rows, limit, "crews", lambda row: row.id)


@router.post("", response_model=StoredCrew, status_code=201, summary="Store a crew", operation_id="create_crew")
def create_crew(
    request: Request, front_door: FrontDoor, asked: Annotated[CrewToStore, Body(examples=[{"crew": CREW}])]
) -> Response:
    """Store a crew that was made elsewhere as version 1, checked and priced."""
    stored = front_door.crews.save(asked.crew, asked.objective, asked.note)
    return reply(stored, 201, locate(request, f"/generation/crews/{stored.crew_id}"))


@router.get("/{crew_id}", response_model=StoredCrew, summary="Look at a crew", operation_id="get_crew")
@quick
def get_crew(front_door: FrontDoor, crew_id: Id, number: VersionParameter = None) -> Response:
    """Return a version of a crew with its report and estimate."""
    return reply(front_door.crews.get(crew_id, number))


@router.put(
    "/{crew_id}",
    response_model=StoredCrew,
    responses=problems(409),
    summary="Save an edited crew",
    operation_id="save_crew",
)
def save_crew(
    front_door: FrontDoor, crew_id: Id, asked: Annotated[NextVersion, Body(examples=[{"crew": CREW, "expected": 1}])]
) -> Response:
    """Store an edited crew as the version after `expected`; earlier versions stay as they are.

    Where somebody saved in between, nothing is stored and the answer is 409, with the newest version in `newest`.
    """
    with telling_newest(lambda: find_newest(front_door, crew_id)):
        return reply(front_door.crews.save_version(crew_id, asked.crew, asked.note, asked.expected))


@router.delete(
    "/{crew_id}", status_code=204, responses=problems(409), summary="Delete a crew", operation_id="delete_crew"
)
def delete_crew(front_door: FrontDoor, crew_id: Id) -> Response:
    """Delete a crew with its versions, runs and outcomes; for 30 days they can be brought back."""
    front_door.deletions.delete("crew", crew_id)
    return Response(status_code=204)


@router.get("/{crew_id}/versions", response_model=Versions, summary="List versions", operation_id="list_versions")
def list_versions(front_door: FrontDoor, crew_id: Id) -> Response:
    """Return all versions of a crew, the newest first."""
    return reply(Versions(items=front_door.crews.versions(crew_id)))


@router.post(
    "/{crew_id}/revert",
    response_model=StoredCrew,
    responses=problems(409),
    summary="Go back to an earlier version",
    operation_id="revert_crew",
)
def revert_crew(
    front_door: FrontDoor,
    crew_id: Id,
    asked: Annotated[WayBack, Body(examples=[{"number": 1, "expected": 2}])],
) -> Response:
    """Store the state of an earlier version as a new one; the versions between stay."""
    with telling_newest(lambda: find_newest(front_door, crew_id)):
        return reply(front_door.crews.revert(crew_id, asked.number, asked.expected))


@router.post(
    "/{crew_id}/refine",
    response_model=RefinedCrew,
    responses=problems(409, 502),
    summary="Change a crew by words",
    operation_id="refine_crew",
)
def refine_crew(
    front_door: FrontDoor,
    crew_id: Id,
    asked: Annotated[Wish, Body(examples=[{"wish": "Add somebody who checks the sources.", "model": ""}])],
) -> Response:
    """Change a crew as a wish asks, and store it as a new version where something was done.

    What was not understood or not done is told; the crew then stays as it is.
    """
    with telling_newest(lambda: find_newest(front_door, crew_id)):
        made = front_door.crews.refine(crew_id, asked.wish, asked.model, asked.expected)
    return reply(RefinedCrew(crew_id=crew_id, number=made.stored.number, refinement=made.refinement))


@router.get(
    "/{crew_id}/export",
    response_class=Response,
    responses=files("application/zip", "application/json", "application/yaml"),
    summary="Take a crew away as a file",
    operation_id="export_crew",
)
def export_crew(
    front_door: FrontDoor,
    crew_id: Id,
    format: Annotated[ExportFormat, Query(description="A project for CrewAI, or a crewgen file.")] = "crewgen",
    number: VersionParameter = None,
) -> Response:
    """Return a CrewAI project as a ZIP that `crewai run` takes, or a crewgen file."""
    return give_file(front_door.export(front_door.crews.get(crew_id, number).crew, format))


@router.get(
    "/{crew_id}/report",
    response_class=Response,
    responses=files(*REPORTS),
    summary="Take the report about a crew away",
    operation_id="report_crew",
)
def report_crew(
    front_door: FrontDoor,
    crew_id: Id,
    format: Annotated[ReportForm, Query(description="A web page in one file, or a PDF.")] = "html",
    number: VersionParameter = None,
) -> Response:
    """Return what stakeholders read about a crew: summary, plan, team, estimate with its basis, alternatives, risks."""
    return give_file(front_door.reports.crew(crew_id, format, number))


@router.post(
    "/{crew_id}/copy",
    response_model=StoredCrew,
    status_code=201,
    summary="Make a copy of one's own",
    operation_id="copy_crew",
)
def copy_crew(request: Request, front_door: FrontDoor, crew_id: Id, number: VersionParameter = None) -> Response:
    """Store a copy of a crew that belongs to who asks: what somebody else shared may be used, not changed."""
    stored = front_door.crews.copy(crew_id, number)
    return reply(stored, 201, locate(request, f"/generation/crews/{stored.crew_id}"))


@router.put("/{crew_id}/sharing", response_model=StoredCrew, summary="Share a crew", operation_id="share_crew")
def share_crew(
    front_door: FrontDoor, crew_id: Id, asked: Annotated[Sharing, Body(examples=[{"shared": True}])]
) -> Response:
    """Let everybody look at a crew and use it, or its owner alone again."""
    return reply(front_door.crews.share(crew_id, asked.shared))


@router.get(
    "/{crew_id}/history", response_model=History, summary="Say who did what with a crew", operation_id="list_history"
)
def list_history(
    request: Request, front_door: FrontDoor, crew_id: Id, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Return who made, changed, shared and copied a crew and when, the newest first."""
    events = front_door.audit.list_of_crew(crew_id, limit + 1, read_cursor(cursor, "history"))
    return give_page(request, History, events, limit, "history", lambda event: event.id)


def find_newest(front_door: Crewgen, crew_id: int) -> int:
    """Return the number of a crew's newest version."""
    return front_door.crews.get(crew_id).newest
