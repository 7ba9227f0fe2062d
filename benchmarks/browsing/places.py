"""The pages that are measured: where each is, what stands at its top, and which click leads there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page of an app."""

    name: str
    path: str
    """Its address below the server's, with what it is asked for."""
    heading: str = ""
    """What its heading says; "" where any will do."""
    before: str = "validate"
    """Address of the page on which is clicked."""
    link: str = ""
    """What the address of the link ends with or, with a leading ".", which element is clicked."""
    parts: int = 3
    """Elements beside the heading from which on the page means something to whoever looks at it."""


EMPTY = Place("An empty app", "", "One", before="two", link="/", parts=0)

CREW, JOB, RUN = 5, 1, 3
"""Numbers of those that are opened by their address; clicks open the newest."""

PLACES = (
    Place("Home", "", "crewgen", link="/"),
    Place("Generate", "generate", "Generate a crew", link="/generate"),
    Place("A crew", f"crew?crew={CREW}", before="", link=".st-key-crews a"),
    Place("Bulk", "bulk", "Bulk", link="/bulk"),
    Place("A job", f"job?job={JOB}", before="bulk", link=".st-key-jobs a"),
    Place("Templates", "templates", "Templates", link="/templates"),
    Place("Validate", "validate", "Validate", before="generate", link="/validate"),
    Place("Optimize", "optimize", "Optimize", link="/optimize"),
    Place("Runs", "runs", "Runs", link="/runs"),
    Place("A run", f"run?run={RUN}", before="runs", link=".st-key-runs a"),
    Place("Analytics", "analytics", "Analytics", link="/analytics"),
    Place("Settings", "settings", "Settings", link="/settings"),
)
