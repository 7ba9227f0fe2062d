"""The API until somebody asks it something: FastAPI takes half a second that who opens a page need not wait for."""

from collections.abc import Callable

import anyio
import anyio.to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from crewgen_core.app import Crewgen


class SleepingApi:
    """The API as an ASGI application that is made at its first request."""

    def __init__(self, find_front_door: Callable[[], Crewgen]) -> None:
        """``find_front_door`` is asked at the first request too."""
        self._find_front_door = find_front_door
        self._api: ASGIApp | None = None
        self._waking = anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._api is None:
            async with self._waking:
                self._api = self._api or await anyio.to_thread.run_sync(self._wake)
        await self._api(scope, receive, send)

    def _wake(self) -> ASGIApp:
        from crewgen_core.api.application import create_api

        return create_api(self._find_front_door)
