"""The answer that a model gives: its form, and how to read it when the model did not keep to the form.

What is read here is well-formed and still untrusted; ``grounding`` makes a crew of it.
"""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, cast

import json_repair
from pydantic import BaseModel, BeforeValidator, ConfigDict

from crewgen_core.models.objective import clean_text

LONGEST_ANSWER = 100_000
"""Characters of an answer that are repaired; a crew of 25 tasks has about 30,000."""

LONGEST_JSON = 2_000_000
"""Characters of an answer that are read when it is sound JSON, which takes a hundredth of the time."""

MOST_PARTS = 60
"""Agents and tasks that are read at all, each."""

MOST_NAMES = 30
"""Names read from one list of skills, tools or tasks."""

_LONGEST_TEXT = 4_000
NOT_SAID = 0.0
"""Human minutes of a task for which the answer gives no number, or one beyond reason."""

_FEWEST_MINUTES, _MOST_MINUTES = 1.0, 2_400.0
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""Orders to a terminal, of which only the first character could not be seen."""
_NAME_FIELDS = ("key", "name", "title", "role", "id")
_DEEPEST = 3
"""How deep a crew may be wrapped ({"result": {"crew": {...}}})."""


def _as_text(value: object) -> str:
    """Read a text; of a list or an object, the texts in it, one a line."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = "\n".join(_as_text(item) for item in cast("list[object]", value)[:MOST_NAMES])
    elif isinstance(value, dict):
        value = "\n".join(_as_text(item) for item in cast("dict[str, object]", value).values())
    elif isinstance(value, int):
        value = str(value)[:20] if abs(value) < 10**18 else ""
    return clean_text(_TERMINAL.sub("", str(value)[:_LONGEST_TEXT]))


def _as_names(value: object) -> tuple[str, ...]:
    """Read a list of names, also from one text with commas or from objects that have a name."""
    if isinstance(value, str):
        value = re.split(r"[,;\n]", value)
    elif isinstance(value, dict):
        value = list(cast("dict[str, object]", value))
    if not isinstance(value, list | tuple):
        return ()
    names = (_name_of(item) for item in cast("list[object]", value)[:MOST_NAMES])
    return tuple(dict.fromkeys(name for name in names if name))


def _name_of(item: object) -> str:
    if isinstance(item, dict):
        fields = cast("dict[str, object]", item)
        item = next((fields[field] for field in _NAME_FIELDS if field in fields), "")
    return _as_text(item)[:200]


def _as_minutes(value: object) -> float:
    """Read minutes, also from "90 minutes" or "1.5 h"."""
    if isinstance(value, str):
        number = _NUMBER.search(value)
        hours = re.search(r"\d\s*h", value, re.I) is not None
        value = float(number.group()) * (60 if hours else 1) if number else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # the last: NaN
        return NOT_SAID
    return float(max(value, _FEWEST_MINUTES)) if 0 <= value <= _MOST_MINUTES else NOT_SAID


def _as_process(value: object) -> str:
    return "hierarchical" if _as_text(value).lower() == "hierarchical" else "sequential"


def as_parts(value: object) -> list[dict[str, Any]]:
    """Read a list of agents or tasks, also from an object that has them by key; whatever is no object is left out."""
    if isinstance(value, dict):
        named = cast("dict[str, object]", value)
        value = [{"key": key, **cast("dict[str, Any]", part)} for key, part in named.items() if isinstance(part, dict)]
    if not isinstance(value, list | tuple):
        return []
    return [cast("dict[str, Any]", part) for part in cast("list[object]", value) if isinstance(part, dict)][:MOST_PARTS]


Text = Annotated[str, BeforeValidator(_as_text)]
Names = Annotated[tuple[str, ...], BeforeValidator(_as_names)]
Minutes = Annotated[float, BeforeValidator(_as_minutes)]


class Answered(BaseModel):
    """What the parts of an answer have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class AgentAnswer(Answered):
    """An agent as the model words it."""

    key: Text = ""
    role: Text = ""
    goal: Text = ""
    backstory: Text = ""
    skills: Names = ()
    tools: Names = ()
    why: Text = ""


class TaskAnswer(Answered):
    """A task as the model words it."""

    key: Text = ""
    name: Text = ""
    description: Text = ""
    expected_output: Text = ""
    agent: Text = ""
    depends_on: Names = ()
    skills: Names = ()
    tools: Names = ()
    human_minutes: Minutes = NOT_SAID
    why: Text = ""


class CrewAnswer(Answered):
    """A crew as the model words it."""

    agents: Annotated[tuple[AgentAnswer, ...], BeforeValidator(as_parts)] = ()
    tasks: Annotated[tuple[TaskAnswer, ...], BeforeValidator(as_parts)] = ()
    process: Annotated[Literal["sequential", "hierarchical"], BeforeValidator(_as_process)] = "sequential"


def read_answer(text: str) -> CrewAnswer | None:
    """Return the crew that the text holds, repaired where needed; None when there is none with agents and tasks."""
    for fields in find_objects(text, "agents", "tasks"):
        answer = CrewAnswer.model_validate(fields)
        if answer.agents and answer.tasks:
            return answer
    return None


def find_objects(text: str, *names: str) -> Iterator[dict[str, Any]]:
    """Yield every object in the text that has fields of these names, however it is wrapped; repaired where needed."""
    for content in _contents(text[:LONGEST_JSON]):
        yield from _objects(content, frozenset(names), _DEEPEST)


def _contents(text: str) -> Iterator[object]:
    """Yield what the text may mean as JSON: as it is, without what stands before and after, and repaired."""
    start = text.find("{")
    if start < 0:
        return
    decoder = json.JSONDecoder(object_pairs_hook=_join_fields)
    for begin in (0, start):
        try:
            content = decoder.raw_decode(text[begin:].lstrip())[0]
            yield decoder.decode(content) if isinstance(content, str) else content  # JSON within a text of JSON
        except (ValueError, RecursionError):
            continue
    for begin in (start, text.find("{", max(0, text.find('"agents"') - 20))):
        try:
            yield json_repair.loads(text[max(0, begin) :][:LONGEST_ANSWER])
        except (ValueError, RecursionError):
            continue


def _join_fields(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of a field that is there twice, the later one, unless it has nothing or no parts any more."""
    joined: dict[str, Any] = {}
    for name, value in fields:
        known = joined.get(name)
        if not known or (value and isinstance(value, list | dict) >= isinstance(known, list | dict)):
            joined[name] = value
    return joined


def _objects(content: object, names: frozenset[str], depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        fields = cast("dict[str, Any]", content)
        if names <= fields.keys():
            yield fields
        inner = list(fields.values())
    elif isinstance(content, list):
        inner = cast("list[Any]", content)[:MOST_PARTS]
    else:
        return
    if depth:
        for item in inner:
            yield from _objects(item, names, depth - 1)
