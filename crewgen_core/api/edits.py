"""Edits that two people may make at once: one wins, and the other is told what is newest and loses nothing."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Annotated

from pydantic import Field, StrictBool

from crewgen_core.api.problems import EDITED, Refusal
from crewgen_core.api.routing import LARGEST_NUMBER
from crewgen_core.errors import EditConflict
from crewgen_core.models.value import Value

Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
"""A version, or the number of something stored."""


class Sharing(Value):
    """Who may look at a thing and use it."""

    shared: StrictBool
    """True: everybody who may use the dashboard; false: its owner and administrators."""


HINT = "Look at the newest version, make your edit there, and send it with `expected` set to its number."


@contextmanager
def telling_newest(find_newest: Callable[[], int]) -> Generator[None]:
    """Within the block, an edit conflict becomes a problem that names the newest version."""
    try:
        yield
    except EditConflict as conflict:
        raise Refusal(EDITED, str(conflict), HINT, newest=find_newest()) from conflict
