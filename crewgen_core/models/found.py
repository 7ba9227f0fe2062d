"""Things as a search and a list of favourites show them: enough to know them by, and what leads to them."""

from typing import Literal

from crewgen_core.models.value import Value

Findable = Literal["crew", "job", "template", "run"]
"""What a search finds, and what people star and open."""


class Found(Value):
    """One thing."""

    thing: Findable
    key: str
    """Its number; of a template its key."""
    name: str
    about: str = ""
    """What else tells it apart, in a line: the objective of a crew, the state of a job."""


class Findings(Value):
    """What a search found, group by group, the newest first in each."""

    crews: tuple[Found, ...] = ()
    jobs: tuple[Found, ...] = ()
    templates: tuple[Found, ...] = ()
    runs: tuple[Found, ...] = ()
    """Runs of the crews that were found."""
