"""Writes uploads and jobs as text for a terminal."""

from collections.abc import Sequence

from crewgen_core.console.terminal import cut, harmless, join, list_items, wrap
from crewgen_core.models.job import Forecast, Item, Job, Progress
from crewgen_core.models.upload import UploadReport
from crewgen_core.numbers import format_count, format_seconds, format_usd

MOST_BAD_ROWS = 1_000
"""Bad rows that are printed; with --json there are more."""


def describe_upload(report: UploadReport, skips_duplicates: bool = False) -> str:
    """Return what was recognised in a file, and every row that cannot become a crew, with column and reason."""
    form = "a spreadsheet" if report.kind == "xlsx" else ", ".join(filter(None, (report.encoding, _separator(report))))
    left_out = ", left out" if skips_duplicates else ", kept"
    counts = (
        f"{report.rows:,} rows: {report.good:,} good, {report.bad:,} bad"
        f"{f', {report.duplicates:,} of the good ones are duplicates{left_out}' if report.duplicates else ''}"
    )
    columns = (f"{field} = {column}" for field, column in report.mapping.items())
    return join(
        wrap(f"{report.name}: {form}"),
        wrap(counts),
        list_items("Columns, by what they mean", columns),
        list_items("To know", report.notes),
        _describe_bad_rows(report),
    )


def _separator(report: UploadReport) -> str:
    if not report.delimiter:
        return "one column"
    named = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    return f"cells separated by {named.get(report.delimiter, report.delimiter)}"


def _describe_bad_rows(report: UploadReport) -> str:
    shown = report.bad_rows[:MOST_BAD_ROWS]
    lines: list[str] = []
    for bad in shown:
        place = f"row {bad.row}" + (f", {bad.column}" if bad.column else "")
        value = f' "{bad.value}"' if bad.value else ""
        lines.append(f"{place}{value}: {bad.reason}")
    if report.bad > len(shown):
        lines.append(f"and {report.bad - len(shown):,} more.")
    return list_items("Bad rows, which are left out", lines)


def describe_forecast(forecast: Forecast) -> str:
    """Return what a job will cost and take, duplicates counted, and where the figures come from."""
    cost = "nothing: no model is asked" if not forecast.model_rows else format_usd(forecast.cost_usd)
    if forecast.model_rows and forecast.cost_low_usd is not None and forecast.cost_high_usd is not None:
        cost += f" ({format_usd(forecast.cost_low_usd)} to {format_usd(forecast.cost_high_usd)})"
    low, high = format_seconds(forecast.seconds_low), format_seconds(forecast.seconds_high)
    return join(
        f"Forecast for {format_count(forecast.rows, 'crew')}\n"
        f"  Cost      {cost}\n"
        f"  Duration  {format_seconds(forecast.seconds)} ({low} to {high})",
        list_items("It rests on", forecast.basis),
    )


def describe_jobs(jobs: Sequence[Job]) -> str:
    """Return a table of jobs, a line each."""
    if not jobs:
        return "There are no jobs yet: python -m crewgen_core bulk FILE starts one."
    heads = f"{'job':>6}  {'state':<10}{'rows':>9}{'done':>9}{'failed':>8}{'spent':>9}  name"
    lines = (
        f"{job.id:>6}  {job.state:<10}{job.total:>9,}{job.completed:>9,}{job.failed:>8,}"
        f"{format_usd(job.spent_usd):>9}  {cut(harmless(job.name), 24)}"
        for job in jobs
    )
    return "\n".join([heads, *lines])


def describe_progress(progress: Progress) -> str:
    """Return how far a job is, and why rows failed, grouped."""
    job = progress.job
    counts = [f"{job.completed:,} of {job.total:,} rows done", f"{job.failed:,} failed"]
    counts += [f"{job.cancelled:,} cancelled"] if job.cancelled else []
    counts += [f"{job.pending:,} to do"] if job.pending else []
    lines = [f"{job.state.capitalize()}. {job.state_reason}".rstrip(), f"{', '.join(counts)}.", _speed(progress)]
    if job.model or job.spent_usd or job.budget_usd is not None:
        limit = f" of at most {format_usd(job.budget_usd)}" if job.budget_usd is not None else ""
        lines.append(f"Models cost {format_usd(job.spent_usd)}{limit}.")
    failures = (f"{format_count(failure.count, 'row')}: {failure.reason}" for failure in progress.failures)
    return join(
        wrap(f"Job {job.id}: {job.name} ({job.kind})") + "\n" + "\n".join(wrap(line, 2, 4) for line in lines if line),
        list_items("Failed rows, by reason", failures),
        wrap(f"Try them again: python -m crewgen_core jobs {job.id} --retry --wait") if job.failed else "",
    )


def progress_line(progress: Progress) -> str:
    """Return how far a job is, on one line of a terminal."""
    job = progress.job
    parts = [
        f"{job.total - job.pending:,} of {job.total:,} rows",
        f"{job.share_done:.0%}",
        f"{job.failed:,} failed" if job.failed else "",
        _speed(progress).rstrip(".") or ("no worker yet" if not progress.workers else "starting"),
    ]
    return cut(", ".join(filter(None, parts)), 78)


def describe_rows(items: Sequence[Item]) -> str:
    """Return failed rows, each with its place in the file and its reason."""
    lines = (
        f"row {item.line or item.position}, {item.name or cut(item.objective, 60)}: {item.failure_reason}"
        for item in items
    )
    return list_items(f"Failed rows ({len(items):,})", lines)


def _speed(progress: Progress) -> str:
    if not progress.rate:
        return ""
    rate = f"{progress.rate:,.0f} rows a second" if progress.rate >= 2 else f"{progress.rate * 60:,.1f} rows a minute"
    left = "" if progress.seconds_left is None else f", {format_seconds(progress.seconds_left)} left"
    return f"{rate}{left}."
