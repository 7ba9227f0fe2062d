"""Patience with a database that fails for a while: a lock that somebody holds, a full disk, a server that restarts."""

from collections.abc import Callable
from itertools import count
from time import sleep
from typing import TypeVar

from crewgen_core.errors import StorageFault
from crewgen_core.logs import get_log

LONGEST_PAUSE_S = 30.0
"""Longest pause before a database that failed is tried again, in seconds."""

Result = TypeVar("Result")

_log = get_log("jobs")


def persist(do: Callable[[], Result]) -> Result:
    """Do something with the database; while it fails for now, wait and do it again: nothing is lost because of it.

    Raises StorageFault where waiting would not help.
    """
    for tried in count():
        try:
            return do()
        except StorageFault as fault:
            if not fault.passing:
                raise
            _log.warning("database failed", reason=str(fault))
            sleep(min(2.0**tried, LONGEST_PAUSE_S))
    raise AssertionError("It is tried until it works.")
