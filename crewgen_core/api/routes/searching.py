"""One search over everything."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.front.searching import MOST_OF_EACH
from crewgen_core.models.found import Findings

router = make_router("Search", "/search")


@router.get("", response_model=Findings, summary="Find crews, jobs, templates and runs", operation_id="search")
def search(
    front_door: FrontDoor,
    words: Annotated[str, Query(max_length=200, description="Words in a name, an objective or a description.")],
    limit: Annotated[int, Query(ge=1, le=MOST_OF_EACH, description="Things of each kind.")] = 5,
) -> Response:
    """Return crews, jobs and templates with the text, and runs of such crews, the newest first in each group."""
    return reply(front_door.searching.search(words, limit))
