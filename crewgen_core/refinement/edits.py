"""Writes the step from one state of a crew to the next as edits of a change, so that it can be read and done again."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from crewgen_core.errors import ChangeDoesNotFit
from crewgen_core.models.change import Change, Edit, apply_change
from crewgen_core.models.crew import Agent, Crew, Task


def make_change(title: str, reason: str, before: Crew, after: Crew) -> Change:
    """Return the change that makes one crew of the other; applied to ``before``, it gives exactly ``after``."""
    change = Change(title=title, reason=reason, edits=(*_crew_fields(before, after), *_edits(before, after)))
    try:
        exact = apply_change(before, change) == after
    except ChangeDoesNotFit:
        exact = False
    if exact:
        return change
    lists = (_set(name, [part.model_dump(mode="json") for part in parts]) for name, parts in _parts(after).items())
    return change.model_copy(update={"edits": (*_crew_fields(before, after), *lists)})


def _parts(crew: Crew) -> dict[str, Sequence[Agent | Task]]:
    return {"agents": crew.agents, "tasks": crew.tasks}


def _crew_fields(before: Crew, after: Crew) -> Iterator[Edit]:
    new = after.model_dump(mode="json", exclude={"agents", "tasks"})
    old = before.model_dump(mode="json", exclude={"agents", "tasks"})
    yield from (_set(name, value) for name, value in new.items() if old[name] != value)


def _edits(before: Crew, after: Crew) -> Iterator[Edit]:
    """Yield the edits of agents and tasks: fields that changed, new parts in front of the next one, parts that go."""
    for name, parts in _parts(after).items():
        known = {part.key: part.model_dump(mode="json") for part in _parts(before)[name]}
        keys = [part.key for part in parts]
        for at, part in reversed(list(enumerate(parts))):
            value = part.model_dump(mode="json")
            if part.key not in known:
                following = keys[at + 1] if at + 1 < len(keys) else None
                yield Edit.model_validate({"op": "add", "path": name, "value": value, "before": following})
                continue
            fields = known[part.key]
            yield from (_set(f"{name}/{part.key}/{f}", v) for f, v in value.items() if fields[f] != v)
        yield from (Edit(op="remove", path=f"{name}/{key}") for key in known if key not in keys)


def _set(path: str, value: JsonValue) -> Edit:
    return Edit(op="set", path=path[:400], value=value)
