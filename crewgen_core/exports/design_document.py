"""The design document: a whole generation as plain values, which every reader of crew files can read too."""

from typing import Any

from crewgen_core.exports.crew_file import SCHEMA_NAME, crew_document
from crewgen_core.models.design import Design


def design_document(design: Design, request_id: int, crew_id: int) -> dict[str, Any]:
    """Return request, crew and everything about it; "crew" is the content of a crewgen file."""
    return {
        "schema": SCHEMA_NAME,
        "request_id": request_id,
        "crew_id": crew_id,
        "objective": design.objective.model_dump(mode="json"),
        "analysis": design.analysis.model_dump(mode="json", exclude={"objective"}),
        "crew": crew_document(design.crew),
        "report": design.report.model_dump(mode="json"),
        "estimate": design.estimate.model_dump(mode="json"),
        "provenance": design.provenance.model_dump(mode="json"),
    }
