"""The documentation page: Swagger UI from an installed package, so that it works without the internet.

The page holds no script and no style of its own: what starts Swagger UI is a file, so that its content security policy
needs no exception for scripts. Swagger UI writes ``style`` attributes and uses ``data:`` images.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

router = APIRouter(include_in_schema=False)

FILES: Mapping[str, str] = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
"""Files of the package, with their media types."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""The Content-Security-Policy of the page."""

A_DAY = {"Cache-Control": "public, max-age=86400"}

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>crewgen: REST API</title>
<link rel="stylesheet" href="{root}/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="{root}/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui" data-document="{root}/openapi.json"></div>
<script src="{root}/docs/swagger-ui-bundle.js"></script>
<script src="{root}/docs/start.js"></script>
</body>
</html>
"""

START = """"use strict";
SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.document,
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  tagsSorter: undefined,
  validatorUrl: null,
});
"""


@router.get("/docs")
async def show_page(request: Request) -> Response:
    """Return the page."""
    page = PAGE.format(root=request.scope.get("root_path", ""))
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": POLICY})


@router.get("/docs/{name}")
async def give_file(name: str) -> Response:
    """Return a file that the page needs."""
    if name == "start.js":
        return Response(START, media_type="text/javascript", headers=A_DAY)
    if name not in FILES:
        raise HTTPException(404)
    return Response(_read(name), media_type=FILES[name], headers=A_DAY)


@cache
def _read(name: str) -> bytes:
    return (resources.files("fastapi_swagger") / "resources" / name).read_bytes()
