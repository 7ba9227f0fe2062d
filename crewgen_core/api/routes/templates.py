"""Templates: crews that are used again, with blanks that are filled for each use."""

from typing import Annotated

from fastapi import Body, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.document import problems
from crewgen_core.api.edits import Number, Sharing, telling_newest
from crewgen_core.api.paging import Cursor, Limit, Page, give_page, read_cursor
from crewgen_core.api.reply import reply
from crewgen_core.api.routes.crews import VersionParameter
from crewgen_core.api.routes.designing import CREW
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.models.template import (
    KEY,
    StoredTemplate,
    Template,
    TemplateQuery,
    TemplateRow,
    TemplateType,
    TemplateVersionRow,
)
from crewgen_core.models.value import Value

router = make_router("Templates", "/generation/templates")

Key = Annotated[str, Path(pattern=KEY, description="The key of the template.", examples=["market-brief"])]

TEMPLATE = {
    "key": "market-brief",
    "name": "Market brief",
    "description": "A short brief about a market, with sources.",
    "objective": "Write a two-page brief about the market for [[product]].",
    "blanks": [{"name": "product", "default": "electric bikes"}],
    "crew": CREW,
}


class TemplatePage(Page[TemplateRow]):
    """Templates, the newest first."""


class TemplateVersions(Value):
    """The versions of a template, the newest first."""

    items: tuple[TemplateVersionRow, ...]


class NewTemplate(Value):
    """A template to be stored."""

    template: Template
    note: str = Field(default="Made", max_length=300)
    """What the list of versions says."""


class NextTemplateVersion(Value):
    """An edited template."""

    template: Template
    expected: Number
    """The version that was edited: the newest one as the caller knows it."""
    note: str = Field(default="Edited", max_length=300)


@router.get("", response_model=TemplatePage, summary="List templates, or find some", operation_id="list_templates")
def list_templates(
    request: Request,
    front_door: FrontDoor,
    search: Annotated[str, Query(max_length=200, description="Words in name, description, category or tags.")] = "",
    type: Annotated[TemplateType | None, Query(description="Only this type.")] = None,
    category: Annotated[str, Query(max_length=100, description="Only this category.")] = "",
    tag: Annotated[str, Query(max_length=50, description="Only with this tag.")] = "",
    archived: Annotated[bool, Query(description="True: only those that were put away.")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Return templates, those that come with crewgen among them, the newest first."""
    query = TemplateQuery(search=search, type=type, category=category, tag=tag, archived=archived)
    rows = front_door.templates.list(query, limit + 1, read_cursor(cursor, "templates"))
    return give_page(request, TemplatePage, rows, limit, "templates", lambda row: row.id)


@router.post(
    "", response_model=StoredTemplate, status_code=201, summary="Store a template", operation_id="create_template"
)
def create_template(
    request: Request,
    front_door: FrontDoor,
    asked: Annotated[NewTemplate, Body(examples=[{"template": TEMPLATE}])],
) -> Response:
    """Store a new template as version 1. One with a fault, or with a key that is taken, is refused."""
    stored = front_door.templates.create(asked.template, asked.note)
    here = request.scope.get("root_path", "")
    return reply(stored, 201, {"Location": f"{here}/generation/templates/{stored.template.key}"})


@router.get("/{key}", response_model=StoredTemplate, summary="Look at a template", operation_id="get_template")
def get_template(front_door: FrontDoor, key: Key, number: VersionParameter = None) -> Response:
    """Return a version of a template with its blanks and its crew."""
    return reply(front_door.templates.get(key, number))


@router.put(
    "/{key}",
    response_model=StoredTemplate,
    responses=problems(409),
    summary="Save an edited template",
    operation_id="save_template",
)
def save_template(
    front_door: FrontDoor,
    key: Key,
    asked: Annotated[NextTemplateVersion, Body(examples=[{"template": TEMPLATE, "expected": 1}])],
) -> Response:
    """Store an edited template as the version after `expected`; crews made from earlier versions stay as they are.

    Where somebody saved in between, nothing is stored and the answer is 409, with the newest version in `newest`.
    """
    with telling_newest(lambda: front_door.templates.get(key).newest):
        return reply(front_door.templates.edit(key, asked.template, asked.note, asked.expected))


@router.delete("/{key}", status_code=204, summary="Delete a template", operation_id="delete_template")
def delete_template(front_door: FrontDoor, key: Key) -> Response:
    """Delete a template; for 30 days it can be brought back. The crews and outcomes that came of it stay."""
    front_door.templates.delete(key)
    return Response(status_code=204)


@router.get(
    "/{key}/versions",
    response_model=TemplateVersions,
    summary="List versions of a template",
    operation_id="list_template_versions",
)
def list_template_versions(front_door: FrontDoor, key: Key) -> Response:
    """Return all versions of a template, the newest first."""
    return reply(TemplateVersions(items=front_door.templates.versions(key)))


@router.put("/{key}/sharing", response_model=StoredTemplate, summary="Share a template", operation_id="share_template")
def share_template(
    front_door: FrontDoor, key: Key, asked: Annotated[Sharing, Body(examples=[{"shared": True}])]
) -> Response:
    """Let everybody look at a template and use it, or its owner alone again."""
    return reply(front_door.templates.share(key, asked.shared))
