"""Changes of the team: who goes, who takes over what, who thinks with which model, who is split."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from crewgen_core.models.change import Change, Edit, set_field
from crewgen_core.models.crew import SkillLevel, Task
from crewgen_core.numbers import format_count
from crewgen_core.optimization.assignment import Assignment
from crewgen_core.optimization.wording import compare_models, list_tasks, make_change, name_agent, name_task

GENERALIST_LEVEL = 5
"""Proficiency that an agent gains in a skill of a task it takes over: it does the work, but is no specialist."""


def drop_agents(own: Assignment) -> Iterator[Change]:
    """Yield a change for each agent that others can do without: they take over its tasks."""
    kept = {place.origin.key for place in own.places}
    for agent in own.crew.agents:
        if agent.key in kept or not own.crew.tasks_of(agent.key):
            continue
        tasks = own.crew.tasks_of(agent.key)
        heirs = list(dict.fromkeys(own.doing[task.key].origin.key for task in tasks))
        edits = [edit for heir in heirs for edit in _hand_over(own, tasks, heir)]
        edits.append(Edit(op="remove", path=f"agents/{agent.key}"))
        if len(kept) == 1 and own.crew.process == "sequential":
            edits.append(set_field("coordination", "solo"))
        names = " and ".join(f"“{name_agent(own.crew.agent(heir))}”" for heir in heirs)
        yield make_change(
            f"Do without “{name_agent(agent)}”",
            f"{names} can do its {format_count(len(tasks), 'task')} with the tools there are.",
            edits,
        )


def move_tasks(own: Assignment) -> Iterator[Change]:
    """Yield a change for each pair of agents that stay, of whom one takes over tasks of the other."""
    kept = {place.origin.key for place in own.places}
    for agent in own.crew.agents:
        if agent.key not in kept:
            continue
        moved: dict[str, list[Task]] = defaultdict(list)
        for task in own.crew.tasks_of(agent.key):
            if own.doing[task.key].origin.key != agent.key:
                moved[own.doing[task.key].origin.key].append(task)
        for heir, tasks in moved.items():
            yield make_change(
                f"Hand {list_tasks(tasks)} from “{name_agent(agent)}” to “{name_agent(own.crew.agent(heir))}”",
                "The agent and model there do it better for this goal.",
                _hand_over(own, tasks, heir),
            )


def _hand_over(own: Assignment, tasks: Sequence[Task], heir: str) -> list[Edit]:
    """Return the edits that give those of the tasks that go to the heir to it, with skills and tools they need."""
    coming_now = [task for task in tasks if own.doing[task.key].origin.key == heir]
    edits = [set_field(f"tasks/{task.key}/agent", heir) for task in coming_now]
    agent = own.crew.agent(heir)
    if agent is None:
        return edits
    coming = [t for t in own.crew.tasks if t.agent != heir and own.doing[t.key].origin.key == heir]
    known = {level.name for level in agent.skills}
    gained = [name for name in dict.fromkeys(s for task in coming for s in task.skills) if name not in known]
    if gained:
        levels = (*agent.skills, *(SkillLevel(name=name, proficiency=GENERALIST_LEVEL) for name in gained))
        edits.append(set_field(f"agents/{heir}/skills", [level.model_dump(mode="json") for level in levels]))
    tools = dict.fromkeys((*agent.tools, *(tool for task in coming for tool in task.tools)))
    if len(tools) > len(agent.tools):
        edits.append(set_field(f"agents/{heir}/tools", list(tools)))
    return edits


def change_models(own: Assignment) -> Iterator[Change]:
    """Yield a change for each agent that gets another model."""
    for place in own.kept.values():
        before = own.model_today(place.origin)
        if before.name != place.model.name:
            yield make_change(
                f"Let “{name_agent(place.origin)}” think with {place.model.name}",
                compare_models(before, place.model),
                [set_field(f"agents/{place.key}/model", place.model.name)],
            )


def split_agents(own: Assignment) -> Iterator[Change]:
    """Yield a change for each agent that gets a second one beside it, with another model."""
    for place in own.places:
        if not place.is_new:
            continue
        role = f"{place.origin.role} for {name_task(place.tasks[0])}"[:500]
        second = place.origin.model_copy(
            update={
                "key": place.key,
                "role": role,
                "model": place.model.name,
                "why": f"Does {list_tasks(place.tasks)} with another model than “{name_agent(place.origin)}”."[:5_000],
            }
        )
        edits = [
            Edit(op="add", path="agents", value=second.model_dump(mode="json")),
            *(set_field(f"tasks/{task.key}/agent", place.key) for task in place.tasks),
        ]
        if own.crew.coordination == "solo":
            edits.append(set_field("coordination", "sequential"))
        yield make_change(
            f"Give {list_tasks(place.tasks)} to a second “{name_agent(place.origin)}” with {place.model.name}",
            compare_models(own.model_today(place.origin), place.model),
            edits,
        )
