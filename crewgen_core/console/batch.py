"""Writes what checking many crews found as text for a terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence

from crewgen_core.console.figures import show_time, show_typical_cost
from crewgen_core.console.terminal import wrap
from crewgen_core.models.batch import BatchRow, CheckedFile, Verdict

_VERDICTS: Mapping[Verdict, str] = {"can run": "can run", "has errors": "with errors", "unreadable": "unreadable"}


def describe_batch(rows: Sequence[BatchRow]) -> str:
    """Return two lines for each file of a batch: its figures, or why it could not be read."""
    counts = Counter(row.verdict for row in rows)
    told = ", ".join(f"{counts[verdict]} {words}" for verdict, words in _VERDICTS.items() if counts[verdict])
    heads = ("score", "errors", "warnings", "skills", "success", "cost", "time")
    lines = [f"Crews ({len(rows)}): {told}", "  " + "".join(f"{head:>10}" for head in heads)]
    for row in rows:
        name = f", {row.crew.name}" if isinstance(row, CheckedFile) else ""
        lines.append(wrap(f"{row.file}: {row.verdict}{name}", 0, 2))
        lines.append(_figures(row) if isinstance(row, CheckedFile) else wrap(f"{row.reason} {row.hint}", 2))
    return "\n".join(lines)


def _figures(row: CheckedFile) -> str:
    report, estimate = row.report, row.estimate
    figures = (
        f"{report.score:.1f}",
        str(report.count("error")),
        str(report.count("warning")),
        "-" if report.covered is None else f"{report.covered:.0%}",
        f"{estimate.success.p50:.0%}",
        show_typical_cost(estimate.cost_usd),
        show_time(estimate.duration_s.p50),
    )
    return "  " + "".join(f"{figure:>10}" for figure in figures)
