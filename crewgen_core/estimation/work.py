"""A crew read task by task: who does it, what kind of work it is, what it builds on, who reviews it.

People upload broken crews, so nothing here trusts the graph. CrewAI runs tasks in list order; a dependency on a later
task, on the task itself or on none that exists cannot be met and is left out, and said so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.kind_of_work import checks_results, find_kind, list_known_skills
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.models.crew import Agent, Crew, Task

ReviewKind = Literal["none", "model", "human"]

SPECIALIST_FROM = 6
"""Proficiency from which an agent is a specialist: 5 does the work (catalog), as a generalist does it."""


@dataclass(frozen=True)
class Work:
    """One task as the estimate sees it."""

    task: Task
    agent: Agent | None
    """Who does it; None when the crew has nobody for it."""
    profile: ModelProfile
    activity: Activity
    tools: tuple[str, ...]
    """Tools its agent has while doing it."""
    helpful_tools: int
    """How many of them the catalog's steps for its skills name."""
    specialist: bool
    """True when its agent is good at one of its skills."""
    sources: tuple[int, ...]
    """Positions of the earlier tasks it works from."""
    may_delegate: bool
    review: ReviewKind
    """The strongest review its result gets."""
    is_review: bool
    """True when it reviews earlier tasks: what it is worth is counted there."""
    may_come_back: bool
    """True when a manager reviews its result and has it done again if not content."""


def read_crew(
    crew: Crew, profiles: Mapping[str, ModelProfile], catalog: Catalog, default_model: str
) -> tuple[Work, ...]:
    """Read the crew in list order. Raises KeyError when ``profiles`` lacks a model of the crew."""
    sources = sources_of(crew)
    reviewing = [bool(sources[at]) and checks_results(task, catalog) for at, task in enumerate(crew.tasks)]
    reviewed_by_manager = _reviewed_by_manager(crew, sources, reviewing)
    reviewed = {source for at, is_review in enumerate(reviewing) if is_review for source in sources[at]}
    reviewed |= reviewed_by_manager
    confirmed = _confirmed_by_person(crew, sources, reviewing)
    works: list[Work] = []
    for at, task in enumerate(crew.tasks):
        agent = _worker(task, crew, catalog)
        skills = list_known_skills(task.skills, catalog)
        tools = task.tools or (agent.tools if agent else ())
        works.append(
            Work(
                task=task,
                agent=agent,
                profile=profiles[(agent and agent.model) or default_model],
                activity=find_kind(task, catalog),
                tools=tools,
                helpful_tools=len(_helpful_tools(skills, catalog) & _tool_keys(tools, catalog)),
                specialist=is_specialist(agent, task, catalog),
                sources=sources[at],
                may_delegate=_may_delegate(agent, crew),
                review="human" if at in confirmed else "model" if at in reviewed else "none",
                is_review=reviewing[at],
                may_come_back=at in reviewed_by_manager,
            )
        )
    return tuple(works)


def hand_over(work: Work, agent: Agent, profile: ModelProfile, crew: Crew, catalog: Catalog) -> Work:
    """Return the same task in the hands of another agent of the crew, or of the same with another model."""
    skills = list_known_skills(work.task.skills, catalog)
    tools = work.task.tools or agent.tools
    return replace(
        work,
        agent=agent,
        profile=profile,
        tools=tools,
        helpful_tools=len(_helpful_tools(skills, catalog) & _tool_keys(tools, catalog)),
        specialist=is_specialist(agent, work.task, catalog),
        may_delegate=_may_delegate(agent, crew),
    )


def sources_of(crew: Crew) -> tuple[tuple[int, ...], ...]:
    """Return for each task the positions of the earlier tasks that it works from."""
    position = {task.key: at for at, task in reversed(list(enumerate(crew.tasks)))}
    return tuple(
        tuple(dict.fromkeys(position[key] for key in task.depends_on if position.get(key, at) < at))
        for at, task in enumerate(crew.tasks)
    )


