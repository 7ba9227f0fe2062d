"""Changes of the tasks: fewer, more, another order, beside each other, with a person's yes."""

import re
from collections.abc import Sequence

from crewgen_core.composition.at_once import start_levels
from crewgen_core.composition.names import make_key
from crewgen_core.composition.ordering import leads_to
from crewgen_core.models.crew import Crew, Task
from crewgen_core.refinement.parts import find_tasks, means_all, the_task
from crewgen_core.refinement.wishes import AskPerson, AtOnce, Move, Split
from crewgen_core.refinement.work import Declined, Outcome, Work, change_tasks, join_words, keys_taken, name_of, quote

LONGEST_NAME = 500
_LONGEST_JOINED_NAME = 160


# --- fewer ------------------------------------------------------------------------------------------------------------


def remove_task(task: Task, work: Work) -> Outcome:
    """Take one task out; what worked from it works from what it worked from."""
    if len(work.crew.tasks) < 2:
        raise Declined(f"{name_of(task)} is the only task; a crew needs one.")
    return Outcome(remove_tasks(work.crew, {task.key}), f"Took out the task {name_of(task)}.")


def remove_tasks(crew: Crew, gone: set[str]) -> Crew:
    """Return the crew without some tasks, those that worked from them joined to their sources."""
    sources = {task.key: task.depends_on for task in crew.tasks}

    def past(key: str, seen: frozenset[str]) -> list[str]:
        if key not in gone:
            return [key]
        return [
            found for source in sources.get(key, ()) if source not in seen for found in past(source, seen | {source})
        ]

    tasks = tuple(
        task.model_copy(
            update={
                "depends_on": tuple(dict.fromkeys(k for key in task.depends_on for k in past(key, frozenset({key}))))
            }
        )
        for task in crew.tasks
        if task.key not in gone
    )
    return crew.model_copy(update={"tasks": tasks})


def merge_tasks(tasks: Sequence[Task], work: Work) -> Outcome:
    """Make one task of several. Raises Declined where one of them waits for another by way of a third."""
    order = [task for task in work.crew.tasks if task.key in {one.key for one in tasks}]
    crew = join_tasks(work.crew, order)
    if crew is None:
        raise Declined("These tasks cannot be merged: another task works from the one and is needed by the other.")
    names = join_words([name_of(task) for task in order])
    return Outcome(crew, f"Merged {names} into one task.")


def join_tasks(crew: Crew, tasks: Sequence[Task]) -> Crew | None:
    """Return the crew with these tasks as one, in the place of the last; None where others stand between them."""
    keys = {task.key for task in tasks}
    first, last = tasks[0], tasks[-1]
    outside = [key for task in tasks for key in task.depends_on if key not in keys]
    edges = {task.key: task.depends_on for task in crew.tasks}
    if any(leads_to(key, inner, edges) for key in outside for inner in keys):
        return None
    joined = first.model_copy(
        update={
            "name": _join_names([task.name for task in tasks]),
            "description": "\n\n".join(
                dict.fromkeys(_without_sources(task, tasks) for task in tasks if task.description)
            )[:20_000],
            "expected_output": "\n\n".join(
                dict.fromkeys(task.expected_output for task in tasks if task.expected_output)
            )[:10_000],
            "depends_on": tuple(dict.fromkeys(outside)),
            "skills": tuple(dict.fromkeys(skill for task in tasks for skill in task.skills)),
            "tools": tuple(dict.fromkeys(tool for task in tasks for tool in task.tools)),
            "human_minutes": min(sum(task.human_minutes for task in tasks), 100_000.0),
            "human_input": any(task.human_input for task in tasks),
            "async_execution": all(task.async_execution for task in tasks),
            "why": " ".join(dict.fromkeys(task.why for task in tasks if task.why))[:5_000],
        }
    )
    merged: list[Task] = []
    for task in crew.tasks:
        if task.key == last.key:
            merged.append(joined)
        elif task.key not in keys:
            sources = tuple(dict.fromkeys(first.key if key in keys else key for key in task.depends_on))
            merged.append(task.model_copy(update={"depends_on": sources}))
    return crew.model_copy(update={"tasks": tuple(merged)})


