"""What was deleted: listed and brought back, for 30 days."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.models.deletion import Deletable, Deleted
from crewgen_core.models.template import KEY
from crewgen_core.models.value import Value

router = make_router("Deleted", "/generation/deleted")


class DeletedThings(Value):
    """What the caller may bring back, the latest deletion first, at most 200."""

    items: tuple[Deleted, ...]


@router.get("", response_model=DeletedThings, summary="List what was deleted", operation_id="list_deleted")
def list_deleted(front_door: FrontDoor) -> Response:
    """Return what was deleted within 30 days and can be brought back; after that it is gone for good."""
    return reply(DeletedThings(items=front_door.deletions.list()))


@router.post(
    "/{thing}/{key}/restore", response_model=Deleted, summary="Bring back what was deleted", operation_id="restore"
)
def restore(
    front_door: FrontDoor,
    thing: Annotated[Deletable, Path(description="What it is.", examples=["crew"])],
    key: Annotated[str, Path(pattern=KEY, description="Its number, or the key of a template.", examples=["1"])],
) -> Response:
    """Bring something back with what went with it; a template whose key another has by now comes with a new one."""
    return reply(front_door.deletions.restore(thing, key))
