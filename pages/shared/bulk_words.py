"""What bulk jobs are called and how their states look, in one place for all parts of the page."""

from collections.abc import Mapping

from crewgen_core.models.job import ItemState, Job, JobKind, JobState
from crewgen_core.numbers import format_percent, format_seconds, format_usd, format_when
from pages.shared.whose import mark_demo, tell_whose

KINDS: Mapping[JobKind, str] = {"generate": "Generate", "validate": "Check", "optimize": "Optimize"}
"""What a job does."""

_COLOURS: Mapping[JobState, str] = {"running": "blue", "paused": "orange", "cancelled": "gray", "completed": "green"}

MARKS: Mapping[ItemState, str] = {
    "completed": "✓ completed",
    "failed": "✗ failed",
    "pending": "… pending",
    "cancelled": "– cancelled",
}
"""How the state of a row is shown in a table."""


def count_rows(count: int, what: str = "row") -> str:
    """Return "1 row" or "1,200 rows"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def badge(job: Job) -> str:
    """Return the state of a job as a badge; one of the demo has a badge before it."""
    return f"{mark_demo(job)}:{tell_colour(job)}-badge[{job.state}]"


def tell_colour(job: Job) -> str:
    """Return how the state of a job is coloured; a completed one with failed rows says so by it."""
    return "orange" if job.state == "completed" and job.failed else _COLOURS[job.state]


def describe_job(job: Job) -> str:
    """Return what a job is and where it stands, on one line, without its name and state."""
    parts = [KINDS[job.kind], count_rows(job.total)]
    if job.state in ("running", "paused"):
        parts.append(f"{format_percent(job.share_done)} done")
    parts += [f"{job.failed:,} failed"] if job.failed else []
    parts += [f"{job.cancelled:,} cancelled"] if job.cancelled else []
    parts += [f"{format_usd(job.spent_usd)} spent"] if job.spent_usd else []
    return " · ".join([*parts, *tell_whose(job), format_when(job.created_at)])


def say_rate(rate: float | None) -> str:
    """Return rows over time as "12/s" or "30/min", or "—" where it cannot be told."""
    if not rate:
        return "—"
    if rate >= 1:
        return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"
    return f"{rate * 60:.0f}/min" if rate >= 1 / 6 else f"{rate * 60:.1f}/min"


def say_time(seconds: float | None) -> str:
    """Return a duration, or "—" where it is not known."""
    return "—" if seconds is None else format_seconds(seconds)
