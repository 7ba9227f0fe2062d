"""Sees to it that nothing is missing: what an answer leaves out of the draft is taken from the built-in crew."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.likeness import SAME_WORK, all_stems, compare_roles, compare_tasks, is_review
from crewgen_core.composition.names import CLOSE_ENOUGH, plain_name
from crewgen_core.composition.ordering import leads_to
from crewgen_core.composition.toolbox import MOST_TOOLS, is_allowed
from crewgen_core.models.analysis import Analysis, Deliverable, RequiredSkill
from crewgen_core.models.crew import Agent, Crew, Task

_SAYS_IT = 95
"""Share of a skill's words, from 0 to 100, that must stand in a task's text to say that the task is about it."""


def cover_skills(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog, most_agents: int) -> None:
    """Have every skill of objective and draft asked for by a task: the one that is about it, else the built-in one."""
    for wanted in _wanted_skills(analysis, built_in, catalog):
        if any(wanted.key in task.skills for task in work.tasks.values()):
            continue
        ground = next((task for task in built_in.tasks if wanted.key in task.skills), None)
        about_it = find_task_about(wanted, ground, work) or (ground and find_same_work(ground, work, built_in, catalog))
        if about_it:
            work.set_task(about_it, skills=(*about_it.skills, wanted.key))
        elif ground and not _is_kept_check(ground, work, built_in, catalog):
            take_over(ground, work, built_in, most_agents)
            work.note(f'Nobody was to do {wanted.name}: the built-in task "{shown(ground.name)}" was added.')


def cover_deliverables(work: CrewInWork, analysis: Analysis, built_in: Crew, most_agents: int) -> None:
    """Have every deliverable made that the built-in crew makes: a task that no answer replaces comes back."""
    for deliverable in analysis.deliverables:
        makers = [task for task in built_in.tasks if _names_it(task, deliverable)]
        if not makers or any(_names_it(task, deliverable) for task in work.tasks.values()):
            continue
        maker = next((task for task in makers if task.key not in work.tasks), None)
        if maker:
            take_over(maker, work, built_in, most_agents)
            work.note(f'Nobody was to make the {deliverable.name}: the built-in task "{shown(maker.name)}" was added.')


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


def find_same_work(ground: Task, work: CrewInWork, built_in: Crew, catalog: Catalog) -> Task | None:
    """Return the task that most likely does the same work as the built-in one; None when none is like it."""
    checks = is_review(ground, catalog)
    alike = {
        task.key: _compare(task, ground, work, built_in, catalog)
        for task in work.tasks.values()
        if is_review(task, catalog) == checks
    }
    best = max(alike, key=lambda key: alike[key], default=None)
    return work.tasks[best] if best is not None and alike[best] >= SAME_WORK else None


def find_ground(task: Task, work: CrewInWork, built_in: Crew, catalog: Catalog) -> Task | None:
    """Return the built-in task that most likely does the same work as the task; None when none is like it."""
    alike = {ground.key: _compare(task, ground, work, built_in, catalog) for ground in built_in.tasks}
    best = max(alike, key=lambda key: alike[key])
    return built_in.task(best) if alike[best] >= SAME_WORK else None


def seat(task: Task, work: CrewInWork, built_in: Crew, most_agents: int) -> Agent:
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


def _wanted_skills(analysis: Analysis, built_in: Crew, catalog: Catalog) -> Iterator[RequiredSkill]:
    """Yield the skills that the objective requires, then those that the draft needs beside them."""
    yield from analysis.skills
    required = {skill.key for skill in analysis.skills}
    for key in dict.fromkeys(skill for task in built_in.tasks for skill in task.skills):
        if key not in required and key in catalog.skills:
            yield RequiredSkill(key=key, name=catalog.skills[key].name, weight=0)


def _is_kept_check(ground: Task, work: CrewInWork, built_in: Crew, catalog: Catalog) -> bool:
    """Tell whether a built-in task is the check at the end and the only one: ``reviews.keep_check`` sees to that."""
    checked = any(is_review(task, catalog) for task in work.tasks.values())
    return ground is built_in.tasks[-1] and is_review(ground, catalog) and not checked


def find_task_about(wanted: RequiredSkill, ground: Task | None, work: CrewInWork) -> Task | None:
    """Return the task that does what the skill is required for: by its key, its name, or the words it is called by."""
    if ground and ground.key in work.tasks:
        return work.tasks[ground.key]
    called = [plain_name(words) for words in wanted.evidence if len(words.split()) > 1]
    for task in work.tasks.values():
        title, text = plain_name(task.name), plain_name(f"{task.name} {task.description}")
        same_title = ground and fuzz.token_sort_ratio(title, plain_name(ground.name)) >= CLOSE_ENOUGH
        if same_title or _says(text, plain_name(wanted.name)) or any(_says(title, words) for words in called):
            return task
    return None


def _compare(task: Task, ground: Task, work: CrewInWork, built_in: Crew, catalog: Catalog) -> float:
    doer, own = work.agents.get(task.agent or ""), built_in.agent(ground.agent)
    return compare_tasks(ground, task, own.role if own else "", doer.role if doer else "", catalog)


def _says(text: str, words: str) -> bool:
    return fuzz.token_set_ratio(words, text) >= _SAYS_IT


def _names_it(task: Task, deliverable: Deliverable) -> bool:
    """Tell whether a task speaks of the deliverable: of the noun at the end of its name."""
    nouns = [word.stem for word in split_words(deliverable.name)][-1:]
    return all_stems(f"{task.name} {task.description} {task.expected_output}").issuperset(nouns)


def take_over(ground: Task, work: CrewInWork, built_in: Crew, most_agents: int) -> None:
    """Add a built-in task between what it works from and what works from it."""
    sources = list(_sources(ground, work, built_in))
    followers = [task for task in built_in.tasks if ground.key in task.depends_on]
    targets = [found for task in followers if (found := _counterpart(task, work))]
    if followers and not targets:
        targets = [next(reversed(work.tasks.values()))]
    agent = seat(ground, work, built_in, most_agents)
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
