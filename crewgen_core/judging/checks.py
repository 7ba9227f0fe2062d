"""Judges a run by rule: each result against the output that its task was to bring. Form only, never truth."""

from collections.abc import Mapping

from crewgen_core.judging.amount import check_amounts
from crewgen_core.judging.content import Stopwords, check_content
from crewgen_core.judging.form import check_form
from crewgen_core.judging.presence import check_presence
from crewgen_core.judging.result import Result
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.outcome import Check, CheckState, Judgement, TaskVerdict
from crewgen_core.numbers import format_count

NO_TRUTH = "Checks look at form; they do not read for truth."


def check_run(crew: Crew, results: Mapping[str, str], stopwords: Stopwords) -> Judgement:
    """Return what the results of a run look like, by key of their task.

    It did not succeed where a task has no result, or a final one misses a form that was asked for. It succeeded where
    some form was asked of a final result, and all of it is there. Otherwise nothing can be told. Final are the results
    that no other task works from.
    """
    used = {key for task in crew.tasks for key in task.depends_on if key != task.key}
    tasks = tuple(check_task(task, results.get(task.key, ""), stopwords) for task in crew.tasks)
    missing = [verdict for verdict in tasks if verdict.checks and verdict.checks[0].state == "not met"]
    final = [verdict for verdict in tasks if verdict.task not in used] or list(tasks)
    missed = [verdict for verdict in final if verdict.state == "not met"]
    shown = [verdict for verdict in final if verdict.state == "met"]
    if not tasks:
        succeeded, reason = None, "The crew has no tasks, so there is nothing to check."
    elif missing:
        succeeded = False
        reason = f"{format_count(len(missing), 'task')} brought no result: {_name(missing)}."
    elif missed:
        succeeded = False
        reason = f"What was asked for is missing from a final result: {_name(missed)}."
    elif shown:
        succeeded, reason = True, "Every result is there, and the final ones have the form that was asked for."
    else:
        succeeded = None
        reason = "Every result is there, but nothing was asked of the final ones that can be checked without reading."
    return Judgement(by="checks", succeeded=succeeded, reason=f"{reason} {NO_TRUTH}", tasks=tasks)


def check_task(task: Task, output: str, stopwords: Stopwords) -> TaskVerdict:
    """Return the checks of one result; the first says whether there is one."""
    result = Result.read(output)
    presence = tuple(check_presence(task, result))
    asked: tuple[Check, ...] = ()
    if presence[0].state == "met":
        expected = task.expected_output
        asked = (
            *check_form(expected, result),
            *check_amounts(expected, result),
            *check_content(expected, result, stopwords),
        )
    return TaskVerdict(task=task.key, name=task.name, state=_decide(presence, asked), checks=(*presence, *asked))


def _decide(presence: tuple[Check, ...], asked: tuple[Check, ...]) -> CheckState:
    states = {check.state for check in (*presence, *asked)}
    if "not met" in states:
        return "not met"
    return "met" if any(check.state == "met" for check in asked) else "cannot tell"


def _name(verdicts: list[TaskVerdict]) -> str:
    names = ", ".join(f"“{verdict.name[:80]}”" for verdict in verdicts[:3])
    return names + (f" and {len(verdicts) - 3} more" if len(verdicts) > 3 else "")
