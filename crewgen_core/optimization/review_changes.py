"""Changes that have results checked."""

from collections.abc import Iterator

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.names import make_key
from crewgen_core.models.change import Change, Edit, set_field
from crewgen_core.models.crew import Agent, Task
from crewgen_core.optimization.assignment import Assignment, Place
from crewgen_core.optimization.reviews import REVIEWER, write_review
from crewgen_core.optimization.wording import make_change, name_agent, name_task


def add_reviews(own: Assignment, catalog: Catalog) -> Iterator[Change]:
    """Yield a change for each result that is checked: by a free agent with the author's model, else by somebody new."""
    used = {agent.key for agent in own.crew.agents} | {task.key for task in own.crew.tasks}
    used |= {place.key for place in own.places}
    reviewers: dict[str, Agent] = {}
    new: dict[str, Agent] = {}
    for at, (option, task) in enumerate(zip(own.taken, own.crew.tasks, strict=True)):
        if not option.reviewed:
            continue
        author = own.doing[task.key]
        if author.model.name not in reviewers or reviewers[author.model.name].key == author.key:
            reviewers[author.model.name] = _find_reviewer(own, task, author, used, new)
        reviewer = reviewers[author.model.name]
        key = make_key(f"check {task.key}", used, "check")
        used.add(key)
        review = write_review(task, reviewer.key, catalog, key)
        readers = [other for other in own.crew.tasks if task.key in other.depends_on]
        edits: list[Edit] = []
        if reviewer.key in new:
            edits.append(Edit(op="add", path="agents", value=reviewer.model_dump(mode="json")))
            if own.crew.coordination == "solo":
                edits.append(set_field("coordination", "sequential"))
        edits.append(Edit(op="add", path="tasks", value=review.model_dump(mode="json"), before=_before(own, at)))
        edits += [Edit(op="add", path=f"tasks/{reader.key}/depends_on", value=key) for reader in readers]
        if own.crew.oversight == "none" and own.reading.style.crew.oversight == "none":
            edits.append(set_field("oversight", "light"))
        yield make_change(
            f"Have the result of “{name_task(task)}” checked",
            f"A second look by “{name_agent(reviewer)}” removes about 23% of the failures (Kim et al., arXiv "
            f"2512.08296 v3) before {'others build on it' if readers else 'it counts'}.",
            edits,
        )


def _find_reviewer(own: Assignment, task: Task, author: Place, used: set[str], new: dict[str, Agent]) -> Agent:
    """Return who checks: a free agent with the author's model, else somebody new, else any colleague of the author."""
    colleagues = [place for place in own.kept.values() if place.key != author.key]
    same = [place.origin for place in colleagues if place.model.name == author.model.name]
    checks = next((agent for agent in same if _only_reviews(own, agent)), None)
    if checks:
        return checks
    most = own.reading.most_agents
    if not colleagues or most is None or len(own.places) + len(new) < most:
        key = make_key(REVIEWER.key, used, "reviewer")
        used.add(key)
        role = f"Second Reader of {name_task(task)}" if new else REVIEWER.role
        new[key] = REVIEWER.model_copy(update={"key": key, "role": role, "model": author.model.name})
        return new[key]
    return (same or [place.origin for place in colleagues])[0]


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
