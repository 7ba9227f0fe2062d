"""Writes outcomes as text for a terminal."""

from collections.abc import Sequence
from decimal import Decimal

from crewgen_core.console.terminal import cut, harmless, join, list_items, wrap
from crewgen_core.models.calibration import CalibrationReport, ForecastScore, RatioReport
from crewgen_core.models.estimate import CALIBRATED_FROM
from crewgen_core.models.outcome import OutcomeImport, StoredOutcome
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_tokens,
    format_usd,
    format_when,
)

NONE_YET = (
    "There are no outcomes yet. `outcomes for-run RUN --succeeded yes` records what came of a run, "
    "`outcomes add CREW --succeeded yes` what came of one made elsewhere."
)


def describe_outcomes(outcomes: Sequence[StoredOutcome], count: int) -> str:
    """Return a table of outcomes, a line each, with what was predicted."""
    if not count:
        return wrap(NONE_YET)
    heads = f"{'outcome':>7} {'run':>5} {'crew':>5}  {'came':<9}{'predicted':>9} {'cost':>8} {'took':>9}  name"
    lines = [heads]
    for it in outcomes:
        came = "succeeded" if it.succeeded else "failed"
        took = "" if it.duration_s is None else format_seconds(it.duration_s)
        cost = "" if it.cost_usd is None else format_usd(it.cost_usd)
        lines.append(
            f"{it.id:>7} {it.run_id or '':>5} {it.crew_id:>5}  {came:<9}{format_percent(it.predicted.success):>9} "
            f"{cost:>8} {took:>9}  {cut(harmless(it.crew_name), 22)}"
        )
    if count > len(outcomes):
        lines.append(f"\n{len(outcomes):,} of {count:,} outcomes; --limit shows more.")
    return "\n".join(lines)


def describe_outcome(outcome: StoredOutcome) -> str:
    """Return what was recorded, beside what was predicted."""
    where = f"run {outcome.run_id}" if outcome.run_id else "a run made elsewhere"
    came = "succeeded" if outcome.succeeded else "failed"
    rated = f", rated {outcome.rating} of 5" if outcome.rating else ""
    title = (
        f"Outcome {outcome.id}: {where} of crew {outcome.crew_id}, version {outcome.number} "
        f"({outcome.crew_name}), {came}{rated}."
    )
    seconds = outcome.duration_s
    predicted = outcome.predicted
    lines = [
        f"  Success   {came}; {format_percent(predicted.success)} was predicted",
        f"  Cost      {_usd(outcome.cost_usd)}; {_usd(predicted.cost_usd)} was predicted",
        f"  Duration  {'not known' if seconds is None else format_seconds(seconds)}; "
        f"{format_seconds(predicted.duration_s)} was predicted",
        f"  Tokens    {'not known' if outcome.tokens is None else format_tokens(outcome.tokens, unit='')}; "
        f"{format_tokens(predicted.tokens, unit='')} was predicted",
        f"  Ran       {format_when(outcome.ran_at)}",
    ]
    return join(wrap(title), "\n".join(lines), wrap(outcome.comment, 2))


def describe_import(made: OutcomeImport, only_checked: bool) -> str:
    """Return what became of the rows of a file, and why some were left out."""
    recorded = format_count(made.recorded, "outcome")
    counts = f"{made.name}: {format_count(made.rows, 'row')}. " + (
        f"{recorded} would be recorded." if only_checked else f"{recorded} recorded."
    )
    known = (f"row {row.row}: outcome {row.outcome_id}" for row in made.known)
    bad = (f"row {row.row}" + (f", {row.column}" if row.column else "") + f": {row.reason}" for row in made.bad_rows)
    return join(
        wrap(counts),
        list_items("Recorded before (--again records them once more)", known),
        list_items("Bad rows, which are left out", bad),
        list_items("To know", made.notes),
    )


def describe_calibration(report: CalibrationReport) -> str:
    """Return how good forecasts of success were, and by what factors cost and duration missed."""
    if not report.outcomes:
        return wrap(NONE_YET)
    rate = report.succeeded / report.outcomes
    called = "" if report.outcomes >= CALIBRATED_FROM else f"; below {CALIBRATED_FROM} estimates count as uncalibrated"
    lines = [
        _describe_score("Uncorrected", report.raw),
        _describe_score("Corrected", report.corrected),
        f"  {'Base rate':<12}Brier score {rate * (1 - rate):.3f}, always saying {format_percent(rate)}",
        _describe_ratio("Cost", report.cost),
        _describe_ratio("Duration", report.duration),
    ]
    title = f"{format_count(report.outcomes, 'outcome')}, {report.succeeded:,} succeeded{called}."
    return join(wrap(title), "\n".join(filter(None, lines)))


def _describe_score(name: str, score: ForecastScore | None) -> str:
    if score is None:
        return ""
    error = "" if score.calibration_error is None else f", calibration error {score.calibration_error:.3f}"
    return f"  {name:<12}Brier score {score.brier:.3f}{error}"


def _describe_ratio(name: str, report: RatioReport) -> str:
    if not report.pairs:
        return f"  {name:<12}no outcome tells it yet"
    factors, runs = report.factors, format_count(report.outcomes, "run")
    return f"  {name:<12}{factors.p50:.2f} times the prediction ({factors.p10:.2f} to {factors.p90:.2f}), {runs}"


def _usd(amount: Decimal | None) -> str:
    return "not known" if amount is None else format_usd(amount)
