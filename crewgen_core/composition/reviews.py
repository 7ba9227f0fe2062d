"""Keeps the checks of a crew: there is one where the built-in crew has one, and nobody checks their own work."""

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.coverage import seat
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.likeness import is_review
from crewgen_core.composition.names import make_key
from crewgen_core.models.crew import Agent, Crew, Task


def keep_check(work: CrewInWork, built_in: Crew, catalog: Catalog, most_agents: int) -> None:
    """Keep the check at the end of the built-in crew when the answer has none, done by no author if that can be."""
    last = built_in.tasks[-1]
    if any(is_review(task, catalog) for task in work.tasks.values()) or not is_review(last, catalog):
        return
    waited_for = {key for task in work.tasks.values() for key in task.depends_on}
    ends = [key for key in work.tasks if key not in waited_for] or list(work.tasks)[-1:]
    authors = {work.tasks[key].agent for key in ends}
    checker = seat(last, work, built_in, most_agents)
    if checker.key in authors:
        checker = next((agent for key, agent in work.agents.items() if key not in authors), checker)
    key = make_key(last.key, work.tasks, "check")
    work.set_task(
        last.model_copy(update={"key": key}), depends_on=tuple(ends), agent=checker.key, async_execution=False
    )
    work.note(f'The answer had no check: the built-in task "{shown(last.name)}" was kept.')


def separate_reviews(work: CrewInWork, built_in: Crew, catalog: Catalog, most_agents: int) -> None:
    """Give each check whose author made what it checks to somebody else, as far as there is or may be somebody."""
    for task in list(work.tasks.values()):
        authors = _authors_of(task, work, catalog)
        if not is_review(task, catalog) or task.agent not in authors:
            continue
        checker = _find_checker(task, authors, work, built_in, catalog, most_agents)
        if checker:
            work.set_task(task, agent=checker.key)
            work.note(f'"{shown(task.name)}" was to be done by who made what it checks; "{shown(checker.role)}" does.')


def _authors_of(review: Task, work: CrewInWork, catalog: Catalog) -> set[str | None]:
    checked = (work.tasks[key] for key in review.depends_on if key in work.tasks)
    return {task.agent for task in checked if not is_review(task, catalog)}


def _find_checker(
    review: Task, authors: set[str | None], work: CrewInWork, built_in: Crew, catalog: Catalog, most_agents: int
) -> Agent | None:
    """Return who else can check: an agent that only checks, the built-in crew's checker, else any other."""
    makers = {task.agent for task in work.tasks.values() if not is_review(task, catalog)}
    others = [agent for agent in work.agents.values() if agent.key not in authors]
    free = next((agent for agent in others if agent.key not in makers), None)
    if free:
        return free
    check = next((task for task in built_in.tasks if is_review(task, catalog)), None)
    if check:
        checker = seat(check, work, built_in, most_agents)
        if checker.key not in authors:
            return checker
    wanted = {catalog.skills[key].name for key in review.skills if key in catalog.skills}
    return max(others, key=lambda agent: len(wanted & {level.name for level in agent.skills}), default=None)
