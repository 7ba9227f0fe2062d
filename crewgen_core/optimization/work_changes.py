"""Changes of how the crew works together: with a manager or without, one after the other or side by side."""

from collections.abc import Iterator, Sequence

from crewgen_core.models.change import Change, Edit, set_field
from crewgen_core.optimization.assignment import Assignment
from crewgen_core.optimization.layout import in_list_order
from crewgen_core.optimization.wording import list_tasks, make_change


def change_style(own: Assignment) -> Iterator[Change]:
    """Yield the change of process and oversight, where the crew is to work together otherwise."""
    new = own.reading.style.crew
    if new.process == own.crew.process and new.oversight == own.crew.oversight:
        return
    fields = ("process", "coordination", "oversight", "manager")
    edits = [
        set_field(name, new.model_dump(mode="json")[name])
        for name in fields
        if getattr(new, name) != getattr(own.crew, name)
    ]
    edits += [
        set_field(f"tasks/{task.key}/async_execution", False)
        for task in own.crew.tasks
        if task.async_execution and new.process == "hierarchical"
    ]
    edits += [
        set_field(f"tasks/{task.key}/agent", own.doing[task.key].origin.key)
        for task in own.crew.tasks
        if task.agent is None and new.process == "sequential"
    ]
    if new.process == "sequential":
        title, reason = (
            "Work without a manager",
            (
                "A manager makes at least two calls for each task and reads every result again; the figures do not "
                "show a gain that is worth it here."
            ),
        )
    elif own.crew.process == "sequential":
        title, reason = (
            f"Put a manager in charge, with {new.oversight} oversight",
            (
                "On this kind of work crews with a manager did better in the one large study there is, and a "
                "manager sends back what it finds wrong."
            ),
        )
    else:
        title, reason = (
            f"Have the manager check with {new.oversight} oversight",
            ("It changes how many results the manager reviews and has done again."),
        )
    yield make_change(title, reason, edits)


def change_order(own: Assignment) -> Iterator[Change]:
    """Yield the change of what runs at the same time, where anything does otherwise."""
    before = in_list_order([task.async_execution for task in own.crew.tasks])
    if own.layout == before or own.reading.style.crew.process == "hierarchical":
        return
    order, at_once = own.order, own.layout.at_once
    edits: list[Edit] = []
    stays = _keep_in_order(order)
    for at, following in zip(reversed(order), [None, *reversed(order[1:])], strict=True):
        if at not in stays:
            before_key = None if following is None else own.crew.tasks[following].key
            edits.append(Edit(op="move", path=f"tasks/{own.crew.tasks[at].key}", before=before_key))
    edits += [
        set_field(f"tasks/{task.key}/async_execution", at in at_once)
        for at, task in enumerate(own.crew.tasks)
        if task.async_execution != (at in at_once)
    ]
    label = "parallel" if at_once else "sequential"
    agents = {place.key for place in own.places}
    edits.append(set_field("coordination", label if len(agents) > 1 else "solo"))
    if at_once:
        together = [list_tasks([own.crew.tasks[at] for at in sorted(b)]) for b in own.layout.blocks if len(b) > 1]
        yield make_change(
            f"Run {'; '.join(together)} at the same time",
            "They do not need each other's results, so the run waits only for the longest of them.",
            edits,
        )
    else:
        yield make_change(
            "Run the tasks one after the other",
            "On this kind of work agents that worked side by side did worse than one after the other (Kim et al., "
            "arXiv 2512.08296 v3).",
            edits,
        )


def _keep_in_order(order: Sequence[int]) -> frozenset[int]:
    """Return the most numbers that stand in rising order already, so that only the others have to move."""
    best: list[list[int]] = []
    for number in order:
        shorter = [chain for chain in best if chain[-1] < number]
        best.append([*max(shorter, key=len), number] if shorter else [number])
    return frozenset(max(best, key=len)) if best else frozenset()
