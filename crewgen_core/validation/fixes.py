"""Builds the changes that mend a crew; None where a part cannot be addressed or the result would be no crew."""

from collections.abc import Collection, Iterable, Mapping

from crewgen_core.models.change import Change, Edit, set_field
from crewgen_core.models.crew import Agent, SkillLevel, Task
from crewgen_core.validation.context import Context

MAX_KEY = 100
MAX_DESCRIPTION = 20_000
MAX_EXPECTED_OUTPUT = 10_000
"""Lengths that ``models.crew`` allows."""


def edit_agent(context: Context, agent: Agent, **fields: object) -> list[Edit] | None:
    """Return edits that set fields of an agent, None when a change cannot address it."""
    return _edit_part(context, f"agents/{agent.key}", fields)


def edit_task(context: Context, task: Task, **fields: object) -> list[Edit] | None:
    """Return edits that set fields of a task, None when a change cannot address it."""
    return _edit_part(context, f"tasks/{task.key}", fields)


def remove_agent(context: Context, agent: Agent) -> list[Edit] | None:
    """Return the edit that takes an agent out, None when it is the last one or cannot be addressed."""
    path = f"agents/{agent.key}"
    if len(context.crew.agents) < 2 or path not in context.editable:
        return None
    return [Edit(op="remove", path=path)]


def edit_crew(**fields: object) -> list[Edit]:
    """Return edits that set fields of the crew itself."""
    return [set_field(name, value) for name, value in fields.items()]


def replace_tasks(tasks: Iterable[Task]) -> list[Edit]:
    """Return the edit that replaces the whole list of tasks."""
    return edit_crew(tasks=[task.model_dump(mode="json") for task in tasks])


def replace_agents(agents: Iterable[Agent]) -> list[Edit]:
    """Return the edit that replaces the whole list of agents."""
    return edit_crew(agents=[agent.model_dump(mode="json") for agent in agents])


def change(title: str, reason: str, edits: list[Edit] | None) -> Change | None:
    """Return the change with these edits, None when there are none."""
    return Change(title=title, reason=reason, edits=tuple(edits)) if edits else None


def join_edits(*parts: list[Edit] | None) -> list[Edit] | None:
    """Return all edits in order, None when one of the parts is not possible."""
    joined: list[Edit] = []
    for part in parts:
        if part is None:
            return None
        joined += part
    return joined


def append_sentence(context: Context, task: Task, field: str, sentence: str) -> list[Edit] | None:
    """Return the edit that adds a sentence to the description or the expected output, None when too long."""
    text: str = getattr(task, field)
    longer = f"{text.rstrip()} {sentence}".strip()
    most = MAX_DESCRIPTION if field == "description" else MAX_EXPECTED_OUTPUT
    return edit_task(context, task, **{field: longer}) if len(longer) <= most else None


def make_key(wish: str, taken: Collection[str]) -> str:
    """Return a key like the wish that is no blank, has no slash and is not taken."""
    base = "_".join(wish.replace("/", " ").split())[: MAX_KEY - 5] or "part"
    if base not in taken:
        return base
    return next(key for i in range(2, len(taken) + 3) if (key := f"{base}_{i}") not in taken)


def fold_agents(context: Context, into: Mapping[str, str]) -> list[Edit] | None:
    """Return edits that merge agents: each key of ``into`` gives its tasks, skills and tools to its value, and goes."""
    edits: list[Edit] = []
    for heir in dict.fromkeys(into.values()):
        members = [context.agents[heir], *(context.agents[key] for key, to in into.items() if to == heir)]
        levels: dict[str, SkillLevel] = {}
        for skill in (skill for member in members for skill in member.skills):
            if skill.name not in levels or levels[skill.name].proficiency < skill.proficiency:
                levels[skill.name] = skill
        merged = edit_agent(
            context,
            members[0],
            skills=[level.model_dump(mode="json") for level in levels.values()],
            tools=list(dict.fromkeys(tool for member in members for tool in member.tools)),
        )
        if merged is None:
            return None
        edits += merged
    for key, heir in into.items():
        moved = join_edits(*(edit_task(context, task, agent=heir) for task in context.tasks_of[key]))
        gone = remove_agent(context, context.agents[key])
        if moved is None or gone is None:
            return None
        edits += moved + gone
    return edits


def _edit_part(context: Context, path: str, fields: Mapping[str, object]) -> list[Edit] | None:
    if path not in context.editable:
        return None
    return [set_field(f"{path}/{name}", value) for name, value in fields.items()]
