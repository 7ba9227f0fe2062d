"""Failure modes: ways in which crews were seen to fail, how often, and what of it a crew leaves open."""

import datetime
from typing import Annotated

from pydantic import Field

from crewgen_core.models.value import Value

Share = Annotated[float, Field(gt=0, le=100)]
"""Percent of all failures that the study counted."""


class FailureStudy(Value):
    """Where the failure modes and their shares come from."""

    short: str
    """What the study is called."""
    title: str
    authors: str
    source: str
    """Where it was published, with its version."""
    url: str = Field(pattern=r"^https://")
    date: datetime.date
    """Of that version."""
    traces: int = Field(gt=0)
    """Runs that were looked at."""
    frameworks: int = Field(gt=0)
    failing_low: Share
    failing_high: Share
    """Percent of the runs that failed, of the best and of the worst framework."""


class FailureGroup(Value):
    """Modes with a common origin."""

    key: str
    name: str
    share: Share


class FailureMode(Value):
    """One way to fail."""

    key: str
    """What rules call it ("step_repetition")."""
    code: str
    """What the study calls it ("FM-1.3")."""
    group: str
    """Key of its group."""
    name: str
    share: Share | None = None
    """None where the study gives no clear figure."""
    meaning: str
    """One sentence of our own."""


class FailureModes(Value):
    """The study with its groups and modes."""

    study: FailureStudy
    groups: tuple[FailureGroup, ...]
    modes: tuple[FailureMode, ...]


class Cause(Value):
    """A failure mode as seen from one crew."""

    mode: FailureMode
    open: tuple[str, ...]
    """Codes of the crew's findings that leave it open, each once."""
    watched: bool
    """False when no rule can see it before a run."""
