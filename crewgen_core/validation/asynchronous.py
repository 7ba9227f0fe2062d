"""What CrewAI accepts of asynchronous tasks: they start at once, and the next other task waits for all of them."""

from collections.abc import Iterable, Sequence

from crewgen_core.models.crew import Task


def list_async_context(tasks: Sequence[Task], i: int) -> list[str]:
    """Return the asynchronous tasks just before task ``i``, itself asynchronous, that it takes context from."""
    if not tasks[i].async_execution:
        return []
    run: list[str] = []
    for task in reversed(tasks[:i]):
        if not task.async_execution:
            break
        run.append(task.key)
    return [key for key in tasks[i].depends_on if key in run and key != tasks[i].key]


def count_async_at_end(tasks: Sequence[Task]) -> int:
    """Return how many asynchronous tasks end the list."""
    count = 0
    for task in reversed(tasks):
        if not task.async_execution:
            break
        count += 1
    return count


def settle_async(tasks: Iterable[Task]) -> list[Task]:
    """Let tasks wait where CrewAI would refuse them as asynchronous."""
    settled = list(tasks)
    for i in range(len(settled)):
        if list_async_context(settled, i):
            settled[i] = settled[i].model_copy(update={"async_execution": False})
    if count_async_at_end(settled) > 1:
        settled[-1] = settled[-1].model_copy(update={"async_execution": False})
    return settled
