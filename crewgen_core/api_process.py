"""The process that answers the REST API, as `api.apart` starts it: `python -m crewgen_core.api_process DESCRIPTOR`.

The descriptor is that of the socket on which it takes requests.

It ends when its standard input does, so it never outlives the server that started it.
"""

import gc
import os
import signal
import sys
from threading import Thread

import uvicorn

from crewgen_core.api.apart import KEPT_S, BehindServer
from crewgen_core.api.application import create_api
from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.serving import ANSWERS_END_WITHIN_S, wind_down_soon

FAILED = 2

SWITCH_S = 0.0005
"""Seconds that one thread of Python may make another one wait: a request passes between threads several times."""

ALLOCATIONS_BETWEEN_COLLECTIONS = 20_000
"""An answer makes some thousand objects; nearly all of them go by themselves when it is sent."""


def main(descriptor: int) -> int:
    """Answer requests until told to stop, and return the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all of a terminal; who started this process decides
    sys.setswitchinterval(SWITCH_S)
    try:
        crewgen = Crewgen.open()
    except CrewgenError as fault:
        print(f"{fault}\n{fault.hint}", file=sys.stderr)
        return FAILED
    api = create_api(lambda: crewgen)
    gc.freeze()  # what is loaded now stays: no search for garbage need look at it again
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    server = uvicorn.Server(
        uvicorn.Config(
            BehindServer(api),
            fd=descriptor,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=round(2 * KEPT_S),
            timeout_graceful_shutdown=ANSWERS_END_WITHIN_S,
        )
    )
    Thread(target=_wait_for_end_of_input, args=(server,), name="crewgen-parent", daemon=True).start()
    server.run()
    crewgen.close()
    return 0


def _wait_for_end_of_input(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    wind_down_soon()
    server.should_exit = True


if __name__ == "__main__":
    code = main(int(sys.argv[1]))
    sys.stderr.flush()
    os._exit(code)  # a crew that is still being designed was noted as failed; waiting for it could take minutes
