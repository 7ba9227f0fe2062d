"""Generating: an objective in, a crew that is checked and priced out."""

import asyncio
from typing import Annotated

import anyio.to_thread
from fastapi import Body, Query
from pydantic import Field, StrictBool
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.document import problems
from crewgen_core.api.problems import AWAY, Refusal
from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.models.design import Design
from crewgen_core.models.objective import Objective
from crewgen_core.models.stored import RequestState
from crewgen_core.models.value import Value

router = make_router("Generating", "/generation")

EXAMPLE = {
    "objective": {
        "text": "Research the three largest competitors of our bike shop and write a two-page brief for the owner.",
        "budget_usd": 2,
        "max_agents": 4,
    },
    "model": "",
}


class GenerateRequest(Value):
    """What a crew is wanted for."""

    objective: Objective
    model: str | None = Field(default=None, max_length=200)
    """LiteLLM name of the model that designs the crew; "" for Built-in, null for what the server is set to."""
    fresh: StrictBool = False
    """True asks the model again even where it answered the very same request before."""


class GeneratedCrew(Value):
    """A crew that was generated, with everything about it."""

    request_id: int
    crew_id: int
    design: Design


class AcceptedRequest(Value):
    """A request that is being worked on."""

    request_id: int
    state: RequestState
    status: str
    """Where to look how far it is."""


@router.post(
    "/generate",
    response_model=GeneratedCrew,
    status_code=201,
    responses={202: {"model": AcceptedRequest, "description": "It is being worked on"}, **problems(404, 502)},
    summary="Generate a crew for an objective",
    operation_id="generate",
)
async def generate(
    request: Request,
    front_door: FrontDoor,
    asked: Annotated[GenerateRequest, Body(examples=[EXAMPLE])],
    wait: Annotated[bool, Query(description="False answers 202 at once, with the address of the request.")] = True,
) -> Response:
    """Design a crew, store it with its request, and return it.

    Built-in takes some 20 ms; a model up to the server's deadline (30 s), after which Built-in's crew is taken and says
    so. With `wait=false` the answer is 202 and its `Location` the request, to be looked at until it is completed.
    """
    begun = await anyio.to_thread.run_sync(front_door.begin_generating, asked.objective, asked.model, asked.fresh)
    here = request.scope.get("root_path", "")
    if not wait:
        status = f"{here}/generation/requests/{begun.request_id}"
        accepted = AcceptedRequest(request_id=begun.request_id, state="pending", status=status)
        return reply(accepted, 202, {"Location": status})
    try:
        made = await asyncio.shield(asyncio.wrap_future(begun.coming))
    except asyncio.CancelledError:
        if not begun.coming.cancelled():  # the caller has gone, and the crew is stored all the same
            raise
        raise Refusal(AWAY, "The server stops: the crew was not ready.", "Ask again in a moment.") from None
    crew = GeneratedCrew(request_id=made.request_id, crew_id=made.crew_id, design=made.design)
    return reply(crew, 201, {"Location": f"{here}/generation/crews/{made.crew_id}"})
