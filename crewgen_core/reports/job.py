"""The report about a job: what came of many objectives, the best and the worst of it, and what failed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crewgen_core.models.document import Block, Document, Figure, Figures, Grid, Point, Points, Prose, Section
from crewgen_core.models.job import Item, Progress
from crewgen_core.models.spread import Distribution, Spread
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd, format_when
from crewgen_core.reports.demo import DEMO

MOST_ROWS = 200
"""Rows that the report lists; the job's CSV has all."""


@dataclass(frozen=True)
class JobFacts:
    """Everything that the report about a job is made from."""

    progress: Progress
    spread: Spread
    items: Sequence[Item]
    """Its first rows that have a crew, at most ``MOST_ROWS``."""
    made_at: datetime


def report_job(facts: JobFacts) -> Document:
    """Return the report about a job."""
    job = facts.progress.job
    return Document(
        title=job.name,
        subtitle=f"What came of {format_count(job.total, 'row')}.",
        made=f"{DEMO if job.demo else ''}Job {job.id}. Report made by crewgen on {format_when(facts.made_at)}.",
        summary=tuple(_summarize(facts)),
        sections=(
            *_list_failures(facts),
            Section(title="What to expect of these crews", blocks=tuple(_list_spread(facts.spread)), new_page=False),
            Section(title="The crews", blocks=tuple(_list_crews(facts)), new_page=True),
        ),
    )


def _summarize(facts: JobFacts) -> Iterator[Block]:
    job = facts.progress.job
    took = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else None
    yield Figures(
        figures=(
            Figure(label="Completed", value=f"{job.completed:,}", note=f"of {format_count(job.total, 'row')}"),
            Figure(label="Failed", value=f"{job.failed:,}", note="each with its reason" if job.failed else ""),
            Figure(label="Spent on models", value=format_usd(job.spent_usd), note="to make the crews"),
            Figure(label="Took", value=format_seconds(took) if took is not None else "–", note=job.state),
        )
    )
    if job.pending:
        yield Prose(text=f"The job is {job.state}: {format_count(job.pending, 'row')} are still to be done.")
    engines = ", ".join(f"{one.engine or 'unknown'}: {one.count:,}" for one in facts.spread.engines)
    if engines:
        yield Points(points=(Point(mark="Made by", text=engines),))
    yield Prose(
        text="Chances, costs and durations are estimates, not promises; each crew's own report says what they rest on.",
        quiet=True,
    )


def _list_failures(facts: JobFacts) -> Iterator[Section]:
    if facts.progress.failures:
        points = tuple(
            Point(mark=format_count(one.count, "row"), tone="bad", text=one.reason) for one in facts.progress.failures
        )
        yield Section(title="Why rows failed", blocks=(Points(points=points),))


def _list_spread(spread: Spread) -> Iterator[Block]:
    if not spread.crews:
        yield Prose(text="No crew has been made yet.")
        return
    rows = [
        _describe("Chance of success", spread.success, format_percent),
        _describe("Cost per run", spread.cost_usd, format_usd),
        _describe("Duration", spread.duration_s, format_seconds),
    ]
    yield Grid(
        columns=("Estimate", "A quarter is below", "Half is below", "A quarter is above"),
        rows=tuple(row for row in rows if row),
    )
    yield Grid(
        columns=("Domain", "Crews"),
        rows=tuple((one.domain or "not detected", f"{one.count:,}") for one in spread.domains),
        numbers=(1,),
        widths=(4, 1),
    )


def _describe(name: str, figures: Distribution | None, write: Callable[[float], str]) -> tuple[str, ...] | None:
    if figures is None:
        return None
    quartiles = figures.quartiles
    return name, write(quartiles.q1), write(quartiles.median), write(quartiles.q3)


def _list_crews(facts: JobFacts) -> Iterator[Block]:
    rows: list[tuple[str, ...]] = []
    for item in facts.items:
        figures = item.figures
        if figures is not None:
            rows.append(
                (
                    str(item.position),
                    item.crew_name or item.name,
                    item.domain,
                    f"{figures.agents} / {figures.tasks}",
                    format_percent(figures.success),
                    format_usd(figures.cost_usd),
                    format_seconds(figures.duration_s),
                    format_count(figures.errors, "error") if figures.errors else "",
                )
            )
    if rows:
        yield Grid(
            columns=("Row", "Crew", "Domain", "Agents / tasks", "Success", "Cost", "Duration", "To mend"),
            rows=tuple(rows),
            widths=(0.8, 4, 2, 1.5, 1.3, 1.3, 1.5, 1.3),
            numbers=(0, 3, 4, 5, 6),
        )
    left = facts.progress.job.completed - len(rows)
    if left > 0:
        yield Prose(text=f"{left:,} more are in the job's table (CSV).", quiet=True)