def describe_gaps(crew: Crew) -> Iterator[str]:
    """Say in sentences which parts of the crew could not be estimated as written."""
    if not crew.tasks:
        yield "The crew has no tasks: there is nothing to run, so nothing costs and nothing can succeed."
    position = {task.key: at for at, task in reversed(list(enumerate(crew.tasks)))}
    for at, task in enumerate(crew.tasks):
        unmet = [key for key in task.depends_on if position.get(key, at) >= at]
        if unmet:
            names = ", ".join(f'"{key}"' for key in unmet)
            yield f'Task "{task.key}" depends on {names}, which does not come before it: estimated without.'
        if crew.agent(task.agent) is None and (task.agent or crew.process == "sequential"):
            yield f'Task "{task.key}" has no agent of this crew: estimated as if the default model did it.'
    if any(task.human_input for task in crew.tasks):
        yield "The time that people take to review is not part of the duration."


def _worker(task: Task, crew: Crew, catalog: Catalog) -> Agent | None:
    """Return who does the task; where a manager decides, the first agent with one of its skills, else the first."""
    if task.agent is not None or crew.process == "sequential":
        return crew.agent(task.agent)
    skills = list_known_skills(task.skills, catalog)
    fitting = (agent for agent in crew.agents if _has_one_of(agent, skills, catalog))
    return next(fitting, crew.agents[0] if crew.agents else None)


def _reviewed_by_manager(crew: Crew, sources: tuple[tuple[int, ...], ...], reviewing: list[bool]) -> set[int]:
    """Return the tasks whose result the manager of a hierarchical crew reviews, by the level of oversight.

    light: the last that is no review itself; moderate: also those that others work from; intensive: all.
    """
    if crew.process != "hierarchical" or crew.oversight == "none" or not crew.tasks:
        return set()
    last = {max(at for at, is_review in enumerate(reviewing) if not is_review)}
    if crew.oversight == "light":
        return last
    return set(range(len(crew.tasks))) if crew.oversight == "intensive" else last.union(*sources)


def _confirmed_by_person(crew: Crew, sources: tuple[tuple[int, ...], ...], reviewing: list[bool]) -> set[int]:
    """Return the tasks whose result a person confirms: their own, or what they confirm a review of."""
    confirmed: set[int] = set()
    waiting = [at for at, task in enumerate(crew.tasks) if task.human_input]
    while waiting:
        at = waiting.pop()
        confirmed.add(at)
        if reviewing[at]:
            waiting.extend(source for source in sources[at] if source not in confirmed)
    return confirmed


def is_specialist(agent: Agent | None, task: Task, catalog: Catalog) -> bool:
    """Tell whether the agent is good at one of the task's skills; a task that names none asks for no specialist."""
    wanted = {_skill_name(name, catalog) for name in task.skills}
    levels = agent.skills if agent else ()
    good = {_skill_name(level.name, catalog) for level in levels if level.proficiency >= SPECIALIST_FROM}
    return agent is not None and (not wanted or not wanted.isdisjoint(good))


def _skill_name(name: str, catalog: Catalog) -> str:
    """Return the catalog key of a skill, or its name in small letters where the catalog does not know it."""
    return catalog.skill_names.get(name.lower(), name.lower())


def _may_delegate(agent: Agent | None, crew: Crew) -> bool:
    return agent is not None and agent.allow_delegation and len(crew.agents) > 1


def _tool_keys(names: tuple[str, ...], catalog: Catalog) -> set[str]:
    return {catalog.tool_names[name.lower()] for name in names if name.lower() in catalog.tool_names}


def _helpful_tools(skills: list[str], catalog: Catalog) -> set[str]:
    return {tool for skill in skills for step in catalog.steps_by_skill.get(skill, ()) for tool in step.tools}


def _has_one_of(agent: Agent | None, skills: list[str], catalog: Catalog) -> bool:
    if agent is None:
        return False
    return not set(skills).isdisjoint(list_known_skills(tuple(skill.name for skill in agent.skills), catalog))
