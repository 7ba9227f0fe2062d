"""The house itself: who is asking."""

from starlette.responses import Response

from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.models.person import Role
from crewgen_core.models.value import Value

VERSION = "1.0.0"
"""Of the API: the first number is the one in the path, and changes when a program that uses it would break."""

router = make_router("House")


class Caller(Value):
    """Who is asking."""

    id: int | None
    """Null for whoever uses a dashboard without login."""
    name: str
    email: str
    role: Role
    """What may be done: as much as the person and the token both allow."""
    token_id: int | None
    """The token that was sent; null without one."""


@router.get("/me", response_model=Caller, summary="Who is asking", operation_id="get_me")
async def get_me(front_door: FrontDoor) -> Response:
    """Say for whom the token speaks and what it allows."""
    return reply(Caller.model_validate(front_door.person.model_dump()))
