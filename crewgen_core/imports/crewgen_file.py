"""Reads crewgen files, and the design documents that ``generate --json`` prints, which hold the crew under "crew"."""

from typing import Any, cast

from pydantic import ValidationError

from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.imported import Imported
from crewgen_core.models.crew import Crew

SCHEMA_NAME = "crewgen/1"
"""The format that this version reads."""


def is_crewgen(document: object) -> bool:
    """Return whether a parsed document says that it is a crewgen file, or is a design document."""
    if not isinstance(document, dict):
        return False
    fields = cast("dict[str, object]", document)
    return str(fields.get("schema", "")).startswith("crewgen/") or isinstance(fields.get("crew"), dict)


def read_crewgen(name: str, document: dict[str, Any]) -> Imported:
    """Return the crew of a crewgen file or design document.

    Raises UnreadableCrew for an unknown field or a wrong value, naming the field, and for a newer format.
    """
    crew: Any = document["crew"] if isinstance(document.get("crew"), dict) else document
    schema = crew.get("schema", SCHEMA_NAME)
    if schema != SCHEMA_NAME:
        raise UnreadableCrew(
            f'The file {name} has the schema "{schema}", and this version reads "{SCHEMA_NAME}".',
            "Update crewgen, or export the crew again from the version that wrote it.",
        )
    return Imported(valid_crew(name, {key: value for key, value in crew.items() if key != "schema"}), "crewgen")


def valid_crew(name: str, fields: dict[str, Any]) -> Crew:
    """Return the fields as a crew. Raises UnreadableCrew, naming the first wrong field, when they are none."""
    try:
        return Crew.model_validate(fields)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]).lstrip(".")
        problem = "is unknown" if fault["type"] == "extra_forbidden" else f"cannot be read: {fault['msg']}"
        raise UnreadableCrew(
            f'The field "{field}" in {name} {problem}.', "Correct the field, or leave it out if it is optional."
        ) from error
