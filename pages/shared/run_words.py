"""What runs are called and how their states look, in one place for all parts of the page."""

from collections.abc import Mapping
from datetime import UTC, datetime

from crewgen_core.models.run import Question, Run, RunState, TaskRunState
from crewgen_core.numbers import format_seconds, format_tokens, format_usd, format_when
from pages.shared.whose import mark_demo, tell_whose

STATES: Mapping[RunState, str] = {
    "starting": "starting",
    "running": "running",
    "waiting": "waits for a person",
    "completed": "completed",
    "failed": "failed",
    "stopped": "stopped",
}
"""How people read the state of a run."""

COLOURS: Mapping[RunState, str] = {
    "starting": "blue",
    "running": "blue",
    "waiting": "orange",
    "completed": "green",
    "failed": "red",
    "stopped": "gray",
}
"""How the state of a run is coloured."""

TASK_ICONS: Mapping[TaskRunState, str] = {
    "pending": ":material/radio_button_unchecked:",
    "running": ":material/progress_activity:",
    "waiting": ":material/front_hand:",
    "completed": ":material/check_circle:",
    "failed": ":material/error:",
}

TASK_STATES: Mapping[TaskRunState, str] = {
    "pending": "not begun",
    "running": "running",
    "waiting": "waits for a person",
    "completed": "completed",
    "failed": "failed",
}


def badge(run: Run) -> str:
    """Return the state of a run as a badge, before it one for a run of the demo, after it one for a dry run."""
    dry = " :violet-badge[dry run]" if run.settings.dry else ""
    return f"{mark_demo(run)}:{COLOURS[run.state]}-badge[{STATES[run.state]}]{dry}"


def list_marks(run: Run) -> list[str]:
    """Return the same marks of its kind as words."""
    return [*(["demo"] if run.demo else []), *(["dry run"] if run.settings.dry else [])]


def describe_run(run: Run) -> str:
    """Return what a run is and how far it came, on one line, without its name and state."""
    parts = [f"run {run.id}", f"version {run.number}", f"{run.tasks_done} of {run.task_count} tasks"]
    if run.duration_s is not None:
        parts.append(format_seconds(run.duration_s))
    if run.usage.calls and not run.settings.dry:
        parts += [format_tokens(run.usage.tokens), say_cost(run)]
    return " · ".join([*parts, *tell_whose(run), format_when(run.created_at)])


def say_cost(run: Run) -> str:
    """Return what a run has cost so far."""
    cost = run.usage.cost_usd
    return "cost not known" if cost is None else format_usd(cost)


def measure_time(run: Run, question: Question | None = None) -> float:
    """Return the seconds that a run has taken so far, or in all, without those that it waited for a person."""
    if run.duration_s is not None:
        return run.duration_s
    if run.started_at is None:
        return 0.0
    until = question.asked_at if question else datetime.now(UTC)
    return max(0.0, (until - run.started_at).total_seconds() - run.waited_s)
