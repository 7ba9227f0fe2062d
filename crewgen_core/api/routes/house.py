"""The house itself: whether it lives, and who is asking."""

from typing import Literal

from starlette.responses import Response

from crewgen_core.api.reply import reply
from crewgen_core.api.routing import make_router
from crewgen_core.models.value import Value

VERSION = "1.0.0"
"""Of the API: the first number is the one in the path, and changes when a program that uses it would break."""

router = make_router("House")


class Health(Value):
    """Whether the server can work."""

    status: Literal["ok", "failing"]
    version: str
    """Of the API."""


@router.get("/health", response_model=Health, summary="Whether the server lives", operation_id="get_health")
async def get_health() -> Response:
    """Say whether requests can be answered. Needs no token."""
    return reply(Health(status="ok", version=VERSION))
