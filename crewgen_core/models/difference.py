"""Difference: what is not the same in two states of a crew, part by part and field by field, in words for people."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import count
from typing import Any, Literal

from crewgen_core.models.crew import Agent, Crew, Manager, Task
from crewgen_core.models.value import Value

Kind = Literal["added", "removed", "changed"]
Part = Literal["crew", "manager", "agent", "task", "template"]


class Difference(Value):
    """One thing that is not the same: a part that came, one that went, or a field with another content."""

    kind: Kind
    part: Part
    key: str = ""
    """Key of the agent or task; empty for the crew, its manager and a template."""
    name: str
    """What people call the part: the role of an agent, the name of a task, as it was before where it changed."""
    field: str = ""
    """What changed, in words ("expected output"); empty for a part that came or went."""
    before: str = ""
    after: str = ""
    """The content as people read it. A part that came has its text in ``after``, one that went in ``before``."""


class Run(Value):
    """A stretch of words in a text that changed."""

    kind: Literal["same", "removed", "added"]
    text: str


def mark_words(before: str, after: str) -> tuple[Run, ...]:
    """Return both texts as one: the words that stayed, went and came, in order.

    What stayed is shortened to a few words beside what changed.
    """
    old, new = before.split(), after.split()
    runs: list[Run] = []
    steps = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    for at, (step, i, j, m, n) in enumerate(steps):
        if step == "equal":
            runs.append(Run(kind="same", text=_shorten(old[i:j], first=at == 0, last=at == len(steps) - 1)))
            continue
        if j > i:
            runs.append(Run(kind="removed", text=" ".join(old[i:j])))
        if n > m:
            runs.append(Run(kind="added", text=" ".join(new[m:n])))
    return tuple(runs)


_BESIDE = 8
"""Words that are shown on each side of what changed."""


def _shorten(words: Sequence[str], *, first: bool, last: bool) -> str:
    """Return a stretch that stayed with its inner part, or what is far from any change, left out."""
    if len(words) <= 2 * _BESIDE:
        return " ".join(words)
    head = [] if first else [*words[:_BESIDE]]
    tail = [] if last else [*words[-_BESIDE:]]
    return " ".join([*head, "…", *tail])


def compare_crews(before: Crew, after: Crew) -> tuple[Difference, ...]:
    """Return what changed from one state of a crew to the other: crew, manager, agents, tasks, each in order.

    Parts are the same when they have the same key: a new role or name is a change, not another part.
    """
    return (
        *_compare_fields("crew", "", before.name, _CREW_FIELDS, before, after, before, after),
        *_compare_order(before, after),
        *_compare_managers(before, after),
        *_compare_parts("agent", _AGENT_FIELDS, before.agents, after.agents, before, after),
        *_compare_parts("task", _TASK_FIELDS, before.tasks, after.tasks, before, after),
    )


_Show = Callable[[Any, Crew], str]
"""Says what a field holds; the crew tells the names behind keys."""


def _show_plainly(content: object, _: Crew) -> str:
    if isinstance(content, bool):
        return "yes" if content else "no"
    return f"{content:g}" if isinstance(content, float) else str(content or "")


def _show_list(content: Sequence[str], _: Crew) -> str:
    return ", ".join(content)


def _show_skills(content: Any, _: Crew) -> str:  # noqa: ANN401 the skills of an agent
    return ", ".join(f"{level.name} {level.proficiency}" for level in content)


def _show_agent(key: str | None, crew: Crew) -> str:
    agent = crew.agent(key)
    return (agent.role or agent.key) if agent else (key or "nobody")


def _show_tasks(keys: Sequence[str], crew: Crew) -> str:
    tasks = {task.key: task.name or task.key for task in crew.tasks}
    return ", ".join(f'"{tasks.get(key, key)}"' for key in keys)


def _fields(names: str, **shows: _Show) -> dict[str, _Show]:
    return {name: shows.get(name, _show_plainly) for name in names.split()}


_CREW_FIELDS = _fields("name objective process coordination oversight")
_MANAGER_FIELDS = _fields("role goal backstory model why")
_AGENT_FIELDS = _fields(
    "role goal backstory skills tools model allow_delegation max_iter why", skills=_show_skills, tools=_show_list
)
_TASK_FIELDS = _fields(
    "name description expected_output agent depends_on skills tools human_minutes human_input async_execution why",
    agent=_show_agent,
    depends_on=_show_tasks,
    skills=_show_list,
    tools=_show_list,
)

_WORDS = {
    "depends_on": "works from",
    "human_minutes": "human work in minutes",
    "human_input": "a person confirms",
    "async_execution": "runs beside others",
    "allow_delegation": "may delegate",
    "max_iter": "most turns",
    "why": "reason",
}
"""What people call a field, where its name with spaces does not say it."""

_PARTS_TEXT = {"agent": ("goal", "skills", "tools"), "task": ("agent", "depends_on", "description", "expected_output")}
"""Fields that tell about a whole part that came or went."""


def _compare_fields(
    part: Part,
    key: str,
    name: str,
    fields: Mapping[str, _Show],
    old: Value,
    new: Value,
    before: Crew,
    after: Crew,
) -> Iterator[Difference]:
    for field, show in fields.items():
        was, now = getattr(old, field), getattr(new, field)
        if was == now:
            continue
        shown = show(was, before), show(now, after)
        if shown[0] == shown[1]:  # two agents of the same name: their keys tell them apart
            shown = str(was), str(now)
        yield Difference(
            kind="changed",
            part=part,
            key=key,
            name=name,
            field=_words_for(field),
            before=shown[0],
            after=shown[1],
        )


def _compare_order(before: Crew, after: Crew) -> Iterator[Difference]:
    """Tell that the tasks which both states have come in another order."""
    old, new = _number(before.tasks), _number(after.tasks)
    stayed = [name for name in old if name in new]
    moved = [name for name in new if name in old]
    if stayed != moved:
        yield Difference(
            kind="changed",
            part="crew",
            name=before.name,
            field="order of the tasks",
            before=_show_tasks([key for key, _ in stayed], before),
            after=_show_tasks([key for key, _ in moved], after),
        )


def _compare_managers(before: Crew, after: Crew) -> Iterator[Difference]:
    old, new = before.manager, after.manager
    if old is not None and new is not None:
        yield from _compare_fields("manager", "", old.role, _MANAGER_FIELDS, old, new, before, after)
    elif new is not None:
        yield Difference(kind="added", part="manager", name=_name_of(new), after=new.goal)
    elif old is not None:
        yield Difference(kind="removed", part="manager", name=_name_of(old), before=old.goal)


def _compare_parts(
    part: Literal["agent", "task"],
    fields: Mapping[str, _Show],
    old: Sequence[Agent | Task],
    new: Sequence[Agent | Task],
    before: Crew,
    after: Crew,
) -> Iterator[Difference]:
    """Tell of changed and new parts in the order after the change, then of those that went."""
    known, there = _number(old), _number(new)
    for name, here in there.items():
        earlier = known.get(name)
        if earlier is not None:
            yield from _compare_fields(part, here.key, _name_of(earlier), fields, earlier, here, before, after)
        else:
            text = _tell(part, here, fields, after)
            yield Difference(kind="added", part=part, key=here.key, name=_name_of(here), after=text)
    for name, gone in known.items():
        if name not in there:
            text = _tell(part, gone, fields, before)
            yield Difference(kind="removed", part=part, key=gone.key, name=_name_of(gone), before=text)


def _number(parts: Sequence[Agent | Task]) -> dict[tuple[str, int], Agent | Task]:
    """Return the parts by key; a key that is there again gets a number, since crews may be broken."""
    found: dict[tuple[str, int], Agent | Task] = {}
    for part in parts:
        found[next((part.key, n) for n in count() if (part.key, n) not in found)] = part
    return found


def _tell(part: Literal["agent", "task"], here: Agent | Task, fields: Mapping[str, _Show], crew: Crew) -> str:
    told = ((field, fields[field](getattr(here, field), crew)) for field in _PARTS_TEXT[part])
    return "\n".join(f"{_words_for(field)}: {text}" for field, text in told if text)


def _words_for(field: str) -> str:
    return _WORDS.get(field, field.replace("_", " "))


def _name_of(part: Agent | Task | Manager) -> str:
    return (part.name if isinstance(part, Task) else part.role) or part.key