def _join_names(names: Sequence[str]) -> str:
    head, *rest = [name for name in names if name] or [""]
    joined = " and ".join([head, *(name[:1].lower() + name[1:] for name in rest)])
    return joined if len(joined) <= _LONGEST_JOINED_NAME else head


def _without_sources(task: Task, merged: Sequence[Task]) -> str:
    """Return the description without the sentence that names a task which is now part of the same."""
    text = task.description
    for other in merged:
        text = text.replace(f'Build on "{other.name}".', "")
    return re.sub(r" {2,}", " ", text).strip()


# --- more -------------------------------------------------------------------------------------------------------------


def split(wish: Split, work: Work) -> Outcome:
    """Make several tasks of one: by the names that were given, else in equal parts."""
    task = _longest(find_tasks(wish.what, work) or [the_task(wish.what, work)])
    keys = keys_taken(work.crew)
    parts: list[Task] = []
    for number in range(1, wish.number + 1):
        part = _part_of(task, number, wish)
        key = task.key if number == 1 else make_key(part.name, keys, f"{task.key}_{number}"[:100])
        keys.add(key)
        parts.append(part.model_copy(update={"key": key}))
    tasks = [other for one in work.crew.tasks for other in (parts if one.key == task.key else [one])]
    new = tuple(part.key for part in parts)
    crew = work.crew.model_copy(update={"tasks": tuple(_follow(other, task.key, new) for other in tasks)})
    about = f": {join_words([quote(name) for name in wish.into])}" if wish.into else ""
    remark = (
        ()
        if wish.into
        else ("The parts are halves by amount. Say “split … into A and B” to part it by what it is about.",)
    )
    if wish.number > 2 and not wish.into:
        remark = ("The parts are equal by amount. Say “split … into A, B and C” to part it by what it is about.",)
    return Outcome(crew, f"Split {name_of(task)} into {wish.number} tasks{about}.", remarks=remark)


def _longest(tasks: Sequence[Task]) -> Task:
    return max(tasks, key=lambda task: task.human_minutes)


def _part_of(task: Task, number: int, wish: Split) -> Task:
    if wish.into:
        subject = wish.into[number - 1]
        others = [name for name in wish.into if name != subject]
        name = f"{task.name} (part {number} of {wish.number}: {subject})"
        elsewhere = "is done in a task of its own" if len(others) == 1 else "are done in tasks of their own"
        told = f"This task is about {subject} only; {join_words(others)} {elsewhere}."
    else:
        name = f"{task.name} (part {number} of {wish.number})"
        share = "half" if wish.number == _HALVES else f"of {wish.number} equal parts"
        told = (
            f"This is part {number} of {wish.number} of the same work: list the items, sources or sections to be "
            f"covered in alphabetical order, and do the {_NTH[number - 1]} {share} of the list only."
        )
    return task.model_copy(
        update={
            "name": name[:LONGEST_NAME],
            "description": f"{told} {task.description}".strip()[:20_000],
            "human_minutes": round(task.human_minutes / wish.number, 1),
            "human_input": task.human_input,
        }
    )


_HALVES = 2
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth")


def _follow(task: Task, split_key: str, new: tuple[str, ...]) -> Task:
    if split_key not in task.depends_on or task.key in new:
        return task
    sources = [key for source in task.depends_on for key in (new if source == split_key else (source,))]
    return task.model_copy(update={"depends_on": tuple(dict.fromkeys(sources))})


# --- order ------------------------------------------------------------------------------------------------------------


