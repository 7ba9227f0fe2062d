"""ProblemDocument: what a caller reads when something cannot be done (RFC 9457), and which fault becomes which."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from crewgen_core.errors import (
    CannotDelete,
    CannotRun,
    CatalogFault,
    ChangeDoesNotFit,
    CrewgenError,
    EditConflict,
    KeyReused,
    LimitReached,
    ModelFault,
    NotAllowed,
    NotFound,
    NotSignedIn,
    StillRunning,
    StorageFault,
    UnknownSetting,
)

MEDIA_TYPE = "application/problem+json"

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="crewgen"'}
"""Says how to sign in, as RFC 6750 has it."""

COMES_BACK_AFTER_S = 5
"""Seconds after which a database that is locked or away is worth asking again [assumption]."""


class FieldError(BaseModel):
    """One part of a request that cannot be used."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    pointer: str | None = None
    """JSON pointer into the body ("#/objective/text"); null where it is no part of the body."""
    parameter: str | None = None
    """Name of the path or query parameter or the header; null where it is part of the body."""
    detail: str
    """What is wrong with it, in a sentence."""


class ProblemDocument(BaseModel):
    """Why something was not done, as RFC 9457 has it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """Which kind of problem it is; does not change ("urn:crewgen:problem:not-found")."""
    title: str
    """The kind in a few words."""
    status: int = Field(ge=400, le=599)
    """The HTTP status, once more."""
    detail: str
    """What happened, in a plain sentence."""
    hint: str = ""
    """What to do next."""
    instance: str = ""
    """The path that was asked for."""
    request_id: str = ""
    """Stands in the server's log beside everything that this request did."""
    errors: list[FieldError] = []
    """Each part of the request that cannot be used, where there are such parts."""
    newest: int | None = None
    """Of an edit conflict: the newest version, which somebody saved in between."""


@dataclass(frozen=True)
class Kind:
    """A kind of problem."""

    name: str
    title: str
    status: int
    hint: str = ""

    @property
    def type(self) -> str:
        """The URN of the kind."""
        return f"urn:crewgen:problem:{self.name}"


INVALID = Kind("invalid-request", "The request cannot be read", 422, "Correct what is named and send it again.")
REFUSED = Kind("refused", "This cannot be done as asked", 422)
NOT_SIGNED_IN = Kind(
    "not-signed-in", "No valid token", 401, "Make a token under Settings and send it as `Authorization: Bearer …`."
)
NOT_ALLOWED = Kind("not-allowed", "Not allowed", 403)
FOREIGN = Kind(
    "foreign-origin",
    "Sent by another site",
    403,
    "Call the API from a program, or from a page of the dashboard's own address.",
)
NOT_FOUND = Kind("not-found", "Not found", 404)
NO_ROUTE = Kind("no-such-route", "There is nothing at this address", 404, "Look at the documentation at /api/v1/docs.")
NO_METHOD = Kind("method-not-allowed", "Not with this method", 405, "The header Allow names the methods there are.")
CONFLICT = Kind("conflict", "It is not in that state any more", 409)
EDITED = Kind("edit-conflict", "Somebody saved in between", 409)
STILL_RUNNING = Kind("still-running", "The first request is still being answered", 409)
ELSEWHERE = Kind(
    "misdirected", "Not on this connection", 421, "Send it to the plain address, after the answer to the one before it."
)
TOO_LARGE = Kind("too-large", "The body is too large", 413, "Send less at once.")
MEDIA = Kind("unsupported-media-type", "Not this kind of body", 415, "Send `Content-Type: application/json`.")
KEY_REUSED = Kind("idempotency-key-reused", "The key was used for another request", 422)
LIMITED = Kind("limit-reached", "A limit is reached", 429)
BROKEN = Kind(
    "internal-error", "The program failed", 500, "Tell whoever runs this server the request_id; its log says more."
)
MODEL_FAILED = Kind("model-failed", "The model could not be asked", 502)
AWAY = Kind("unavailable", "The database is busy or away", 503)

KINDS: tuple[Kind, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
"""All kinds, in the order of their status."""

OF_FAULT: Mapping[type[CrewgenError], Kind] = {
    NotSignedIn: NOT_SIGNED_IN,
    NotAllowed: NOT_ALLOWED,
    NotFound: NOT_FOUND,
    LimitReached: LIMITED,
    EditConflict: EDITED,
    KeyReused: KEY_REUSED,
    StillRunning: STILL_RUNNING,
    CannotDelete: CONFLICT,
    CannotRun: CONFLICT,
    ChangeDoesNotFit: CONFLICT,
    ModelFault: MODEL_FAILED,
    CatalogFault: BROKEN,
    UnknownSetting: BROKEN,
    CrewgenError: REFUSED,
}
"""The kind of problem that a fault is; the nearest class counts. What cannot be used as it is, is REFUSED."""


class Refusal(Exception):
    """Raised where the API itself refuses a request."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        hint: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
        newest: int | None = None,
    ) -> None:
        """``detail`` and ``hint`` are sentences; an empty hint takes the kind's; the others are as in the document."""
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.hint = hint
        self.errors = errors
        self.headers = headers
        self.newest = newest


def tell_fault(fault: CrewgenError) -> Refusal:
    """Return what a caller reads about a fault of ours."""
    if isinstance(fault, StorageFault):
        headers = {"Retry-After": str(COMES_BACK_AFTER_S)} if fault.passing else {}
        return Refusal(AWAY if fault.passing else BROKEN, str(fault), fault.hint, headers=headers)
    if isinstance(fault, LimitReached):
        return Refusal(LIMITED, str(fault), fault.hint, headers={"Retry-After": str(max(1, ceil(fault.wait_s)))})
    if isinstance(fault, NotSignedIn):
        return Refusal(NOT_SIGNED_IN, str(fault), headers=CHALLENGE)
    kind = next(OF_FAULT[base] for base in type(fault).__mro__ if base in OF_FAULT)
    return Refusal(kind, str(fault), fault.hint)


def write_problem(refusal: Refusal, scope: Mapping[str, Any]) -> Response:
    """Return the answer to a request that is refused."""
    kind = refusal.kind
    problem = ProblemDocument(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=refusal.detail,
        hint=refusal.hint or kind.hint,
        instance=scope.get("path", ""),
        request_id=scope.get("state", {}).get("request_id", ""),
        errors=list(refusal.errors),
        newest=refusal.newest,
    )
    content = json.dumps(problem.model_dump(), ensure_ascii=True)  # no letter of a faulty request breaks the answer
    return Response(content, kind.status, dict(refusal.headers), MEDIA_TYPE)
