"""How answers are written: once, straight to bytes, in the thread that made them."""

import json
from collections.abc import Mapping

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"


def reply(value: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a value as the answer. The document of the API tells its shape, so it is not checked a second time."""
    return Response(write_json(value), status, headers, JSON)


def locate(request: Request, path: str) -> dict[str, str]:
    """Return the header that says where something new is; ``path`` begins after the version."""
    return {"Location": f"{request.scope.get('root_path', '')}{path}"}


def write_json(value: BaseModel) -> bytes:
    """Return a value as JSON; a figure that is no number (a crew that takes for ever) becomes null."""
    content = value.model_dump_json().encode()
    if b"Infinity" in content or b"NaN" in content:
        content = to_json(json.loads(content), inf_nan_mode="null")
    return content
