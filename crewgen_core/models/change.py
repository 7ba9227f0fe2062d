"""Change: one edit of a crew, with its reason; applying it gives a new crew.

An edit addresses a part of the crew by key ("tasks/write_brief/agent"), so it stays readable in a diff and in JSON,
and still means the same after other parts were added or moved.
"""

from typing import Any, Literal

from pydantic import Field, JsonValue, ValidationError

from crewgen_core.errors import ChangeDoesNotFit
from crewgen_core.models.crew import Crew
from crewgen_core.models.value import Quantiles, UsdQuantiles, Value


class Edit(Value):
    """One elementary step of a change.

    ``path`` is a field of the crew ("process"), a part ("agents/analyst") or a field of a part
    ("agents/analyst/goal"). ``set`` replaces it, ``add`` appends a part (path "agents" or "tasks", value the whole
    part; an optional ``before`` names the part it goes in front of; a part that is there just so already is not added
    twice) or puts a value into a list of a part ("tasks/write/depends_on"), ``remove`` deletes a part, ``move`` puts one in front of ``before``, at the end where there is none.
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


def _apply_edit(state: dict[str, Any], edit: Edit) -> None:
    steps = edit.path.split("/")
    if len(steps) == 1 and edit.op == "set" and steps[0] in Crew.model_fields:
        state[steps[0]] = edit.value
        return
    if steps[0] == "manager" and len(steps) == 2 and edit.op == "set" and state["manager"] is not None:
        state["manager"][steps[1]] = edit.value
        return
    if steps[0] not in ("agents", "tasks"):
        raise ChangeDoesNotFit(f'The change names "{edit.path}", which is no part of a crew.')
    parts: list[dict[str, Any]] = state[steps[0]]
    if edit.op == "add" and len(steps) == 1:
        if edit.value not in parts:
            _insert(parts, edit.value, edit.before)
        return
    if len(steps) < 2:
        raise ChangeDoesNotFit(f'The change names "{edit.path}" without saying which one.')
    at = next((i for i, part in enumerate(parts) if part["key"] == steps[1]), None)
    if at is None:
        raise ChangeDoesNotFit(f'The change names "{edit.path}", which this crew no longer has.')
    if edit.op == "remove" and len(steps) == 2:
        del parts[at]
    elif edit.op == "move" and len(steps) == 2:
        _insert(parts, parts.pop(at), edit.before)
    elif edit.op == "set" and len(steps) == 2:
        parts[at] = edit.value  # type: ignore[assignment]
    elif edit.op == "set" and len(steps) == 3:
        parts[at][steps[2]] = edit.value
    elif edit.op == "add" and len(steps) == 3 and isinstance(parts[at].get(steps[2]), list):
        parts[at][steps[2]] = list(dict.fromkeys([*parts[at][steps[2]], edit.value]))
    else:
        raise ChangeDoesNotFit(f'The change cannot {edit.op} "{edit.path}".')


def _insert(parts: list[Any], part: JsonValue, before: str | None) -> None:
    keys = [other["key"] for other in parts]
    parts.insert(keys.index(before) if before in keys else len(parts), part)
