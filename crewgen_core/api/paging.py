"""Long lists in pages: the newest first, each page with a cursor for the next one."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from crewgen_core.api.problems import NOT_FOUND, FieldError, Refusal
from crewgen_core.api.reply import reply
from crewgen_core.models.value import Value

Row = TypeVar("Row", bound=Value)

MOST_ROWS = 100

Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows of a page.")]

Cursor = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9_-]{4,60}$",
        description="`next_cursor` of the page before; leave it out for the first page. What is in it may change.",
    ),
]


class Page(Value, Generic[Row]):
    """Some rows of a longer list."""

    items: tuple[Row, ...]
    next_cursor: str | None
    """Gives the next page; null on the last one."""


def read_cursor(cursor: str | None, of: str) -> int | None:
    """Return where a page begins, None for the first; ``of`` names the list. Raises Refusal: there is no such page."""
    if cursor is None:
        return None
    try:
        said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        said = ""
    name, _, number = said.partition(":")
    if name != of or not number.isdecimal() or len(number) > 18:
        error = FieldError(parameter="cursor", detail="it is no cursor of this list")
        raise Refusal(NOT_FOUND, "There is no such page.", "Take next_cursor as it was given.", errors=[error])
    return int(number)


def write_cursor(of: str, number: int) -> str:
    """Return the cursor of a page that begins at a number."""
    return base64.urlsafe_b64encode(f"{of}:{number}".encode()).decode().rstrip("=")


def give_page(
    request: Request,
    kind: type[Page[Row]],
    rows: Sequence[Row],
    limit: int,
    of: str,
    number_of: Callable[[Row], int],
) -> Response:
    """Return a page as the answer; ``rows`` are one more than asked for where there are more.

    The header Link has the address of the next page (RFC 8288).
    """
    shown = tuple(rows[:limit])
    cursor = write_cursor(of, number_of(shown[-1])) if len(rows) > limit else None
    headers: dict[str, str] = {}
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return reply(kind(items=shown, next_cursor=cursor), headers=headers)
