"""Bulk: many objectives at once become a job."""

from typing import Annotated

from fastapi import Body, Form, UploadFile
from pydantic import Field, StrictBool, WithJsonSchema, field_validator
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.document import problems
from crewgen_core.api.reply import locate, reply
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.models.job import Job, JobSettings, NewItem, NewJob, Priority
from crewgen_core.models.objective import Objective, clean_text
from crewgen_core.models.upload import SharedRequirements
from crewgen_core.models.value import PLAIN_USD, Usd, Value

router = make_router("Bulk", "/generation/bulk-generate")

MOST_OBJECTIVES = 1_000
"""Objectives of one request; a file may have 200,000 rows."""


class BulkObjective(Value):
    """One row of a job."""

    objective: Objective
    name: str = Field(default="", max_length=300)
    """What the caller calls it."""
    model: str | None = Field(default=None, max_length=200)
    """LiteLLM name; "" for Built-in, null for the model of the job."""
    priority: Priority | None = None
    """Null for the priority of the job."""
    tags: tuple[Annotated[str, Field(max_length=50)], ...] = Field(default=(), max_length=20)


class BulkRequest(Value):
    """Many objectives, each of which becomes a crew."""

    name: str = Field(min_length=1, max_length=300)
    """What lists call the job."""
    objectives: tuple[BulkObjective, ...] = Field(min_length=1, max_length=MOST_OBJECTIVES)
    model: str = Field(default="", max_length=200)
    """LiteLLM name of the model for rows without one of their own; "" for Built-in."""
    priority: Priority = "normal"
    budget_usd: Usd | None = None
    """Most that the job may spend on models; it pauses there. Null is no limit."""
    fall_back: StrictBool = False
    """True takes Built-in's crew where the model fails for good; otherwise such a row fails and can be tried again."""


class UploadForm(Value):
    """A file of objectives, with what holds for all its rows."""

    file: UploadFile
    """A CSV or XLSX file with a header row and a column `objective`; docs/bulk.md says what else it may have."""
    name: str = Field(default="", max_length=300)
    """What lists call the job; empty takes the file's name."""
    model: str = Field(default="", max_length=200)
    """LiteLLM name of the model for rows without one of their own; empty for Built-in."""
    priority: Priority = "normal"
    budget_usd: Annotated[Usd | None, WithJsonSchema({"type": "string", "pattern": PLAIN_USD})] = (
        None  # a form has texts
    )
    """Most that the job may spend on models; it pauses there."""
    fall_back: bool = False
    keep_duplicates: bool = True
    """False leaves out rows that ask for the same crew as an earlier one."""

    @field_validator("name", "model", mode="before")
    @classmethod
    def _drop_unstorable_characters(cls, value: object) -> object:
        return clean_text(value) if isinstance(value, str) else value


EXAMPLE = {
    "name": "Briefs for three markets",
    "objectives": [
        {"objective": {"text": f"Write a two-page brief about the market for {what}."}, "tags": ["brief"]}
        for what in ("electric bikes", "cargo bikes", "bike insurance")
    ],
}


@router.post(
    "",
    response_model=Job,
    status_code=202,
    responses=problems(409),
    summary="Generate crews for many objectives",
    operation_id="bulk_generate",
)
def bulk_generate(
    request: Request, front_door: FrontDoor, asked: Annotated[BulkRequest, Body(examples=[EXAMPLE])]
) -> Response:
    """Store a job with a row for each objective, all or nothing, and return it; workers begin at once.

    `Location` is the job, to be looked at until it is completed; its results can be taken away at any time.
    """
    new = NewJob(
        name=asked.name,
        priority=asked.priority,
        model=asked.model or None,
        budget_usd=asked.budget_usd,
        settings=JobSettings(fall_back=asked.fall_back),
    )
    rows = [_take_row(line, row, asked) for line, row in enumerate(asked.objectives, start=1)]
    return _accept(request, front_door.bulk.start_items(new, rows))


@router.post(
    "/upload",
    response_model=Job,
    status_code=202,
    responses=problems(409),
    summary="Generate crews for the rows of a file",
    operation_id="bulk_generate_upload",
)
def bulk_generate_upload(
    request: Request, front_door: FrontDoor, asked: Annotated[UploadForm, Form(media_type="multipart/form-data")]
) -> Response:
    """Store a job with the good rows of a CSV or XLSX file, and return it; workers begin at once.

    The file may have 20 MB; rows that cannot become a crew are left out.
    """
    file_name = clean_text(asked.file.filename or "") or "upload.csv"
    new = NewJob(
        name=(asked.name or file_name)[:300],
        budget_usd=asked.budget_usd,
        settings=JobSettings(fall_back=asked.fall_back),
    )
    shared = SharedRequirements(model=asked.model, priority=asked.priority)
    job = front_door.bulk.start(
        file_name, asked.file.file.read(), new, shared=shared, keep_duplicates=asked.keep_duplicates
    )
    return _accept(request, job)


def _accept(request: Request, job: Job) -> Response:
    return reply(job, 202, locate(request, f"/generation/jobs/{job.id}"))


def _take_row(line: int, row: BulkObjective, job: BulkRequest) -> NewItem:
    return NewItem(
        line=line,
        text=row.objective.text,
        name=row.name,
        requirements=row.objective.model_dump(mode="json", exclude={"text"}, exclude_defaults=True),
        model=job.model if row.model is None else row.model,
        priority=row.priority or job.priority,
        tags=", ".join(row.tags),
    )