def move(wish: Move, work: Work) -> Outcome:
    """Bring a task in front of another or behind it, or to an end of the list."""
    task, crew = the_task(wish.what, work), work.crew
    other = the_task(re.sub(r"\s+(?:is|are|gets?)\s+\w+$", "", wish.other), work) if wish.other else None
    if other is not None and other.key == task.key:
        raise Declined(f"{name_of(task)} cannot come before or after itself.", unclear=True)
    rest = remove_tasks(crew, {task.key})
    loose = task.model_copy(update={"depends_on": (), "async_execution": False})
    tasks = list(rest.tasks)
    if wish.place == "last" or (wish.place == "after" and other is None):
        used = {key for one in tasks for key in one.depends_on}
        loose = loose.model_copy(update={"depends_on": tuple(one.key for one in tasks if one.key not in used)})
        tasks.append(loose)
        place = "last"
    elif other is None:
        tasks = [
            loose,
            *(one if one.depends_on else one.model_copy(update={"depends_on": (task.key,)}) for one in tasks),
        ]
        place = "first"
    else:
        tasks, place = _move_beside(loose, other, wish, tasks)
    moved = rest.model_copy(update={"tasks": tuple(tasks)})
    if moved.tasks == crew.tasks:
        raise Declined(f"{name_of(task)} is there already.")
    return Outcome(moved, f"{name_of(task)} comes {place} now.")


def _move_beside(task: Task, other: Task, wish: Move, tasks: list[Task]) -> tuple[list[Task], str]:
    at = next(i for i, one in enumerate(tasks) if one.key == other.key)
    anchor = tasks[at]
    if wish.place == "before":
        tasks[at] = anchor.model_copy(update={"depends_on": tuple(dict.fromkeys((*anchor.depends_on, task.key)))})
        tasks.insert(at, task.model_copy(update={"depends_on": anchor.depends_on}))
        return tasks, f"before {name_of(other)}"
    for i, one in enumerate(tasks):
        if anchor.key in one.depends_on:
            tasks[i] = one.model_copy(update={"depends_on": tuple(dict.fromkeys((*one.depends_on, task.key)))})
    tasks.insert(at + 1, task.model_copy(update={"depends_on": (anchor.key,)}))
    return tasks, f"after {name_of(other)}"


# --- beside each other ------------------------------------------------------------------------------------------------


def run_at_once(wish: AtOnce, work: Work) -> Outcome:
    """Let tasks run beside each other, or all one after the other."""
    crew = work.crew
    if not wish.wanted:
        keys = {task.key for task in crew.tasks if task.async_execution}
        if not keys:
            raise Declined("The tasks run one after the other already.")
        return Outcome(change_tasks(crew, keys, async_execution=False), "All tasks run one after the other now.")
    if crew.process == "hierarchical":
        raise Declined(
            "A manager hands out the tasks one by one. Say “no manager” first, then tasks can run at the same time."
        )
    tasks = (
        crew.tasks
        if means_all(wish.what) or re.fullmatch(r"(?:the )?(?:independent )?(?:tasks|steps|things)", wish.what, re.I)
        else _named(wish.what, work)
    )
    if len(tasks) == 1:
        raise Declined(
            f"There is one such task only, {name_of(tasks[0])}. Say “split {wish.what or 'it'} in two” first, then "
            "both parts can run at the same time."
        )
    changed = start_together(crew, [task.key for task in tasks]) if len(tasks) < len(crew.tasks) else start_levels(crew)
    if changed is None or changed == crew:
        raise Declined(
            "No two of these tasks can run at the same time: each works from the result of another, or they do already."
        )
    keys = {task.key for task in changed.tasks if task.async_execution}
    names = join_words([name_of(task) for task in changed.tasks if task.key in keys])
    return Outcome(changed, f"{names} run at the same time now.")


def _named(what: str, work: Work) -> tuple[Task, ...]:
    """Return every task that is meant; of "X and Y" both."""
    found = {task.key for task in find_tasks(what, work)}
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", what)
    if len(parts) > 1:
        found |= {the_task(part, work).key for part in parts if part.strip()}
    if not found:
        found = {the_task(what, work).key}
    return tuple(task for task in work.crew.tasks if task.key in found)


