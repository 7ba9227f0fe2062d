"""How requests are read: strictly, so that a mistake is told and not passed over."""

import json
import re
from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from math import isfinite
from typing import Annotated, Any, NoReturn, ParamSpec, cast, get_origin
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Form, Query
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from crewgen_core.api.problems import INVALID, FieldError, Refusal
from crewgen_core.app import Crewgen

P = ParamSpec("P")

LARGEST_INTEGER = 2**63 - 1
"""What a database can hold."""

LARGEST_NUMBER = 2**53 - 1
"""Of what is numbered: every program can hold it exactly, also one that reads JSON numbers as floating point."""

_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""How a NUL or a surrogate is written in JSON; a pair of surrogates is one letter and fine."""

_QUICK = "crewgen_quick"
"""Marks a quick route."""

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
UNSTORABLE = "it holds a character that cannot be stored (NUL, or half of a surrogate pair)"

Id = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, examples=[1])]
"""The number of a crew, request, run, job … in a path."""


class StrictRequest(Request):
    """A request whose JSON is UTF-8 without what no database can hold."""

    async def json(self) -> Any:  # noqa: ANN401 any JSON
        """Return the body, read once. Raises Refusal."""
        if not hasattr(self, "_read"):
            self._read = read_json(await self.body())
        return self._read


class StrictRoute(APIRoute):
    """A route that knows its query parameters and refuses any other, by name."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()
        params = get_flat_params(self.dependant)
        known = {
            field.alias: get_origin(field.field_info.annotation) is list
            for field in params
            if isinstance(field.field_info, Query)
        }
        takes_json = self.body_field is not None and not isinstance(self.body_field.field_info, Form)

        async def handle_strictly(request: Request) -> Response:
            refuse_unknown(request, known)
            strict = StrictRequest(request.scope, request.receive)
            if takes_json and await strict.body():
                await strict.json()  # here, since FastAPI would swallow what is said about it
            return await handle(strict)

        return handle_strictly


def quick(answer: Callable[P, Response]) -> Callable[P, Coroutine[Any, Any, Response]]:
    """Mark a route that takes one short look into the database.

    Where that is a file on this machine, whose readers wait for nobody, the look is taken at once: handing it to a
    thread and back would take as long again. Others go on in a thread, since a server may let them wait.
    """

    @wraps(answer)
    async def answer_quickly(*given: P.args, **named: P.kwargs) -> Response:
        if cast("Crewgen", named["front_door"]).reads_at_once:
            return answer(*given, **named)
        return await run_in_threadpool(answer, *given, **named)

    setattr(answer_quickly, _QUICK, True)
    return answer_quickly


def is_quick(endpoint: object) -> bool:
    """Tell whether what answers is such a route: it only looks, and what it says follows from what is stored."""
    return getattr(endpoint, _QUICK, False)


def make_router(tag: str, prefix: str = "") -> APIRouter:
    """Return a router of strict routes."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=StrictRoute, redirect_slashes=False)


async def front_door_of(request: Request) -> Crewgen:
    """Return the front door of whoever calls, as the gate found it."""
    return request.state.front_door


FrontDoor = Annotated[Crewgen, Depends(front_door_of)]


def refuse_unknown(request: Request, known: Mapping[str, bool]) -> None:
    """Raise Refusal for a query parameter that the route does not have or has twice, and for text that nothing holds.

    ``known`` says of each whether it may be given more than once. A filter with a slip in its name would otherwise pass
    for no filter at all.
    """
    seen: set[str] = set()
    for name, value in parse_qsl(request.url.query, keep_blank_values=True):
        if name not in known:
            there = f"there are {', '.join(sorted(known))}" if known else "this route takes none"
            _refuse_parameter(name[:100], f"there is no such parameter; {there}")
        if name in seen and not known[name]:
            _refuse_parameter(name, "it is given twice")
        if _UNSTORABLE.search(value):
            _refuse_parameter(name, UNSTORABLE)
        seen.add(name)
    for name, value in request.path_params.items():
        if _UNSTORABLE.search(str(value)):
            _refuse_parameter(name, UNSTORABLE)


def read_json(body: bytes) -> Any:  # noqa: ANN401 any JSON
    """Return what JSON says. Raises Refusal for what is no JSON, or cannot be stored."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_int=_read_integer, parse_float=_read_float, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        _refuse_body("#", "it is not UTF-8")
    except RecursionError:
        _refuse_body("#", "it is nested too deeply")
    except ValueError as error:
        _refuse_body("#", f"it is no valid JSON ({error})")
    if _SUSPECT.search(text):
        _refuse_unstorable(value, "#")
    return value


def _read_integer(digits: str) -> int:
    value = int(digits) if len(digits) <= 20 else LARGEST_INTEGER + 1
    if abs(value) > LARGEST_INTEGER:
        _refuse_body("#", f"the number {digits[:30]} has more than 64 bits")
    return value


def _read_float(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        _refuse_body("#", f"the number {digits[:30]} is too large")
    return value


def _refuse_constant(name: str) -> NoReturn:
    _refuse_body("#", f"{name} is no number of JSON")


def _refuse_unstorable(value: object, pointer: str) -> None:
    """Raise Refusal for a text or a name with a NUL or half a surrogate pair, at any depth."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            _refuse_body(pointer, UNSTORABLE)
    elif isinstance(value, list):
        for at, part in enumerate(cast("list[object]", value)):
            _refuse_unstorable(part, f"{pointer}/{at}")
    elif isinstance(value, dict):
        for name, part in cast("dict[str, object]", value).items():
            _refuse_unstorable(name, pointer)
            _refuse_unstorable(part, f"{pointer}/{escape_step(name)}")


def escape_step(step: object) -> str:
    """Write one step of a JSON pointer (RFC 6901)."""
    return str(step).replace("~", "~0").replace("/", "~1")


def _refuse_body(pointer: str, detail: str) -> NoReturn:
    raise Refusal(INVALID, f"The body: {detail}.", errors=[FieldError(pointer=pointer, detail=detail)])


def _refuse_parameter(name: str, detail: str) -> NoReturn:
    raise Refusal(INVALID, f"{name}: {detail}.", errors=[FieldError(parameter=name, detail=detail)])
