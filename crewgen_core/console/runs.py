"""Writes runs of crews as text for a terminal."""

from collections.abc import Sequence
from datetime import datetime

from crewgen_core.console.terminal import cut, harmless, join, list_items, wrap
from crewgen_core.models.run import Question, Run, RunEvent, RunProgress, TaskRun, Usage
from crewgen_core.numbers import format_count, format_seconds, format_usd

MARKS = {"problem": "!", "question": "?"}


def describe_event(event: RunEvent, started: datetime) -> str:
    """Return an event on one line, with the seconds since the run was asked for."""
    seconds = (event.at - started).total_seconds()
    text = " ".join(harmless(event.text).split())
    return f"{seconds:7.1f} s  {MARKS.get(event.kind, ' ')} {cut(text, 300)}"


def describe_question(question: Question, name: str) -> str:
    """Return what a person is asked."""
    return f"The result of “{harmless(name)}”:\n\n{print_text(question.draft)}\n"


def describe_runs(runs: Sequence[Run]) -> str:
    """Return a table of runs, a line each."""
    if not runs:
        return "There are no runs yet: python -m crewgen_core run CREW starts one."
    heads = f"{'run':>6}  {'state':<10}{'tasks':>8}{'tokens':>10}{'cost':>9}{'time':>9}  crew"
    lines = (
        f"{run.id:>6}  {run.state:<10}{f'{run.tasks_done}/{run.task_count}':>8}{run.usage.tokens:>10,}"
        f"{_cost(run.usage):>9}{_seconds(run.duration_s):>9}  {cut(harmless(run.crew_name), 24)}"
        for run in runs
    )
    return "\n".join([heads, *lines])


def describe_run(progress: RunProgress) -> str:
    """Return how a run stands or ended: what was predicted, what it took, and what its tasks resulted in."""
    run = progress.run
    predicted = "not known" if run.predicted.cost_usd is None else format_usd(run.predicted.cost_usd)
    head = wrap(f"Run {run.id}: {run.crew_name} (version {run.number} of crew {run.crew_id})")
    lines = [
        f"{run.state.capitalize()}. {run.reason}".rstrip(),
        f"{run.tasks_done} of {format_count(run.task_count, 'task')} done with {run.model}.",
        f"Cost {_cost(run.usage)} (predicted {predicted}), "
        f"{run.usage.tokens:,} tokens (predicted {run.predicted.tokens:,.0f}), "
        f"time {_seconds(run.duration_s)} (predicted {format_seconds(run.predicted.duration_s)}).",
    ]
    agents = (
        f"{agent.role}: {format_count(agent.usage.calls, 'call')}, {agent.usage.tokens:,} tokens, {_cost(agent.usage)}"
        for agent in progress.agents
        if agent.usage.calls
    )
    return join(
        head + "\n" + "\n".join(wrap(line, 2, 4) for line in lines),
        list_items("To know", run.notes),
        list_items("Agents", agents),
        *(_describe_task(task) for task in progress.tasks if task.output),
        _describe_open_question(progress),
        _say_what_next(progress),
    )


def print_text(text: str) -> str:
    """Return a text of several lines, each of them harmless and as long as it is."""
    return "\n".join(harmless(line) for line in text.splitlines())


def _describe_task(task: TaskRun) -> str:
    return f"{wrap(f'{task.name} ({task.state}, {_seconds(task.seconds)})')}\n\n{print_text(task.output)}"


def _describe_open_question(progress: RunProgress) -> str:
    question = progress.question
    names = {task.key: task.name for task in progress.tasks}
    return describe_question(question, names.get(question.task, question.task)) if question else ""


def _say_what_next(progress: RunProgress) -> str:
    run, command = progress.run, "python -m crewgen_core runs"
    if progress.question:
        return wrap(
            f'It waits for you: {command} {run.id} --answer "" accepts the result above, --answer "what to change" '
            "asks for a change."
        )
    return f"Go on from there: {command} {run.id} --go-on" if run.state in ("failed", "stopped") else ""


def _cost(usage: Usage) -> str:
    return "not known" if usage.cost_usd is None else format_usd(usage.cost_usd)


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else format_seconds(seconds)
