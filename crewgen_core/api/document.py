"""The document of the API: OpenAPI 3.1, with everything that can be answered to each route."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from crewgen_core.api.problems import KINDS, MEDIA_TYPE, ProblemDocument
from crewgen_core.api.repeats import KEY

ALWAYS = (401, 403, 422, 429, 500, 503)
WITH_BODY = (413, 415)

HINTS = {
    401: "No token, or one that is wrong, expired or revoked",
    403: "Not allowed with this role or token, or sent by another site",
    404: "There is no such thing, or none that the caller may see",
    409: "It was changed in between, or is not in a state for it, or the same request is still being answered",
    413: "The body is too large",
    415: "The body is of another kind",
    422: "The request cannot be read, or what it asks for cannot be done as asked",
    429: "A limit is reached; `Retry-After` says for how long",
    500: "The program failed",
    502: "The model could not be asked",
    503: "The database is busy or away; ask again after `Retry-After` seconds",
}
"""What each status of a problem means."""

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A new UUID for each new request. The same key with the same request is answered with the first "
    "answer for 24 hours, marked with `Idempotent-Replayed: true`.",
    "schema": {"type": "string", "pattern": KEY},
    "example": "5b0f3c1e-8a5d-4f0e-9d6b-2f7c1a9e4d33",
}

DESCRIPTION = """
Everything that the dashboard can do, for programs. `docs/api.md` tells how to call it.

- **Token:** `Authorization: Bearer …`, made under Settings. A dashboard without login needs none from its own machine.
- **Problems** are documents of the type `application/problem+json` (RFC 9457): `detail` says what happened, `hint` what
  to do next.
- **Lists** give `next_cursor`; send it as `cursor` for the next page.
- **`Idempotency-Key`** on any POST makes a repeated request be answered with the first answer, for 24 hours.
"""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems that a route has beside those that every route has, as FastAPI takes them."""
    return {status: {"description": HINTS[status]} for status in statuses}


def describe(app: FastAPI, servers: list[dict[str, Any]], token_needed: bool) -> dict[str, Any]:
    """Return the document; without login a token may be sent, but need not be."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="Turns an objective into a crew of AI agents, checks, prices, improves and runs it.",
        description=DESCRIPTION,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=servers,
    )
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for left in ("HTTPValidationError", "ValidationError"):  # FastAPI's own, which nobody is answered with
        schemas.pop(left, None)
    schemas |= _describe_problem()
    document["components"]["responses"] = {f"Problem{status}": _describe_status(status) for status in HINTS}
    document["components"]["parameters"] = {"IdempotencyKey": IDEMPOTENCY_KEY}
    document["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token made under Settings."}
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, path, method, token_needed)
    return document


def _complete(operation: dict[str, Any], path: str, method: str, token_needed: bool) -> None:
    """Add what holds for every route."""
    responses: dict[str, Any] = operation["responses"]
    own = {int(status) for status in responses if status.isdigit() and int(status) >= 400}
    if path == "/health":
        own -= {503}  # it says what fails, in a document of its own
        statuses = own - {422} | {500}
        operation["security"] = []
    else:
        statuses = own.union(
            ALWAYS, WITH_BODY if method in ("post", "put") else (), {404} if "{" in path or _is_paged(operation) else ()
        )
        operation["security"] = [{"token": []}] if token_needed else [{}, {"token": []}]
    if method == "post":
        statuses.add(409)
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
    for status in own:
        del responses[str(status)]
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def _is_paged(operation: dict[str, Any]) -> bool:
    return any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", ()))


def _describe_problem() -> Mapping[str, Any]:
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "ProblemDocument": schema}


def _describe_status(status: int) -> dict[str, Any]:
    """Return the answer of one status, with an example of each kind of problem that has it."""
    examples = {
        kind.name: {
            "value": ProblemDocument(
                type=kind.type,
                title=kind.title,
                status=status,
                detail=f"{kind.title}.",
                hint=kind.hint,
                instance="/api/v1/generation/crews/7",
                request_id="0f3c4a9e2b7d4c1f8e6a5d3b2c1a0f9e",
            ).model_dump()
        }
        for kind in KINDS
        if kind.status == status
    }
    content = {"schema": {"$ref": "#/components/schemas/ProblemDocument"}, "examples": examples}
    return {"description": HINTS[status], "content": {MEDIA_TYPE: content}}
