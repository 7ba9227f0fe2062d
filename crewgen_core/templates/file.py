"""The file that a template travels in: JSON of the form ``crewgen-template/1``. What comes in is not trusted."""

import json
from typing import Any, cast

from pydantic import ValidationError

from crewgen_core.errors import UnreadableTemplate, UnusableTemplate
from crewgen_core.models.template import Template
from crewgen_core.templates.checking import check_template

SCHEMA = "crewgen-template/1"

LARGEST = 2_000_000
"""Bytes of a file that is read at all; a template of 25 tasks has about 60,000."""


def write_template(template: Template) -> bytes:
    """Return the template as a file; what is as by default is left out."""
    content = {"schema": SCHEMA, **template.model_dump(mode="json", exclude_defaults=True)}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def read_template(content: bytes) -> Template:
    """Return the template that a file holds. Raises UnreadableTemplate, saying where the file is wrong."""
    if len(content) > LARGEST:
        raise UnreadableTemplate(f"The file has {len(content):,} bytes; a template has {LARGEST:,} at most.")
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableTemplate("The file is not JSON in UTF-8.") from error
    if not isinstance(read, dict):
        raise UnreadableTemplate("The file holds no template: its JSON is not an object.")
    fields = cast("dict[str, Any]", read)
    schema = fields.pop("schema", None)
    if schema != SCHEMA:
        said = f"says “{str(schema)[:50]}”" if schema is not None else "does not say so"
        raise UnreadableTemplate(f"A template file has the schema “{SCHEMA}”, and this one {said}.")
    try:
        return check_template(Template.model_validate_json(json.dumps(fields)))
    except ValidationError as error:
        raise UnreadableTemplate(_describe(error)) from error
    except (UnusableTemplate, RecursionError) as error:
        raise UnreadableTemplate(f"The template in the file cannot be used. {error}") from error


def _describe(error: ValidationError) -> str:
    """Name the first fault, and how many there are."""
    first = error.errors()[0]
    where = ".".join(str(part)[:50] for part in first["loc"]) or "the file"
    rest = f" There are {error.error_count() - 1} more faults." if error.error_count() > 1 else ""
    return f"The template in the file is wrong at {where}: {first['msg']}.{rest}"
