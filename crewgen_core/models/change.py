"""Change: one edit of a crew, with its reason; applying it gives a new crew.

An edit addresses a part of the crew by key ("tasks/write_brief/agent"), so it stays readable in a diff and in JSON,
and still means the same after other parts were added or moved.
"""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field, JsonValue, ValidationError

from crewgen_core.errors import ChangeDoesNotFit
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.value import Quantiles, UsdQuantiles, Value

PARTS = ("agents", "tasks")
"""Fields of a crew that hold parts, each with a key."""


class Edit(Value):
    """One elementary step of a change.

    ``path`` is a field of the crew ("process"), a part ("agents/analyst") or a field of a part
    ("agents/analyst/goal"). ``set`` replaces it; ``remove`` deletes a part; ``add`` takes in a part (path "agents" or
    "tasks", value the whole part; one that is there just so already is not added twice) or puts a value into a list of
    a part ("tasks/write/depends_on"); ``move`` puts a part elsewhere. A part that is added or moved goes in front of
    the part that ``before`` names, to the end where there is none.
    """

    op: Literal["set", "add", "remove", "move"]
    path: str = Field(max_length=400)
    value: JsonValue = None
    before: str | None = None


class Effect(Value):
    """What a change does to the estimate: the figures after it."""

    success: Quantiles
    cost_usd: UsdQuantiles | None
    duration_s: Quantiles

    @classmethod
    def of(cls, estimate: Estimate) -> "Effect":
        """Return the figures of an estimate that people compare."""
        return cls(success=estimate.success, cost_usd=estimate.cost_usd, duration_s=estimate.duration_s)


class Change(Value):
    """One edit of a crew that a person can read, apply and undo."""

    title: str
    """What it does, as a command ("Add a verification task")."""
    reason: str
    edits: tuple[Edit, ...]
    effect: Effect | None = None


def apply_change(crew: Crew, change: Change) -> Crew:
    """Return the crew with the change applied.

    Raises ChangeDoesNotFit when a part that the change names is not there, or the result would not be a crew.
    """
    state: dict[str, Any] = crew.model_dump(mode="json")
    for edit in change.edits:
        _apply_edit(state, edit)
    try:
        return Crew.model_validate(state)
    except ValidationError as error:
        raise ChangeDoesNotFit(f'The change "{change.title}" does not give a valid crew.') from error


def apply_changes(crew: Crew, changes: Iterable[Change]) -> Crew:
    """Return the crew with the changes applied, one after the other. Raises ChangeDoesNotFit."""
    for change in changes:
        crew = apply_change(crew, change)
    return crew


def set_field(path: str, value: object) -> Edit:
    """Return the edit that sets a field of the crew or of a part."""
    return Edit.model_validate({"op": "set", "path": path, "value": value})


def _apply_edit(state: dict[str, Any], edit: Edit) -> None:
    name, *steps = edit.path.split("/")
    if name not in Crew.model_fields:
        raise ChangeDoesNotFit(f'The change names "{edit.path}", which is no part of a crew.')
    if not steps and edit.op == "set" and (name not in PARTS or _are_parts(edit.value)):
        state[name] = edit.value
    elif not steps and edit.op == "add" and name in PARTS:
        _add_part(state[name], edit)
    elif steps and name in PARTS:
        _edit_part(state[name], steps, edit)
    elif len(steps) == 1 and edit.op == "set" and name == "manager" and isinstance(state[name], dict):
        state["manager"][steps[0]] = edit.value
    else:
        raise ChangeDoesNotFit(f'The change cannot {edit.op} "{edit.path}" in this crew.')


def _add_part(parts: list[Any], edit: Edit) -> None:
    if not _are_parts([edit.value]):
        raise ChangeDoesNotFit(f'The change adds something without a key to "{edit.path}".')
    if edit.value not in parts:
        _insert(parts, edit.value, edit.before)


def _edit_part(parts: list[Any], steps: list[str], edit: Edit) -> None:
    """Apply an edit of a part, or of one of its fields; ``steps`` are the part's key and the field's name."""
    at = next((i for i, part in enumerate(parts) if part["key"] == steps[0]), None)
    if at is None:
        raise ChangeDoesNotFit(f'The change names "{edit.path}", which this crew no longer has.')
    match edit.op, steps:
        case "remove", [_]:
            del parts[at]
        case "move", [_]:
            _insert(parts, parts.pop(at), edit.before)
        case "set", [_] if _are_parts([edit.value]):
            parts[at] = edit.value
        case "set", [_, field]:
            parts[at][field] = edit.value
        case "add", [_, field] if isinstance(parts[at].get(field), list):
            if edit.value not in parts[at][field]:
                parts[at][field] = [*parts[at][field], edit.value]
        case _:
            raise ChangeDoesNotFit(f'The change cannot {edit.op} "{edit.path}" in this crew.')


def _are_parts(value: JsonValue) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) and "key" in part for part in value)


def _insert(parts: list[Any], part: JsonValue, before: str | None) -> None:
    keys = [other["key"] for other in parts]
    parts.insert(keys.index(before) if before in keys else len(parts), part)
