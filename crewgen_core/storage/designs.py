"""What a request keeps of its design, and the design put together again.

Crew, report, estimate and objective are those of version 1 of the crew, which never changes: they are kept there only.
"""

from typing import Any

from sqlalchemy import Connection

from crewgen_core.models.analysis import Analysis
from crewgen_core.models.design import Design, Provenance
from crewgen_core.models.value import Value
from crewgen_core.storage import crews
from crewgen_core.storage.documents import read_value


class Origin(Value):
    """Where a crew comes from: what of a design is not in the first version of its crew."""

    analysis: Analysis
    provenance: Provenance


def write_origin(design: Design) -> Origin:
    """Return what a request keeps of its design."""
    return Origin(analysis=design.analysis, provenance=design.provenance)


def read_design(connection: Connection, document: dict[str, Any], crew_id: int, where: str) -> Design:
    """Return the design of a request; earlier versions of crewgen kept all of it there.

    Raises StorageFault for what cannot be read, NotFound when there is no such crew.
    """
    if "crew" in document:
        return read_value(Design, document, where)
    origin = read_value(Origin, document, where)
    first = crews.get(connection, crew_id, 1)
    parts = {"objective": first.objective, "crew": first.crew, "report": first.report, "estimate": first.estimate}
    return read_value(Design, {**parts, "analysis": origin.analysis, "provenance": origin.provenance}, where)
