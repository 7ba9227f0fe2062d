"""The door to LiteLLM: imported when first needed, silent, and kept off the network until it is asked something."""

import asyncio
import logging
import os
import sys
from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType

QUIET_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy")


_ONE_AT_A_TIME = Lock()
"""Two threads that import it at once may see half of it, as its parts import each other in circles."""


def open_litellm() -> ModuleType:
    """Return LiteLLM, imported when first needed (2 to 4 seconds); other threads wait for it."""
    with _ONE_AT_A_TIME:
        try:
            return _import_litellm()
        except BaseException:
            for name in [name for name in sys.modules if name.partition(".")[0] == "litellm"]:
                del sys.modules[name]  # half of it would be in the way of the next try
            raise


@cache
def _import_litellm() -> ModuleType:
    """Import LiteLLM (2 to 4 seconds the first time) and return the module.

    Its price map is taken from the package instead of the network; its own retries, prints and reading of ``.env``
    files are off. It has no telemetry in the pinned version.
    """
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    import litellm  # late on purpose: see above

    import_module("openai.resources")  # else the first question imports it, on the event loop
    litellm.suppress_debug_info = True
    litellm.drop_params = False  # True makes it ask again behind our back after a 422
    litellm.num_retries = 0
    # its aiohttp transport leaves sessions open when a loop ends
    litellm.disable_aiohttp_transport = True
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


async def reach_litellm() -> ModuleType:
    """Return the module without holding up the event loop while it is imported.

    Who stops waiting for it does not stop the import: it goes on in its thread, for the next question.
    """
    if _import_litellm.cache_info().currsize:
        return open_litellm()
    return await asyncio.to_thread(open_litellm)


async def close_clients() -> None:
    """Close the connections that LiteLLM keeps open on this event loop; do nothing when it was never imported."""
    if _import_litellm.cache_info().currsize:
        module = open_litellm()
        await module.close_litellm_async_clients()
        module.in_memory_llm_clients_cache.cache_dict.clear()
