"""The process that answers the REST API, as `api.apart` starts it: `python -m crewgen_core.api_process DESCRIPTOR`.

The descriptor is that of its end of the way over which it gets connections. It ends when the other end is closed, so it
never outlives the server that started it.
"""

import gc
import os
import signal
import socket
import sys

import uvicorn

from crewgen_core.api.apart import at_its_address
from crewgen_core.api.application import create_api
from crewgen_core.api.handover import Exchange, SharedConnection, adopt
from crewgen_core.app import Crewgen
from crewgen_core.door.headers import DOCUMENT_ONLY
from crewgen_core.door.login import read_login
from crewgen_core.door.way_in import lay_out
from crewgen_core.errors import CrewgenError
from crewgen_core.serving import ANSWERS_END_WITHIN_S, wind_down_soon

FAILED = 2

SWITCH_S = 0.0005
"""Seconds that one thread of Python may make another one wait: a request passes between threads several times."""

ALLOCATIONS_BETWEEN_COLLECTIONS = 20_000
"""An answer makes some thousand objects; nearly all of them go by themselves when it is sent."""


class ApiServer(uvicorn.Server):
    """A server that does not listen: it gets connections from the process that does."""

    answers_api = True

    def __init__(self, config: uvicorn.Config, end: socket.socket) -> None:
        """``end`` is this side's end of the way between the two."""
        super().__init__(config)
        self._end = end
        self._exchange: Exchange | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to take connections."""
        await super().startup(sockets)
        self._exchange = Exchange(self._end, self, self._wind_down)
        self._exchange.say_ready()

    def hand_over(self, connection: SharedConnection, begun: bytes) -> bool:
        """Give back a connection on which a page is asked for."""
        if self._exchange is None or self.should_exit:
            return False
        self._exchange.hand_over(connection, begun)
        return True

    def adopt(self, begun: bytes) -> SharedConnection:
        """Return what reads on a connection on which the API is asked."""
        return adopt(self, self, begun)

    def _wind_down(self) -> None:
        wind_down_soon()
        self.should_exit = True


def main(descriptor: int) -> int:
    """Answer requests until told to stop, and return the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all of a terminal; who started this process decides
    sys.setswitchinterval(SWITCH_S)
    try:
        crewgen = Crewgen.open()
        login = read_login(crewgen.settings)
    except CrewgenError as fault:
        print(f"{fault}\n{fault.hint}", file=sys.stderr)
        return FAILED
    app = at_its_address(create_api(lambda: crewgen))
    steps = lay_out(crewgen.settings, login, lambda _: False, DOCUMENT_ONLY, most_upload_bytes=0)
    for step in reversed(steps):
        app = step(app)
    gc.freeze()  # what is loaded now stays: no search for garbage need look at it again
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=ANSWERS_END_WITHIN_S,
    )
    ApiServer(config, socket.socket(fileno=descriptor)).run(sockets=[])
    crewgen.close()
    return 0


if __name__ == "__main__":
    code = main(int(sys.argv[1]))
    sys.stderr.flush()
    os._exit(code)  # a crew that is still being designed was noted as failed; waiting for it could take minutes
