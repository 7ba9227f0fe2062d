"""Scenario: a field with the objectives that its demo crews are made for."""

from pydantic import Field

from crewgen_core.models.objective import Objective
from crewgen_core.models.value import Value


class DemoObjective(Value):
    """An objective that a demo crew is designed for."""

    objective: Objective
    days_ago: int = Field(ge=0, le=60)
    """How many days before the demo was loaded its crew is dated."""
    runs: int = Field(default=0, ge=0, le=20)
    """How many runs of the crew are simulated, between that day and now."""


class DemoTemplate(Value):
    """What the template is called that is made of a scenario's first crew, and one crew that is made from it."""

    key: str
    name: str
    description: str
    category: str
    use: DemoObjective
    crew_name: str
    """What the crew that is made from it is called, as a person would rename it."""


class Scenario(Value):
    """One field, as its data file tells it."""

    name: str
    crews: tuple[DemoObjective, ...] = Field(min_length=1)
    template: DemoTemplate | None = None


class Brief(Value):
    """A row of the demo's bulk job."""

    line: int
    """Its row in the file."""
    name: str
    objective: Objective
    tags: str


BRIEFS_FILE = "client_briefs.csv"
JOB_NAME = "Client briefs of an agency"
JOB_DAYS_AGO = 6
