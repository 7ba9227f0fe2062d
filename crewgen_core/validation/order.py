"""Structure, second group: dependencies and the order in which CrewAI really runs tasks (crew.py, 1.15).

CrewAI runs tasks in list order. A task marked asynchronous starts at once; the next other task first waits for all that
were started. So a graph that looks sound can still be refused, or end with the wrong result.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from rapidfuzz import fuzz, process

from crewgen_core.models.change import Change, Edit
from crewgen_core.models.crew import Task
from crewgen_core.validation import fixes
from crewgen_core.validation.asynchronous import count_async_at_end, list_async_context, settle_async
from crewgen_core.validation.context import Context
from crewgen_core.validation.parts import CLOSE_NAME
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import join_names, shorten


def dependency_unknown(context: Context) -> Iterator[Fault]:
    """A dependency on a task that does not exist cannot be built; its result would silently be missing from the
    context (MAST: information withholding)."""
    for task in context.crew.tasks:
        unknown = [key for key in dict.fromkeys(task.depends_on) if key not in context.tasks]
        if unknown:
            yield Fault(
                f"task:{task.key}",
                f'The task "{_label(task)}" works from {join_names(unknown)}, which this crew does not have. Add '
                "what is "
                "missing, or drop the dependency.",
                _mend_unknown(context, task, unknown),
            )


def dependency_on_itself(context: Context) -> Iterator[Fault]:
    """A task that waits for its own result never starts; CrewAI would hand it an empty context instead of saying so."""
    for task in context.crew.tasks:
        if task.key in task.depends_on:
            yield Fault(
                f"task:{task.key}",
                f'The task "{_label(task)}" depends on its own result, so it could never start. Drop that dependency.',
                _keep_dependencies(context, task, [key for key in task.depends_on if key != task.key]),
            )


def dependency_cycle(context: Context) -> Iterator[Fault]:
    """Tasks that wait for each other never start, and CrewAI refuses a context from a later task
    (``validate_context_no_future_tasks``)."""
    for members in _find_cycles(context):
        path = _trace_cycle(context, members)
        names = " → ".join(shorten(key, 40) for key in (path if len(path) <= 8 else [*path[:7], "…", path[-1]]))
        yield Fault(
            f"task:{members[0]}",
            f"These tasks wait for each other, so none of them could ever start: {names}. Decide which comes first and "
            "drop the dependency that points back.",
            _break_cycle(context, members),
        )


def listed_too_early(context: Context) -> Iterator[Fault]:
    """CrewAI runs tasks in list order and refuses one that takes its context from a later task
    (``validate_context_no_future_tasks``)."""
    group_of = {key: i for i, members in enumerate(_find_cycles(context)) for key in members}
    fix: Change | None = None
    for i, task in enumerate(context.crew.tasks):
        group = group_of.get(task.key) if context.position[task.key] == i else None
        late = [
            key
            for key in dict.fromkeys(task.depends_on)
            if context.position.get(key, -1) > i and (group is None or group_of.get(key) != group)
        ]
        if late:
            fix = fix or _reorder(context)
            yield Fault(
                f"task:{task.key}",
                f'The task "{_label(task)}" is listed before {join_names(late)}, which it works from. CrewAI runs '
                "tasks "
                "in list order and refuses this: list it later.",
                fix,
            )


def ends_with_several_async(context: Context) -> Iterator[Fault]:
    """CrewAI: "The crew must end with at most one asynchronous task" (``validate_end_with_at_most_one_async_task``)."""
    if count_async_at_end(context.crew.tasks) > 1:
        last = context.crew.tasks[-1]
        yield Fault(
            f"task:{last.key}",
            "The crew ends with more than one asynchronous task, which CrewAI refuses, as no single result comes last. "
            f'Let the last task, "{_label(last)}", wait for the others.',
            _make_synchronous(context, last),
        )


def async_waits_for_async(context: Context) -> Iterator[Fault]:
    """CrewAI refuses an asynchronous task that takes context from an asynchronous task of the same run of them, as
    both start at once (``validate_async_task_cannot_include_sequential_async_tasks_in_context``)."""
    for i, task in enumerate(context.crew.tasks):
        clash = list_async_context(context.crew.tasks, i)
        if clash:
            yield Fault(
                f"task:{task.key}",
                f'The asynchronous task "{_label(task)}" works from {join_names(clash)}, which is asynchronous too and '
                "starts at the same moment; CrewAI refuses this. Let it wait.",
                _make_synchronous(context, task),
            )


def several_ends(context: Context) -> Iterator[Fault]:
    """A crew returns the result of its last task only (``_create_crew_output`` takes ``valid_outputs[-1]``); the
    results of other ends are made, paid for and lost (MAST: premature termination, 6.2 %)."""
    if len(context.end_tasks) < 2 or not context.orderly:
        return
    last = context.crew.tasks[-1]
    lost = [task for task in context.end_tasks if task.key != last.key]
    edits = fixes.edit_task(
        context, last, depends_on=[*last.depends_on, *(task.key for task in lost)], async_execution=False
    )
    yield Fault(
        f"task:{last.key}",
        "A crew returns the result of its last task only, and nothing works from "
        f"{join_names([t.name or t.key for t in lost])}"
        f': that work would be lost. Let "{_label(last)}" bring the results together.',
        fixes.change(f'Let "{_label(last)}" work from all results', "Then nothing is lost.", edits),
    )


def async_asks_person(context: Context) -> Iterator[Fault]:
    """Human input in CrewAI stops and waits at the console; in an asynchronous task it does so from a second thread,
    where the question drowns in the output of the others."""
    for task in context.crew.tasks:
        if task.async_execution and task.human_input:
            yield Fault(
                f"task:{task.key}",
                f'The task "{_label(task)}" asks a person while other tasks go on, so the question can be overlooked. '
                "Let the crew wait for it.",
                _make_synchronous(context, task),
            )


def async_under_manager(context: Context) -> Iterator[Fault]:
    """In a hierarchical crew the manager does every task (``_get_agent_to_use``), and an agent of CrewAI does one task
    at a time (``AgentExecutor.invoke``: "Executor is already running"): a second one at the same time ends the run."""
    if context.crew.process != "hierarchical":
        return
    for task in context.crew.tasks:
        if task.async_execution:
            yield Fault(
                f"task:{task.key}",
                f'The task "{_label(task)}" is asynchronous, but the manager of a hierarchical crew does one task at a '
                "time: CrewAI would end the run. Let the crew wait for it.",
                _make_synchronous(context, task),
            )


def _label(task: Task) -> str:
    return shorten(task.name.strip() or task.key)


def _keep_dependencies(context: Context, task: Task, kept: Sequence[str]) -> Change | None:
    return fixes.change(
        "Drop the dependency", "It can never be met.", fixes.edit_task(context, task, depends_on=list(kept))
    )


def _mend_unknown(context: Context, task: Task, unknown: Sequence[str]) -> Change | None:
    """Replace a slip by the earlier task that is spelled almost like it, drop what is like none."""
    here = context.position[task.key]
    earlier = [other.key for other in context.crew.tasks[:here] if other.key != task.key]
    kept: list[str] = []
    for key in task.depends_on:
        if key in unknown:
            close = process.extractOne(key, earlier, scorer=fuzz.ratio, score_cutoff=CLOSE_NAME)
            key = close[0] if close and not context.crew.tasks[here].async_execution else ""
        if key and key not in kept:
            kept.append(key)
    return fixes.change(
        "Mend the dependencies",
        "Slips are replaced by the task that was meant, others dropped.",
        fixes.edit_task(context, task, depends_on=kept),
    )


def _find_cycles(context: Context) -> list[list[str]]:
    """Return the groups of tasks that wait for each other, directly or not, each in list order.

    Kosaraju's algorithm, without recursion, as chains may be as long as the list of tasks.
    """
    needs = {key: [k for k in t.depends_on if k in context.tasks and k != key] for key, t in context.tasks.items()}
    if all(context.position[k] < context.position[key] for key, waits in needs.items() for k in waits):
        return []
    dependents: dict[str, list[str]] = {key: [] for key in needs}
    for key, waits in needs.items():
        for need in waits:
            dependents[need].append(key)
    seen: set[str] = set()
    finished = [key for start in needs for key in _walk(start, needs, seen)]
    seen = set()
    groups = [list(_walk(start, dependents, seen)) for start in reversed(finished)]
    return [sorted(group, key=lambda k: context.position[k]) for group in groups if len(group) > 1]


def _walk(start: str, edges: Mapping[str, Sequence[str]], seen: set[str]) -> Iterator[str]:
    """Yield what is reached from the start and was not seen before, each after all that is reached from it."""
    if start in seen:
        return
    seen.add(start)
    path = [(start, iter(edges[start]))]
    while path:
        key, ahead = path[-1]
        step = next((k for k in ahead if k not in seen), None)
        if step is None:
            path.pop()
            yield key
        else:
            seen.add(step)
            path.append((step, iter(edges[step])))


def _trace_cycle(context: Context, members: Sequence[str]) -> list[str]:
    """Return one way round within the group, ending where it starts."""
    path = [members[0]]
    while True:
        key = next(k for k in context.tasks[path[-1]].depends_on if k in members and k != path[-1])
        if key in path:
            return [*path[path.index(key) :], key]
        path.append(key)


def _break_cycle(context: Context, members: Sequence[str]) -> Change | None:
    """Drop the dependencies within the cycle that point to a later task of the list."""
    edits: list[list[Edit] | None] = []
    for key in members:
        task = context.tasks[key]
        kept = [k for k in task.depends_on if k not in members or context.position[k] < context.position[key]]
        if len(kept) < len(task.depends_on):
            edits.append(fixes.edit_task(context, task, depends_on=kept))
    return fixes.change(
        "Drop the dependencies that point back",
        "The order of the list decides which task comes first.",
        fixes.join_edits(*edits),
    )


def _reorder(context: Context) -> Change | None:
    """List every task after what it works from, else in the old order; None while keys are double or in a cycle."""
    tasks = context.crew.tasks
    if len(context.tasks) < len(tasks):
        return None
    needs = {t.key: {k for k in t.depends_on if k in context.tasks and k != t.key} for t in tasks}
    dependents: dict[str, list[str]] = {key: [] for key in needs}
    for key, waits in needs.items():
        for need in waits:
            dependents[need].append(key)
    ready = [context.position[key] for key, waits in needs.items() if not waits]
    heapify(ready)
    ordered: list[Task] = []
    while ready:
        ordered.append(task := tasks[heappop(ready)])
        for key in dependents[task.key]:
            needs[key].discard(task.key)
            if not needs[key]:
                heappush(ready, context.position[key])
    if len(ordered) < len(tasks):
        return None
    return fixes.change(
        "List the tasks in the order they depend on each other",
        "CrewAI runs them in list order.",
        fixes.replace_tasks(settle_async(ordered)),
    )


def _make_synchronous(context: Context, task: Task) -> Change | None:
    return fixes.change(
        f'Let "{_label(task)}" wait', "It then runs alone, after all before it.",
        fixes.edit_task(context, task, async_execution=False),
    )  # fmt: skip
