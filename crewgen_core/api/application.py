"""The API as one ASGI application, to be mounted at /api/v1."""

import json
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api import docs_page
from crewgen_core.api.callers import needs_token
from crewgen_core.api.document import describe
from crewgen_core.api.faults import answer_fault, answer_invalid, answer_refusal, answer_unroutable
from crewgen_core.api.gate import Gate
from crewgen_core.api.kept import KeptAnswers
from crewgen_core.api.meter import Figures, Meter
from crewgen_core.api.problems import Refusal
from crewgen_core.api.repeats import RepeatedRequests
from crewgen_core.api.routes import (
    bulk,
    crews,
    deleted,
    designing,
    generating,
    house,
    jobs,
    metrics,
    operating,
    outcomes,
    requests,
    runs,
    searching,
    templates,
)
from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError

ROUTERS = tuple(
    part.router
    for part in (
        generating,
        requests,
        designing,
        crews,
        templates,
        bulk,
        jobs,
        runs,
        outcomes,
        deleted,
        metrics,
        operating,
        searching,
        house,
    )
)


def create_api(find_front_door: Callable[[], Crewgen]) -> FastAPI:
    """Return the API; ``find_front_door`` is asked at the first request. It has no lifespan of its own."""
    figures = Figures(house.VERSION)
    app = FastAPI(
        title="crewgen",
        version=house.VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(Meter, figures=figures),
            Middleware(Gate, find_front_door=find_front_door),
            Middleware(RepeatedRequests),
            Middleware(KeptAnswers),
        ],
        exception_handlers={
            Refusal: answer_refusal,
            CrewgenError: answer_fault,
            RequestValidationError: answer_invalid,
            HTTPException: answer_unroutable,
        },
    )
    app.state.figures, app.state.find_front_door = figures, find_front_door
    for (
        router
    ) in ROUTERS:  # side by side: routers within routers take longer to look through than a read of the database
        app.router.routes.extend(router.routes)
    app.include_router(docs_page.router)
    documents: dict[str, bytes] = {}

    def give_document(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        if root not in documents:
            document = describe(app, [{"url": root or "/"}], needs_token(find_front_door().settings))
            documents[root] = json.dumps(document).encode()
        return Response(documents[root], media_type="application/json")

    app.add_api_route("/openapi.json", give_document, include_in_schema=False)
    return app
