"""Words and edits that changes are written with."""

from collections.abc import Sequence

from crewgen_core.estimation.models import ModelProfile
from crewgen_core.models.change import Change, Edit
from crewgen_core.models.crew import Agent, Task
from crewgen_core.numbers import format_usd
from crewgen_core.validation.texts import shorten


def make_change(title: str, reason: str, edits: Sequence[Edit]) -> Change:
    """Return the change; what it does to the figures is weighed later."""
    return Change(title=title, reason=reason, edits=tuple(edits))


def name_task(task: Task) -> str:
    """Return what people call a task, at most 60 characters."""
    return shorten(task.name.strip() or task.key, 60)


def name_agent(agent: Agent | None) -> str:
    """Return what people call an agent, at most 60 characters."""
    return shorten(agent.role.strip() or agent.key, 60) if agent else "nobody"


def list_tasks(tasks: Sequence[Task]) -> str:
    """Return the quoted names of up to three tasks as an enumeration, and how many more there are."""
    names = [f"“{name_task(task)}”" for task in tasks[:3]]
    if len(tasks) > 3:
        names.append(f"{len(tasks) - 3} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def compare_models(before: ModelProfile, after: ModelProfile) -> str:
    """Say in figures how two models differ."""
    return (
        f"{after.label} costs {_prices(after)} per million tokens read and written, {before.label} {_prices(before)}; "
        f"it gets tasks of {_minutes(after.horizon_minutes)} right half the time, {before.label} of "
        f"{_minutes(before.horizon_minutes)}."
    )


def _prices(profile: ModelProfile) -> str:
    price = profile.price
    if price is None or price.input_usd is None or price.output_usd is None:
        return "an unknown amount"
    return f"{format_usd(price.input_usd * 1_000_000)} and {format_usd(price.output_usd * 1_000_000)}"


def _minutes(minutes: float) -> str:
    return f"{minutes:.0f} human minutes" if minutes < 120 else f"{minutes / 60:.1f} human hours"
