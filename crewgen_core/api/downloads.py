"""Files as answers."""

from typing import Any, Protocol
from urllib.parse import quote

from starlette.responses import Response

REPORTS = ("text/html", "application/pdf")
"""What a report for stakeholders comes as."""

READ = ("application/json", "application/yaml")
"""Kinds that a program reads into values, which a schema of text would not describe."""
BYTES = {"type": "string", "format": "binary"}


class File(Protocol):
    """What the front door gives as a file."""

    @property
    def name(self) -> str:
        """Without folders."""
        ...

    @property
    def content(self) -> bytes:
        """All of it."""
        ...

    @property
    def media_type(self) -> str:
        """What it is."""
        ...


def give_file(file: File) -> Response:
    """Return a file as the answer: to be saved, never to be shown by a browser."""
    disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.content, media_type=file.media_type, headers={"Content-Disposition": disposition})


def files(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return how a route that gives files is described, as FastAPI takes it."""
    content = {media: {"schema": {} if media in READ else BYTES} for media in media_types}
    return {200: {"description": "The file", "content": content}}