def start_together(crew: Crew, keys: Sequence[str]) -> Crew | None:
    """Let these tasks start at once, in one row of the list; None where a task between them is in the way.

    Those of them that worked from another of them work from what that one worked from.
    """
    chosen = set(keys)
    edges = {task.key: task.depends_on for task in crew.tasks}
    outside: list[str] = []
    for key in keys:
        outside += [source for source in edges[key] if source not in chosen and source not in outside]
    if any(leads_to(source, key, edges) for source in outside for key in chosen):
        return None
    sources = {
        task.key: tuple(
            dict.fromkeys(
                s
                for source in task.depends_on
                for s in ([source] if source not in chosen else edges[source])
                if s not in chosen
            )
        )
        for task in crew.tasks
        if task.key in chosen
    }
    row = [
        t.model_copy(update={"async_execution": True, "depends_on": sources[t.key]})
        for t in crew.tasks
        if t.key in chosen
    ]
    needed = _all_sources(outside, edges)
    before = [task for task in crew.tasks if task.key in needed]
    after = [_wait_for(task, chosen, keys) for task in crew.tasks if task.key not in needed and task.key not in chosen]
    if not after:
        row[-1] = row[-1].model_copy(update={"async_execution": False})
    return crew.model_copy(update={"tasks": (*before, *row, *after)})


def _wait_for(task: Task, chosen: set[str], keys: Sequence[str]) -> Task:
    """Let a task that worked from one of a row work from all of it."""
    if not chosen.intersection(task.depends_on):
        return task
    return task.model_copy(update={"depends_on": tuple(dict.fromkeys((*task.depends_on, *keys)))})


def _all_sources(keys: Sequence[str], edges: dict[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found and key in edges:
            found.add(key)
            waiting.extend(edges[key])
    return found


# --- people -----------------------------------------------------------------------------------------------------------


def ask_person(wish: AskPerson, work: Work) -> Outcome:
    """Let the crew wait for a person's yes after a task, or no longer."""
    crew = work.crew
    if not crew.tasks:
        raise Declined("The crew has no task whose result a person could see.")
    if not wish.wanted:
        return _ask_nobody(wish, work)
    if not wish.where or re.fullmatch(
        r"(?:it|everything before it (?:is sent|goes out)|the (?:final )?(?:result|output|outcome|end))s?",
        wish.where,
        re.I,
    ):
        tasks = [crew.tasks[-1]]
    elif means_all(wish.where):
        tasks = list(crew.tasks)
    else:
        tasks = find_tasks(wish.where, work) or [_deed(wish.where, work)]
    keys = {task.key for task in tasks if not task.human_input}
    if not keys:
        raise Declined(f"A person confirms {name_of(tasks[0])} already.")
    names = join_words([name_of(task) for task in crew.tasks if task.key in keys])
    done = f"A person confirms the result of {names} before the crew goes on."
    return Outcome(change_tasks(crew, keys, human_input=True, async_execution=False), done)


def _deed(where: str, work: Work) -> Task:
    """Return the last task where the words name a deed outside of the crew ("before sending"), else the task meant."""
    if re.match(
        r"(?:it is |it gets |we |you )?(?:send|sent|publish|post|deliver|submit|hand|go|release|ship|start|run)",
        where,
        re.I,
    ):
        return work.crew.tasks[-1]
    return the_task(where, work)


def _ask_nobody(wish: AskPerson, work: Work) -> Outcome:
    asked = [task for task in work.crew.tasks if task.human_input]
    if wish.where and not means_all(wish.where):
        named = {task.key for task in find_tasks(wish.where, work)}
        asked = [task for task in asked if task.key in named]
    if not asked:
        raise Declined("No task asks a person.")
    crew = change_tasks(work.crew, {task.key for task in asked}, human_input=False)
    grave = any(risk.severity == "high" for risk in work.analysis.risks) if work.analysis else False
    remark = (
        ("The objective carries a high risk: the check will warn that no person sees the result.",) if grave else ()
    )
    return Outcome(crew, "The crew asks no person any more.", remarks=remark)
