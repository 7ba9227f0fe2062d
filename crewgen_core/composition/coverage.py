"""Sees to it that nothing is missing: what an answer leaves out of the required is taken from the built-in crew."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.likeness import SAME_WORK, activities, compare_roles, compare_tasks
from crewgen_core.composition.names import CLOSE_ENOUGH, make_key, plain_name
from crewgen_core.composition.ordering import leads_to
from crewgen_core.composition.toolbox import MOST_TOOLS, is_allowed
from crewgen_core.models.analysis import Analysis, RequiredSkill
from crewgen_core.models.crew import Agent, Crew, Task

MUST_BE_COVERED = 0.5
"""Weight from which some task has to ask for a required skill; below it the skill is only implied [assumption]."""

_SAYS_IT = 95
"""Share of a skill's words, from 0 to 100, that must stand in a task's text to say that the task is about it."""


def cover_skills(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog, most_agents: int) -> None:
    """Have every required skill asked for by a task: by the one that is about it, else by the built-in crew's task."""
    for required in analysis.skills:
        asked_for = any(required.key in task.skills for task in work.tasks.values())
        if asked_for or required.weight < MUST_BE_COVERED:
            continue
        ground = next((task for task in built_in.tasks if required.key in task.skills), None)
        about_it = _task_about(required, ground, work) or (ground and _same_work(ground, work, built_in, catalog))
        if about_it:
            work.set_task(about_it, skills=(*about_it.skills, required.key))
        elif ground:
            _take_over(ground, work, built_in, most_agents)
            work.note(f'Nobody was to do {required.name}: the built-in task "{shown(ground.name)}" was added.')


def cover_tools(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog) -> None:
    """Grant every tool that the objective needs to a task."""
    granted = {tool for part in (*work.tasks.values(), *work.agents.values()) for tool in part.tools}
    for tool in analysis.tools:
        if tool in granted or tool not in catalog.tools or not is_allowed(tool, analysis, catalog):
            continue
        users = [task for task in built_in.tasks if tool in task.tools]
        task = next((found for user in users if (found := _counterpart(user, work))), next(iter(work.tasks.values())))
        work.set_task(task, tools=(tool, *task.tools)[:MOST_TOOLS])
        work.note(f'The objective asks for {catalog.tools[tool].name}: it was granted to "{shown(task.name)}".')


def _task_about(required: RequiredSkill, ground: Task | None, work: CrewInWork) -> Task | None:
    """Return the task that does what the skill is required for: by its key, its name, or the words it is called by."""
    if ground and ground.key in work.tasks:
        return work.tasks[ground.key]
    called = [plain_name(words) for words in required.evidence if len(words.split()) > 1]
    for task in work.tasks.values():
        title, text = plain_name(task.name), plain_name(f"{task.name} {task.description}")
        same_title = ground and fuzz.token_sort_ratio(title, plain_name(ground.name)) >= CLOSE_ENOUGH
        if same_title or _says(text, plain_name(required.name)) or any(_says(title, words) for words in called):
            return task
    return None


def _same_work(ground: Task, work: CrewInWork, built_in: Crew, catalog: Catalog) -> Task | None:
    """Return the task that most likely does the same work as the built-in one; None when none is like it."""
    if "review" in activities(ground, catalog):  # a check is more than its skill: see keep_check
        return None

    def role_of(task: Task) -> str:
        agent = work.agents.get(task.agent or "")
        return agent.role if agent else ""

    own = built_in.agent(ground.agent)
    alike = {
        key: compare_tasks(ground, task, own.role if own else "", role_of(task), catalog)
        for key, task in work.tasks.items()
        if "review" not in activities(task, catalog)
    }
    best = max(alike, key=lambda key: alike[key], default=None)
    return work.tasks[best] if best is not None and alike[best] >= SAME_WORK else None


def keep_check(work: CrewInWork, built_in: Crew, catalog: Catalog, most_agents: int) -> None:
    """Keep the check at the end of the built-in crew when the answer has none; its author never does it."""
    last = built_in.tasks[-1]
    has_check = any("review" in activities(task, catalog) for task in work.tasks.values())
    if has_check or "review" not in activities(last, catalog):
        return
    waited_for = {key for task in work.tasks.values() for key in task.depends_on}
    ends = [key for key in work.tasks if key not in waited_for] or list(work.tasks)[-1:]
    authors = {work.tasks[key].agent for key in ends}
    checker = _seat(last, work, built_in, most_agents)
    if checker.key in authors:
        others = [agent for key, agent in work.agents.items() if key not in authors]
        if not others:
            return
        checker = others[0]
    key = make_key(last.key, work.tasks, "check")
    work.set_task(
        last.model_copy(update={"key": key}), depends_on=tuple(ends), agent=checker.key, async_execution=False
    )
    work.note(f'The answer had no check: the built-in task "{shown(last.name)}" was kept.')


def _says(text: str, words: str) -> bool:
    return fuzz.token_set_ratio(words, text) >= _SAYS_IT


def _take_over(ground: Task, work: CrewInWork, built_in: Crew, most_agents: int) -> None:
    """Add a built-in task between what it works from and what works from it."""
    sources = list(_sources(ground, work, built_in))
    followers = [task for task in built_in.tasks if ground.key in task.depends_on]
    targets = [found for task in followers if (found := _counterpart(task, work))]
    if followers and not targets:
        targets = [next(reversed(work.tasks.values()))]
    agent = _seat(ground, work, built_in, most_agents)
    work.set_task(ground, depends_on=tuple(dict.fromkeys(sources)), agent=agent.key, async_execution=False)
    for target in targets:
        edges = {task.key: task.depends_on for task in work.tasks.values()}
        if not leads_to(ground.key, target.key, edges):
            work.set_task(target, depends_on=tuple(dict.fromkeys((*target.depends_on, ground.key))))


def _sources(ground: Task, work: CrewInWork, built_in: Crew) -> Iterator[str]:
    """Yield the tasks that a built-in task works from; past those that are not there to what they work from."""
    for source in (task for task in built_in.tasks if task.key in ground.depends_on):
        found = _counterpart(source, work)
        if found:
            yield found.key
        else:
            yield from _sources(source, work, built_in)


def _counterpart(task: Task, work: CrewInWork) -> Task | None:
    """Return the task that does what the built-in one does: of the same key, else with one of its skills."""
    alike = (other for other in work.tasks.values() if set(other.skills) & set(task.skills))
    return work.tasks.get(task.key) or next(alike, None)


def _seat(task: Task, work: CrewInWork, built_in: Crew, most_agents: int) -> Agent:
    """Return who does a built-in task: its own agent if there is room, else the one that is most like that agent."""
    own = built_in.agent(task.agent) or built_in.agents[0]
    if own.key in work.agents:
        return work.agents[own.key]
    alike = max(work.agents.values(), key=lambda agent: compare_roles(agent.role, own.role))
    if compare_roles(alike.role, own.role) >= CLOSE_ENOUGH:
        return alike
    if len(work.agents) < most_agents:
        work.set_agent(own)
        return own
    skills = {level.name for level in own.skills}
    return max(work.agents.values(), key=lambda agent: len(skills & {level.name for level in agent.skills}))
