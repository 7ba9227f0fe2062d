"""Requests over time: completed and failed, one on the other."""

import plotly.graph_objects as go

from crewgen_core.figures.analytics_axis import mark_time, name_part, name_period, space_counts
from crewgen_core.figures.canvas import drawn_once, new_canvas, say
from crewgen_core.figures.labels import hover_text
from crewgen_core.models.analytics import Bucket, Period
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_count, format_percent

NOTHING = "No requests in this range."


@drawn_once
def build_requests(buckets: tuple[Bucket, ...], whole: Period) -> go.Figure:
    """Draw how many requests were completed and how many failed in each part of a range."""
    canvas = new_canvas("Requests")
    if not any(it.completed or it.failed for it in buckets):
        return say(canvas, NOTHING)
    for name, field in (("Completed", "completed"), ("Failed", "failed")):
        canvas.add_trace(
            go.Bar(
                name=name,
                x=list(range(len(buckets))),
                y=[getattr(it, field) for it in buckets],
                hovertext=[_hover(it, whole) for it in buckets],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    canvas.update_layout(barmode="stack", bargap=0.25)
    canvas.update_yaxes(title_text="requests", **space_counts(max(it.completed + it.failed for it in buckets)))
    mark_time(canvas, [it.period for it in buckets], whole)
    return canvas


def describe_requests(buckets: tuple[Bucket, ...], whole: Period) -> str:
    """Say in words what the figure shows."""
    completed, failed = sum(it.completed for it in buckets), sum(it.failed for it in buckets)
    total = completed + failed
    if not total:
        return NOTHING
    most = max(buckets, key=lambda it: it.completed + it.failed)
    return (
        f"{format_count(total, 'request')} from {name_period(whole)}: {completed:,} completed and {failed:,} failed "
        f"({format_percent(failed / total)}). The most, {most.completed + most.failed:,}: "
        f"{name_part(most.period, whole)}."
    )


def tabulate_requests(buckets: tuple[Bucket, ...]) -> Table:
    """Return the figures of each part."""
    rows = tuple((f"{it.period.first}", f"{it.period.last}", it.completed, it.failed) for it in buckets)
    return Table(title="Requests over time", columns=("from", "to", "completed", "failed"), rows=rows)


def _hover(bucket: Bucket, whole: Period) -> str:
    return hover_text(name_part(bucket.period, whole), f"{bucket.completed:,} completed", f"{bucket.failed:,} failed")
