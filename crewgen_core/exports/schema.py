"""The JSON Schema of the crewgen file, made from the words themselves so that it cannot fall behind.

``docs/crewgen-1.schema.json`` is its published copy; ``python -m crewgen_core.exports.schema`` writes it anew.
"""

import json
import sys
from typing import Any

from crewgen_core.exports.crew_file import SCHEMA_NAME
from crewgen_core.models.crew import Crew


def crew_file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a crewgen file."""
    schema = Crew.model_json_schema()
    named = {"schema": {"const": SCHEMA_NAME, "description": "Name and number of this format."}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "crewgen crew file",
        "properties": {**named, **schema["properties"]},
        "required": ["schema", *schema.get("required", [])],
    }


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(crew_file_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
