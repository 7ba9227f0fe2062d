"""Answers that are given again as long as nothing was stored: many programs ask how far a job is, every second.

Plain ASGI, behind the gate, so that whoever asks is known and every request counts.
"""

from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewgen_core.api.routing import is_quick
from crewgen_core.app import Crewgen

KEPT_S = 1.0
"""Seconds after which an answer is made anew all the same: it may tell how long something has been going on."""

MOST_KEPT, LARGEST = 256, 65_536
"""Answers that are kept, and bytes of one."""


@dataclass(frozen=True)
class Kept:
    """An answer of success, and when it was true."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    route: object
    changes: int
    at_s: float


class KeptAnswers:
    """Keeps what quick routes answer to a question; the same person gets it again while it is still true."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self._app = app
        self._kept: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        front_door: Crewgen | None = scope.get("state", {}).get("front_door")
        if front_door is None or scope["type"] != "http" or scope["method"] != "GET" or not front_door.reads_at_once:
            return await self._app(scope, receive, send)
        changes, now_s = front_door.count_changes(), monotonic()  # before the look: what is stored during it is missed
        if changes is None:
            return await self._app(scope, receive, send)
        key = (front_door.person, scope["path"], scope["query_string"])
        kept = self._kept.get(key)
        if kept and kept.changes == changes and now_s < kept.at_s + KEPT_S:
            scope["route"] = kept.route
            await send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
            return await send({"type": "http.response.body", "body": kept.body})
        answer: list[Message] = []

        async def note(message: Message) -> None:
            answer.append({**message, "headers": tuple(message["headers"])} if "headers" in message else message)
            await send(message)

        await self._app(scope, receive, note)
        if is_quick(scope.get("endpoint")) and len(answer) == 2 and answer[0]["status"] == 200:
            begin, end = answer
            if len(end["body"]) <= LARGEST and not end.get("more_body"):
                self._kept[key] = Kept(begin["headers"], end["body"], scope["route"], changes, now_s)
                self._kept.move_to_end(key)
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return None
