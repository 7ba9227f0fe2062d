"""What goes wrong while a request is answered, translated into problems in one place."""

from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from crewgen_core.api.problems import (
    INVALID,
    NO_METHOD,
    NO_ROUTE,
    FieldError,
    Kind,
    Refusal,
    tell_fault,
    write_problem,
)
from crewgen_core.api.routing import escape_step
from crewgen_core.errors import CrewgenError

METHODS = ("GET", "POST", "PUT", "DELETE")
MOST_ERRORS = 20
"""Faults of one request that are told; a list of a thousand says no more."""


async def answer_refusal(request: Request, fault: Exception) -> Response:
    """Answer what the API itself refused."""
    assert isinstance(fault, Refusal)  # noqa: S101 told to the type checker: registered for this class
    return write_problem(fault, request.scope)


async def answer_fault(request: Request, fault: Exception) -> Response:
    """Answer a fault that a person may read."""
    assert isinstance(fault, CrewgenError)  # noqa: S101 likewise
    return write_problem(tell_fault(fault), request.scope)


async def answer_invalid(request: Request, fault: Exception) -> Response:
    """Answer a request whose parts are not what the route takes."""
    assert isinstance(fault, RequestValidationError)  # noqa: S101 likewise
    errors = [_tell_error(error) for error in fault.errors()[:MOST_ERRORS]]
    first = errors[0]
    where = first.parameter or first.pointer or "the body"
    rest = len(errors) - 1
    more = f" There {'is' if rest == 1 else 'are'} {rest} more fault{'' if rest == 1 else 's'}." if rest else ""
    return write_problem(Refusal(INVALID, f"{where}: {first.detail}.{more}", errors=tuple(errors)), request.scope)


async def answer_unroutable(request: Request, fault: Exception) -> Response:
    """Answer what no route is there for, and what FastAPI itself refuses."""
    assert isinstance(fault, HTTPException)  # noqa: S101 likewise
    if fault.status_code == 404:
        return write_problem(Refusal(NO_ROUTE, "There is no such route."), request.scope)
    if fault.status_code == 405:
        allowed = ", ".join(find_methods(request.app.routes, request.scope))
        detail = f"This address does not take {request.method}."
        return write_problem(Refusal(NO_METHOD, detail, headers={"Allow": allowed}), request.scope)
    kind = INVALID if fault.status_code < 500 else Kind("http-error", "It was not done", fault.status_code)
    return write_problem(Refusal(kind, f"{fault.detail}."), request.scope)


def find_methods(routes: Sequence[BaseRoute], scope: Any) -> list[str]:  # noqa: ANN401 an ASGI scope
    """Return the methods that an address takes, whichever route takes them."""
    return [
        method
        for method in METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def _tell_error(error: Any) -> FieldError:  # noqa: ANN401 a plain dict of pydantic's
    """Say what is wrong with which part; what was sent is not repeated: it may be a secret."""
    place, *path = error["loc"] or ("body",)
    detail = str(error["msg"]).removeprefix("Value error, ")[:500]
    detail = detail[:1].lower() + detail[1:]
    if place == "body":
        if error["type"] == "json_invalid":
            return FieldError(pointer="#", detail="it is no valid JSON")
        return FieldError(pointer="#" + "".join(f"/{escape_step(part)}" for part in path), detail=detail)
    return FieldError(parameter=".".join(map(str, path)) or str(place), detail=detail)
