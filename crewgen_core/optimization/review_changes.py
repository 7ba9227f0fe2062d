"""Changes that have results checked."""

from collections.abc import Iterator

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.names import make_key
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.models.change import Change, Edit
from crewgen_core.models.crew import Agent, Task
from crewgen_core.optimization.assignment import Assignment
from crewgen_core.optimization.reviews import REVIEWER, write_review
from crewgen_core.optimization.wording import make_change, name_agent, name_task, set_field


def add_reviews(own: Assignment, catalog: Catalog) -> Iterator[Change]:
    """Yield a change for each result that is checked: by a free agent with the author's model, else by somebody new."""
    used = {agent.key for agent in own.crew.agents} | {task.key for task in own.crew.tasks}
    used |= {place.key for place in own.places}
    reviewers: dict[str, Agent] = {}
    for at, (option, task) in enumerate(zip(own.taken, own.crew.tasks, strict=True)):
        if not option.reviewed:
            continue
        model = own.doing[task.key].model
        if model.name not in reviewers:
            reviewers[model.name] = _find_reviewer(own, task, model, used, len(reviewers))
        reviewer = reviewers[model.name]
        key = make_key(f"check {task.key}", used, "check")
        used.add(key)
        review = write_review(task, reviewer.key, catalog, key)
        readers = [other for other in own.crew.tasks if task.key in other.depends_on]
        edits: list[Edit] = []
        if own.crew.agent(reviewer.key) is None and all(p.key != reviewer.key for p in own.places):
            edits.append(Edit(op="add", path="agents", value=reviewer.model_dump(mode="json")))
        edits.append(Edit(op="add", path="tasks", value=review.model_dump(mode="json"), before=_before(own, at)))
        edits += [Edit(op="add", path=f"tasks/{reader.key}/depends_on", value=key) for reader in readers]
        if own.crew.oversight == "none" and own.reading.style.crew.oversight == "none":
            edits.append(set_field("oversight", "light"))
        yield make_change(
            f"Have the result of “{name_task(task)}” checked",
            f"A second look by “{name_agent(reviewer)}” removes about 23 % of the failures (Kim et al., arXiv "
            f"2512.08296 v3) before {'others build on it' if readers else 'it counts'}.",
            edits,
        )


def _find_reviewer(own: Assignment, task: Task, model: ModelProfile, used: set[str], number: int) -> Agent:
    """Return who checks: a free agent of today with this model, else somebody new, else the author's neighbour."""
    author = own.doing[task.key]
    same = [place.origin for place in own.kept.values() if place.model.name == model.name and place.key != author.key]
    checks = [agent for agent in same if _only_reviews(own, agent)]
    if checks:
        return checks[0]
    if len(own.places) + number < own.reading.problem.most_seats or not same:
        key = make_key(REVIEWER.key, used, "reviewer")
        used.add(key)
        role = REVIEWER.role if number == 0 else f"Second Reader of {name_task(task)}"
        return REVIEWER.model_copy(update={"key": key, "role": role, "model": model.name})
    return same[0]


def _only_reviews(own: Assignment, agent: Agent) -> bool:
    reviews = {work.task.key for work in own.reading.works if work.is_review}
    tasks = own.crew.tasks_of(agent.key)
    return bool(tasks) and all(task.key in reviews for task in tasks)


def _before(own: Assignment, at: int) -> str | None:
    """Return the task that the review of a task goes in front of, None for the end of the list.

    It is the first, of those that run at once with the first that works from the result, that is listed after it today
    as well: so the review fits whether or not the order is changed.
    """
    readers = {place for place, sources in enumerate(own.reading.problem.sources) if at in sources}
    block = next((block for block in own.layout.blocks if block & readers), None)
    return own.crew.tasks[min(place for place in block if place > at)].key if block else None
