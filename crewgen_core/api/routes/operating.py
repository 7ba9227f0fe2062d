"""For whoever keeps the server running: whether it can work, and figures for Prometheus."""

from contextlib import suppress
from typing import Literal

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.meter import CONTENT_TYPE, Figures
from crewgen_core.api.reply import reply
from crewgen_core.api.routes.house import VERSION
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.app import Crewgen
from crewgen_core.errors import StorageFault
from crewgen_core.models.standing import Health, Part, Standing
from crewgen_core.models.value import Value

HEALTHY_WITHIN_S = 5.0
"""Seconds within which the database has to answer; a load balancer waits no longer."""

router = make_router("House")


class HealthAnswer(Value):
    """Whether the server can work."""

    status: Literal["ok", "failing"]
    parts: dict[str, Literal["ok", "failing"]]
    """The database answers; its tables are of this version (migrations); its disk can be written."""
    version: str
    """Of the API."""


@router.get(
    "/health",
    response_model=HealthAnswer,
    responses={503: {"model": HealthAnswer, "description": "It cannot work; `parts` says what fails"}},
    summary="Whether the server can work",
    operation_id="get_health",
)
async def get_health(request: Request) -> Response:
    """Say whether requests can be answered: 200, or 503 with the part that fails. Needs no token."""
    health = Health(ok=False, parts=(Part(name="database", ok=False),))
    with anyio.move_on_after(HEALTHY_WITHIN_S):
        health = await anyio.to_thread.run_sync(_check, request.app.state.find_front_door, abandon_on_cancel=True)
    words: dict[bool, Literal["ok", "failing"]] = {True: "ok", False: "failing"}
    parts: dict[str, Literal["ok", "failing"]] = {part.name: words[part.ok] for part in health.parts}
    return reply(HealthAnswer(status=words[health.ok], parts=parts, version=VERSION), 200 if health.ok else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The figures"}},
    summary="Figures for Prometheus",
    operation_id="get_metrics_text",
)
async def get_metrics(request: Request, front_door: FrontDoor) -> Response:
    """Return requests, generations, model calls, jobs, runs, workers and more in Prometheus' text format.

    For administrators and their tokens, a `read` one too.
    """
    figures: Figures = request.app.state.figures
    return Response(await anyio.to_thread.run_sync(_write, figures, front_door), media_type=CONTENT_TYPE)


def _check(find_front_door: object) -> Health:
    assert callable(find_front_door)  # noqa: S101 told to the type checker: the application keeps it there
    crewgen = find_front_door()
    assert isinstance(crewgen, Crewgen)  # noqa: S101 likewise
    return crewgen.operating.check_health()


def _write(figures: Figures, crewgen: Crewgen) -> bytes:
    standing: Standing | None = None
    with suppress(StorageFault):  # told by a figure of its own, beside all others
        standing = crewgen.operating.measure()
    return figures.write(standing)
