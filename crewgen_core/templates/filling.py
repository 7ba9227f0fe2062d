"""Fills the blanks of a template: one value for each, everywhere it stands, and no value is searched for blanks."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError

from crewgen_core.errors import UnusableTemplate
from crewgen_core.models.crew import Crew
from crewgen_core.models.template import BLANK, Template

_SPACES = re.compile(r" {2,}")


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its blanks filled; a blank without a value stays. One at the start begins with a capital."""
    if "[[" not in text:
        return text
    filled = BLANK.sub(lambda found: values.get(found[1], found[0]), text)
    if "" in values.values():
        filled = _SPACES.sub(" ", filled).strip()
    return filled[:1].upper() + filled[1:] if text.startswith("[[") else filled


def fill_crew(template: Template, values: Mapping[str, str]) -> Crew:
    """Return the skeleton with its blanks filled, and with the filled objective. Raises UnusableTemplate."""
    filled = map_texts(template.crew, lambda text: fill_text(text, values))
    objective = fill_text(template.objective, values) or filled.get("objective", "")
    try:
        return Crew.model_validate(filled | {"objective": objective})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UnusableTemplate(
            f"With these values, a text of the template “{template.name}” becomes too long ({where}).",
            "Fill its blanks with fewer words.",
        ) from error


def map_texts(crew: Crew, change: Callable[[str], str]) -> dict[str, Any]:
    """Return the crew as plain values, with every text changed; keys and names of the catalog have no blanks."""
    return cast("dict[str, Any]", _map(crew.model_dump(), change))


def find_blanks(template: Template) -> tuple[str, ...]:
    """Return the names of all blanks that the texts have, in the order in which they come."""
    texts = (template.objective, *read_texts(template.crew))
    return tuple(dict.fromkeys(name for text in texts for name in BLANK.findall(text)))


def read_texts(crew: Crew) -> Iterator[str]:
    """Yield every text of a crew."""
    yield from _walk(crew.model_dump())


def _map(part: object, change: Callable[[str], str]) -> object:
    if isinstance(part, str):
        return change(part)
    if isinstance(part, dict):
        return {name: _map(value, change) for name, value in cast("dict[str, object]", part).items()}
    if isinstance(part, list | tuple):
        return tuple(_map(item, change) for item in cast("list[object]", part))
    return part


def _walk(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in cast("dict[str, object]", part).values():
            yield from _walk(value)
    elif isinstance(part, list | tuple):
        for item in cast("list[object]", part):
            yield from _walk(item)
