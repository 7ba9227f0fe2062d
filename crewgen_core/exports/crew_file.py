"""The crewgen file: a crew as JSON or YAML, complete, readable and editable by hand.

``{"schema": "crewgen/1", "name", "objective", "process", "coordination", "oversight", "manager"?, "agents", "tasks"}``;
``schema.py`` gives the JSON Schema. Fields that say nothing (no model, no reason, not asynchronous) are left out.
"""

import json
from typing import Any

from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import safe_name
from crewgen_core.exports.yaml_text import yaml_text
from crewgen_core.models.crew import Crew

SCHEMA_NAME = "crewgen/1"
"""Value of the field "schema"; a format that older readers cannot read gets the next number."""

_LEFT_OUT: dict[str, Any] = {"manager": None, "model": None, "why": "", "async_execution": False}
"""Optional fields with the value that says nothing."""


def crew_document(crew: Crew) -> dict[str, Any]:
    """Return the crew as the content of a crewgen file, made of plain values."""
    return {"schema": SCHEMA_NAME, **_without_empty(crew.model_dump(mode="json"))}


def export_crewgen_json(crew: Crew) -> Exported:
    """Return the crew as a crewgen file in JSON (UTF-8, indented)."""
    text = json.dumps(crew_document(crew), ensure_ascii=False, indent=2) + "\n"
    return Exported(f"{_stem(crew)}.json", text.encode(), "application/json")


def export_crewgen_yaml(crew: Crew) -> Exported:
    """Return the crew as a crewgen file in YAML (UTF-8)."""
    return Exported(f"{_stem(crew)}.yaml", yaml_text(crew_document(crew)).encode(), "application/yaml")


def _stem(crew: Crew) -> str:
    return f"{safe_name(crew.name, 'crew')}.crewgen"


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _LEFT_OUT and value == _LEFT_OUT[name]:
            continue
        if isinstance(value, dict):
            kept[name] = _without_empty(value)  # pyright: ignore[reportUnknownArgumentType]
        elif name in ("agents", "tasks"):
            kept[name] = [_without_empty(part) for part in value]
        else:
            kept[name] = value
    return kept
