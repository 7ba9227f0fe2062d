"""Puts tasks in an order that can be worked off, and sees which can run at the same time."""

from collections.abc import Mapping, Sequence

from crewgen_core.models.crew import Task


def order_tasks(tasks: Sequence[Task]) -> tuple[list[Task], list[tuple[str, str]]]:
    """Return the tasks, each after all that it works from, and the dependencies that were cut to make that possible.

    The given order is kept as far as it can be. A circle is cut at the first of its tasks. A cut dependency is told as
    (task, what it would have worked from). Dependencies on the task itself or on unknown tasks are dropped.
    """
    known = {task.key for task in tasks}
    waiting = [
        _without(task, {key for key in task.depends_on if key not in known or key == task.key}) for task in tasks
    ]
    ordered: list[Task] = []
    cut: list[tuple[str, str]] = []
    done: set[str] = set()
    while waiting:
        ready = next((task for task in waiting if done.issuperset(task.depends_on)), None)
        if ready is None:
            circle, back = _find_circle(waiting)
            cut.extend((circle.key, key) for key in back)
            waiting[waiting.index(circle)] = _without(circle, set(back))
            continue
        waiting.remove(ready)
        ordered.append(ready)
        done.add(ready.key)
    return ordered, cut


def task_levels(ordered: Sequence[Task]) -> list[list[Task]]:
    """Return ordered tasks by level: those of one level do not wait for each other.

    What a task of somebody's file waits for that does not come before it, or is nowhere, holds nothing up.
    """
    depth: dict[str, int] = {}
    levels: list[list[Task]] = []
    for task in ordered:
        depth[task.key] = 1 + max((depth.get(key, -1) for key in task.depends_on), default=-1)
        if depth[task.key] == len(levels):
            levels.append([])
        levels[depth[task.key]].append(task)
    return levels


def leads_to(start: str, goal: str, sources: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether following the sources from ``start`` comes to ``goal``, however far."""
    waiting, seen = [start], set[str]()
    while waiting:
        key = waiting.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            waiting.extend(sources.get(key, ()))
    return False


def _find_circle(waiting: Sequence[Task]) -> tuple[Task, list[str]]:
    """Return the first task that waits for itself, and those of its dependencies that lead back to it."""
    sources = {task.key: task.depends_on for task in waiting}
    for task in waiting:
        back = [key for key in task.depends_on if leads_to(key, task.key, sources)]
        if back:
            return task, back
    raise AssertionError("Tasks that wait for known tasks only can be stuck in a circle only.")


def _without(task: Task, dropped: set[str]) -> Task:
    kept = tuple(dict.fromkeys(key for key in task.depends_on if key not in dropped))
    return task if kept == task.depends_on else task.model_copy(update={"depends_on": kept})
